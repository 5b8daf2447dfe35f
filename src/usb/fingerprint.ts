/** A cheap picture of what is plugged in: no child process, no look at /proc, two system calls or so for each device. While it stays the same, so does what discovery would say (but for who holds a modem). */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { SystemRoots } from '../core/system-roots.ts';
import { listVirtualModems } from '../core/virtual-registry.ts';
import { listFolder, readAttribute } from './attribute.ts';
import { isPortPath, TTY_NAME } from './sysfs.ts';
import { ttyAccess } from './tty-facts.ts';

/** Two of them differ when something was plugged in or out, was given or lost a driver's tty, or may now be opened by us. */
export function fingerprint(roots: SystemRoots, virtualFolder?: string): string {
  const folder = join(roots.sys, 'bus/usb/devices');
  // A device that was plugged in anew has another address. Its interfaces are named here too, so that a lost configuration shows.
  const devices = listFolder(folder).map((name) =>
    isPortPath(name) ? [name, readAttribute(join(folder, name, 'devnum'))] : name,
  );
  // A driver that comes or goes is seen by its tty; that one came in another's place, by its node.
  const ttys = listFolder(roots.dev)
    .filter((name) => TTY_NAME.test(name))
    .map((name) => [name, ...describeNode(join(roots.dev, name))]);
  const virtual = listVirtualModems(virtualFolder).map(({ name, pid, plugged, pluggings, tty }) => [
    name,
    pid,
    plugged,
    pluggings,
    tty,
  ]);
  return JSON.stringify([devices, ttys, virtual]);
}

function describeNode(path: string): (string | number)[] {
  try {
    // The time of the last change of its owner, rights or ACL; reading and writing do not count.
    const { ino, ctimeMs } = statSync(path);
    return [ino, ctimeMs, ttyAccess(path)];
  } catch {
    return [];
  }
}
