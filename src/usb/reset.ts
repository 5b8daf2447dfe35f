/**
 * USBDEVFS_RESET in a child process: the call can hang as long as the device does, and then nothing but time ends it. Whether the reset helped is not decided here: only an answered AT tells.
 */
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { runBounded } from '../core/bounded-child.ts';
import { type Clock, sleep, systemClock } from '../core/clock.ts';
import { packageRoot } from '../core/package-root.ts';
import { type SystemRoots, systemRoots } from '../core/system-roots.ts';
import { canRunTheirArm } from '../native/arm-board.ts';
import { failureOf, RESET_EXIT, type UsbFailure } from '../native/usb.ts';
import { readUsbIdentity, type UsbIdentity, usbfsNode } from './sysfs.ts';

/** Which device: found anew by its port each time, for bus and address change with every replug. */
export interface ResetTarget {
  /** USB port path. */
  readonly id: string;
  readonly vendorId: string;
  readonly productId: string;
}

export type ResetOutcome =
  | { readonly ok: true; readonly by: 'usb' | 'perl'; readonly elapsedMs: number }
  | {
      readonly ok: false;
      readonly reason: UsbFailure | 'timeout';
      readonly detail: string;
      readonly elapsedMs: number;
    };

export interface ResetOptions {
  /** Default 15 s: an emulated bus takes 0.3 s, a full-speed modem behind two hubs some seconds. */
  readonly deadlineMs?: number;
  readonly clock?: Clock;
  readonly roots?: SystemRoots;
  readonly signal?: AbortSignal | undefined;
  /** The programs that do it, bus and address (for `usb`) or the usbfs node (for `perl`) being appended. A test puts its own here. */
  readonly ways?: readonly ResetWay[];
}

export interface ResetWay {
  readonly by: 'usb' | 'perl';
  readonly command: string;
  readonly args: readonly string[];
}

const DEADLINE_MS = 15_000;
const LOOK_AGAIN_MS = 100;

/** USBDEVFS_RESET, `_IO('U', 20)` of include/uapi/linux/usbdevice_fs.h, with the errno as exit code. */
const PERL = `open(F,"+<",$ARGV[0]) && defined(ioctl(F,0x5514,0)) or do { print STDERR "$!"; exit($!+0) }`;

/** Needs no package of ours: perl-base is on every Debian. */
export const perlWay: ResetWay = { by: 'perl', command: 'perl', args: ['-e', PERL] };

function defaultWays(): ResetWay[] {
  if (!canRunTheirArm()) return [perlWay];
  const entry = join(packageRoot(), 'dist', 'native', 'usb-reset-child.js');
  // perl first: it does the one call and nothing else, and runs within milliseconds. The package wants a Node of its own, a second on a small machine, and looks at every device first, a wedged one included.
  return [perlWay, { by: 'usb', command: process.execPath, args: [entry] }];
}

/**
 * Resets the device. It comes back under the same port path, perhaps as another tty; whoever has its tty open must leave it at once (see presence.ts for waiting).
 */
export async function resetUsbDevice(target: ResetTarget, options: ResetOptions = {}): Promise<ResetOutcome> {
  const { deadlineMs = DEADLINE_MS, clock = systemClock, roots = systemRoots, signal, ways = defaultWays() } = options;
  const begin = clock.now();
  const elapsed = () => Math.round(clock.now() - begin);
  const fail = (reason: UsbFailure | 'timeout', detail: string): ResetOutcome => ({
    ok: false,
    reason,
    detail,
    elapsedMs: elapsed(),
  });

  let detail = 'no way to do it on this machine';
  for (const way of ways) {
    const device = await findSettled(target, roots, clock, deadlineMs - elapsed(), signal);
    if (!device) return fail('gone', `no ${target.vendorId}:${target.productId} at USB port ${target.id}`);
    const where = way.by === 'usb' ? [String(device.bus), String(device.address)] : [usbfsNode(device, roots)];
    const left = deadlineMs - elapsed();
    if (left <= 0) return fail('timeout', `a reset is under way already, and not done within ${deadlineMs} ms`);
    // Reading a locale would take perl as long as all the rest.
    const env = { LC_ALL: 'C' };
    const outcome = await runBounded(way.command, [...way.args, ...where], { deadlineMs: left, clock, signal, env });
    if (outcome.kind === 'timeout') return fail('timeout', `the reset did not come back within ${deadlineMs} ms`);
    if (outcome.kind === 'exit' && outcome.code === 0) return { ok: true, by: way.by, elapsedMs: elapsed() };
    detail = outcome.kind === 'exit' ? lastLine(outcome.stderr) : `${way.command} cannot be started (${outcome.errno})`;
    const reason = outcome.kind === 'exit' ? reasonOf(way, outcome.code) : null;
    if (reason !== null) return fail(reason, detail);
    // This way is not to be had here (no binary for this machine, no perl): try the next.
  }
  return fail('failed', detail);
}

/** Null: the way itself is not usable, which says nothing about the device. */
function reasonOf(way: ResetWay, code: number | null): UsbFailure | null {
  if (way.by === 'perl') return failureOf(code ?? 0);
  if (code === RESET_EXIT.denied) return 'denied';
  if (code === RESET_EXIT.gone) return 'gone';
  return code === RESET_EXIT.failed ? 'failed' : null;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.slice(0, 200) || 'no reason given';
}

function find(target: ResetTarget, roots: SystemRoots): UsbIdentity | null {
  const device = readUsbIdentity(target.id, roots);
  return device && device.vendorId === target.vendorId && device.productId === target.productId ? device : null;
}

/** While a reset by somebody else lasts, the kernel takes the device's address away; it is waited for, at most so long. */
async function findSettled(
  target: ResetTarget,
  roots: SystemRoots,
  clock: Clock,
  limitMs: number,
  signal: AbortSignal | undefined,
): Promise<UsbIdentity | null> {
  const begin = clock.now();
  for (;;) {
    const device = find(target, roots);
    if (device?.address !== 0 || clock.now() - begin >= limitMs) return device;
    await sleep(clock, LOOK_AGAIN_MS, signal);
  }
}

export type ResetRights =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'denied' | 'gone'; readonly detail: string };

/** Has this process the rights for a reset? Asked before the ladder's first step, so that nobody waits for a last step that cannot be taken. */
export function canReset(target: ResetTarget, roots: SystemRoots = systemRoots): ResetRights {
  const device = find(target, roots);
  if (!device) return { ok: false, reason: 'gone', detail: `nothing at USB port ${target.id}` };
  const node = usbfsNode(device, roots);
  try {
    accessSync(node, constants.R_OK | constants.W_OK);
    return { ok: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return { ok: false, reason: 'gone', detail: `${node} does not exist` };
    }
    return { ok: false, reason: 'denied', detail: `no right to write to ${node}` };
  }
}
