/** Waiting for any modem, for `detect --wait`. */
import { join } from 'node:path';
import { systemClock } from '../core/clock.ts';
import { systemRoots } from '../core/system-roots.ts';
import { listVirtualModems } from '../core/virtual-registry.ts';
import { DevHint } from './dev-hint.ts';
import { listModems } from './list-modems.ts';
import type { ModemInfo } from './modem-info.ts';
import { pause, type WaitOptions } from './presence.ts';
import { listUsbDevices } from './sysfs.ts';
import { ttyAccess } from './tty-facts.ts';

/** A node that was just made belongs to root only until udev has looked at it. */
const RIGHTS_MS = 2000;

/**
 * Waits until a usable modem is there, and returns what is there then, or when the time is up. One that may not be opened counts too, but only when its rights have not come within 2 s.
 */
export async function waitForAny(options: WaitOptions): Promise<ModemInfo[]> {
  const { clock = systemClock, roots = systemRoots, signal, deadlineMs } = options;
  const hint = new DevHint(roots.dev);
  const begin = clock.now();
  let seen: string | null = null;
  let modems: ModemInfo[] = [];
  let deniedSince: number | null = null;
  try {
    for (;;) {
      const now = clock.now();
      const view = fingerprint(options);
      // The whole look asks devices for their strings: only when something changed.
      if (view !== seen) {
        modems = await listModems(options);
        seen = view;
      }
      const usable = modems.filter((info) => info.usable);
      if (usable.some((info) => info.state !== 'denied')) return modems;
      deniedSince = usable.length > 0 ? (deniedSince ?? now) : null;
      const elapsed = now - begin;
      if (elapsed >= deadlineMs || (deniedSince !== null && now - deniedSince >= RIGHTS_MS)) return modems;
      await hint.wait(clock, Math.min(pause(elapsed), deadlineMs - elapsed), signal);
    }
  } finally {
    hint.close();
  }
}

function fingerprint(options: WaitOptions): string {
  const roots = options.roots ?? systemRoots;
  const real = listUsbDevices(roots).map((device) => [
    device.port,
    device.address,
    device.authorized,
    device.interfaces.map((face) => [
      face.name,
      face.driver,
      ...face.ttys.map((tty) => ttyAccess(join(roots.dev, tty))),
    ]),
  ]);
  const virtual = listVirtualModems(options.virtualFolder).map((entry) => [entry.name, entry.plugged, entry.tty]);
  return JSON.stringify([real, virtual]);
}
