/** Binding the driver to an interface that lost it (somebody unbound it, or a recovery step did). Needs root. The write takes the device lock, so a child does it, with a deadline. */
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { runBounded } from '../core/bounded-child.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import { type SystemRoots, systemRoots } from '../core/system-roots.ts';
import { listFolder } from './attribute.ts';
import { isAcmInterface } from './descriptors.ts';
import { needsNewId } from './modem-state.ts';
import { readUsbDevice } from './sysfs.ts';

export type BindOutcome =
  | { readonly ok: true; readonly interfaceName: string }
  | {
      readonly ok: false;
      /** `not-needed`: bound already. `no-driver`: `cdc_acm` is not loaded, or only `new_id` would help. */
      readonly reason: 'not-needed' | 'no-driver' | 'gone' | 'denied' | 'failed' | 'timeout';
      readonly detail: string;
    };

export interface BindOptions {
  /** Default 5 s. */
  readonly deadlineMs?: number;
  readonly clock?: Clock;
  readonly roots?: SystemRoots;
  readonly signal?: AbortSignal | undefined;
}

const SCRIPT = 'printf %s "$1" >"$2"';

/** Binds `cdc_acm` to the unbound CDC-ACM interface of the device at a USB port. */
export async function bindDriver(target: { readonly id: string }, options: BindOptions = {}): Promise<BindOutcome> {
  const { deadlineMs = 5000, clock = systemClock, roots = systemRoots, signal } = options;
  const device = readUsbDevice(target.id, roots);
  if (!device) return { ok: false, reason: 'gone', detail: `nothing at USB port ${target.id}` };
  const face = device.interfaces.find(isAcmInterface);
  if (!face) return { ok: false, reason: 'no-driver', detail: 'it has no interface that cdc_acm drives' };
  if (face.driver !== null) return { ok: false, reason: 'not-needed', detail: `${face.driver} is bound` };
  if (needsNewId(device)) return { ok: false, reason: 'no-driver', detail: 'cdc_acm does not know its id' };
  const folder = join(roots.sys, 'bus/usb/drivers/cdc_acm');
  if (!listFolder(folder).includes('bind')) {
    return { ok: false, reason: 'no-driver', detail: 'cdc_acm is not loaded' };
  }
  try {
    accessSync(join(folder, 'bind'), constants.W_OK);
  } catch {
    return { ok: false, reason: 'denied', detail: 'only root may bind a driver' };
  }
  const outcome = await runBounded('/bin/sh', ['-c', SCRIPT, 'sh', face.name, join(folder, 'bind')], {
    deadlineMs,
    clock,
    signal,
  });
  if (outcome.kind === 'exit' && outcome.code === 0) return { ok: true, interfaceName: face.name };
  if (outcome.kind === 'timeout') {
    return { ok: false, reason: 'timeout', detail: `the kernel did not come back within ${deadlineMs} ms` };
  }
  const detail = outcome.kind === 'exit' ? outcome.stderr.trim().slice(0, 200) : outcome.errno;
  return { ok: false, reason: 'failed', detail };
}
