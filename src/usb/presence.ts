/**
 * Coming and going. A modem that was reset or plugged in again is found by its port, step by step: the device is there, its interface is bound, the tty has a node, the node can be opened (udev sets
 * its rights some ms later). And it must be the same device: what sits there now may be another one that was given the port.
 */
import { join } from 'node:path';
import { systemClock } from '../core/clock.ts';
import { ModemctlError } from '../core/errors.ts';
import { systemRoots } from '../core/system-roots.ts';
import { listVirtualModems } from '../core/virtual-registry.ts';
import { Hints } from './hints.ts';
import { describeDevice, type ListOptions, readModem } from './list-modems.ts';
import type { ModemInfo } from './modem-info.ts';
import { readUsbDevice, readUsbIdentity, type UsbDevice } from './sysfs.ts';
import { ttyAccess } from './tty-facts.ts';

/** What makes a modem this one. */
export interface Identity {
  /** USB port path, or a virtual modem's name. */
  readonly id: string;
  readonly vendorId: string;
  readonly productId: string;
  /** Null: it has none, or it could not be read; then the ids must do. */
  readonly serial: string | null;
}

export interface WaitOptions extends Omit<ListOptions, 'all' | 'useUsbPackage'> {
  readonly deadlineMs: number;
}

/** How far it got. */
export type Stage = 'absent' | 'unbound' | 'no-tty' | 'denied';

export type Presence =
  | { readonly kind: 'ready'; readonly info: ModemInfo }
  /** The time was up, or rights did not come. */
  | { readonly kind: 'late'; readonly stage: Stage };

/** udev's rules run within milliseconds of the node's appearance; who has no right after this long has none (2 s also on a Pi under load). */
const RIGHTS_MS = 2000;

/** An id alone: whatever is there. */
type Wanted = Identity | Pick<Identity, 'id'>;

/**
 * Waits until the modem can be opened.
 * @throws ModemctlError GONE: another device is at its place
 */
export async function waitForModem(wanted: Wanted, options: WaitOptions): Promise<Presence> {
  const { clock = systemClock, roots = systemRoots, signal, deadlineMs } = options;
  const begin = clock.now();
  let deniedSince: number | null = null;
  let hints: Hints | null = null;
  try {
    for (;;) {
      const { stage, device } = look(wanted, options);
      const now = clock.now();
      if (stage === 'ready') {
        const unheld = { ...options, holders: false };
        const info = await (device ? describeDevice(device, unheld) : readModem(wanted.id, unheld));
        if (info?.usable) {
          assertSame(wanted, info);
          return { kind: 'ready', info };
        }
      }
      deniedSince = stage === 'denied' ? (deniedSince ?? now) : null;
      const elapsed = now - begin;
      const refused = deniedSince !== null && now - deniedSince >= RIGHTS_MS;
      if (elapsed >= deadlineMs || refused) return { kind: 'late', stage: stage === 'ready' ? 'absent' : stage };
      // After a reset it is there at the first look, most often; what comes between that and the first hint is seen by another.
      if (hints) await hints.wait(clock, Math.min(pause(elapsed), deadlineMs - elapsed), signal);
      else hints = new Hints(roots, options.virtualFolder);
    }
  } finally {
    hints?.close();
  }
}

/** Waits until the device is away from its port, or has been given another address there. False: it is still there when the time is up. */
export async function waitUntilGone(
  target: { readonly id: string; readonly address: number | null },
  options: WaitOptions,
): Promise<boolean> {
  const { clock = systemClock, roots = systemRoots, signal, deadlineMs } = options;
  const hints = new Hints(roots, options.virtualFolder);
  const begin = clock.now();
  try {
    for (;;) {
      if (isGone(target, options)) return true;
      const elapsed = clock.now() - begin;
      if (elapsed >= deadlineMs) return false;
      await hints.wait(clock, Math.min(pause(elapsed), deadlineMs - elapsed), signal);
    }
  } finally {
    hints.close();
  }
}

/** Waiting gets lazier: quick while a reset is being recovered from, once a second in the end, so that an idle service does not wake more often. */
export function pause(elapsedMs: number): number {
  if (elapsedMs < 5000) return 50;
  return elapsedMs < 30_000 ? 250 : 1000;
}

function isGone(target: { readonly id: string; readonly address: number | null }, options: WaitOptions): boolean {
  const virtual = listVirtualModems(options.virtualFolder).find((entry) => entry.name === target.id);
  if (virtual) return !virtual.plugged;
  return (readUsbIdentity(target.id, options.roots)?.address ?? null) !== target.address || target.address === null;
}

/** What one look showed; the device where it is a real one. */
interface Sight {
  readonly stage: Stage | 'ready';
  readonly device?: UsbDevice;
}

/** One look, lock-free. */
function look(wanted: Wanted, options: WaitOptions): Sight {
  const roots = options.roots ?? systemRoots;
  const virtual = listVirtualModems(options.virtualFolder).find((entry) => entry.name === wanted.id);
  if (virtual) {
    if (!virtual.plugged) return { stage: 'absent' };
    assertSame(wanted, virtual);
    return { stage: virtual.tty === null ? 'no-tty' : lookAtTty(virtual.tty) };
  }
  const device = readUsbDevice(wanted.id, roots);
  if (!device) return { stage: 'absent' };
  assertSame(wanted, { ...device, serial: null });
  if (!device.interfaces.some((face) => face.driver !== null)) return { stage: 'unbound' };
  const tty = device.interfaces.flatMap((face) => face.ttys)[0];
  return { stage: tty === undefined ? 'no-tty' : lookAtTty(join(roots.dev, tty)), device };
}

function lookAtTty(path: string): Stage | 'ready' {
  const access = ttyAccess(path);
  if (access === 'missing') return 'no-tty';
  return access === 'ok' ? 'ready' : 'denied';
}

/** What is at a modem's port now may be another one that was given the port. */
export function isSameDevice(wanted: Omit<Identity, 'id'>, found: Omit<Identity, 'id'>): boolean {
  const sameIds = found.vendorId === wanted.vendorId && found.productId === wanted.productId;
  const sameSerial = found.serial === null || wanted.serial === null || found.serial === wanted.serial;
  return sameIds && sameSerial;
}

/** @throws ModemctlError GONE */
function assertSame(wanted: Wanted, found: Omit<Identity, 'id'>): void {
  if (!('vendorId' in wanted) || isSameDevice(wanted, found)) return;
  const name = (identity: Omit<Identity, 'id'>) =>
    `${identity.vendorId}:${identity.productId}${identity.serial === null ? '' : ` serial ${identity.serial}`}`;
  throw new ModemctlError('GONE', `the modem ${name(wanted)} is gone: ${name(found)} is at ${wanted.id} now`, {
    hint: 'modemctl detect',
    details: { id: wanted.id, wanted: name(wanted), found: name(found) },
  });
}
