/** What a path is instead of a serial device. It is not opened to find out: that would raise DTR, or wait for a pipe's other end. */
import { realpathSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { SystemRoots } from '../core/system-roots.ts';
import { readBytes } from './attribute.ts';

/** UNIX98 PTY slaves (Documentation/admin-guide/devices.txt, 136-143 char). They have no entry in sysfs. */
const PTY_MAJORS = { first: 136, last: 143 };

/** In words; null for a serial device or a PTY, and where nothing tells. */
export function whyNoSerialDevice(stat: Stats, roots: SystemRoots): string | null {
  if (stat.isDirectory()) return 'a folder';
  if (stat.isFile()) return 'a regular file';
  if (!stat.isCharacterDevice()) return 'no character device';
  const major = (stat.rdev >>> 8) & 0xfff;
  const minor = (stat.rdev & 0xff) | ((stat.rdev >>> 12) & 0xfff00);
  if (major >= PTY_MAJORS.first && major <= PTY_MAJORS.last) return null;
  const kind = kindOfTty(major, minor, roots);
  if (kind === 'serial' || kind === 'pty:slave') return null;
  if (kind !== null) return kind === 'console' ? 'a screen of this computer' : 'a terminal of this computer';
  return isTtyToSysfs(major, minor, roots) === false ? 'a device of another kind' : null;
}

/** `serial`, `console`, `system:/dev/tty`, ... as the kernel's tty drivers tell it (drivers/tty/tty_io.c and fs/proc/proc_tty.c); null: none of them has it, or there is no /proc. */
function kindOfTty(major: number, minor: number, roots: SystemRoots): string | null {
  const lines = readBytes(join(roots.proc, 'tty/drivers'), 65_536)?.toString('latin1').split('\n') ?? [];
  for (const line of lines) {
    const [, , itsMajor, range = '', kind] = line.trim().split(/\s+/);
    const [first, last = first] = range.split('-').map(Number);
    if (kind && Number(itsMajor) === major && first !== undefined && minor >= first && minor <= last!) return kind;
  }
  return null;
}

/** Undefined: there is no sysfs to judge by, opening will tell. */
function isTtyToSysfs(major: number, minor: number, roots: SystemRoots): boolean | undefined {
  try {
    return /\/tty\/[^/]+$/.test(realpathSync(join(roots.sys, 'dev/char', `${major}:${minor}`)));
  } catch {
    return undefined;
  }
}
