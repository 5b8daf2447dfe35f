/**
 * A device's own strings. Reading them takes the device lock (drivers/usb/core/sysfs.c), and a program stuck in a request to a wedged device holds that: so a child reads them, with a deadline. The
 * waiting there can be interrupted, so the child dies when it is killed.
 */

import { runBounded } from '../core/bounded-child.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import { cleanString } from './attribute.ts';

export interface DeviceStrings {
  readonly manufacturer: string | null;
  readonly product: string | null;
  readonly serial: string | null;
}

/** All null: what a device without strings has. */
export const NO_STRINGS: DeviceStrings = { manufacturer: null, product: null, serial: null };

/** What was read already, by port path: a device's strings stay the same while it keeps its address. */
export type KnownStrings = Map<string, { readonly address: number; readonly strings: DeviceStrings }>;

/** A sound device answers in some ms; the rest is for a small machine under load, where starting the child alone can take a second. */
const DEADLINE_MS = 3000;

/** dash's own `read` does it without a further process; a string may hold line ends. `+` marks what is there, so that an empty string and none can be told apart. */
const SCRIPT = `cd "$1" || exit 1
for name in manufacturer product serial; do
  if [ -r "$name" ]; then
    printf +
    while IFS= read -r line || [ -n "$line" ]; do printf '%s\\n' "$line"; done <"$name"
    printf '\\000'
  else printf -- '-\\000'; fi
done`;

/**
 * Reads the strings of one device; null when it did not answer in time (it is suspect) or went away.
 * @param path its folder in sysfs
 */
export async function readDeviceStrings(
  path: string,
  options: { clock?: Clock; deadlineMs?: number; signal?: AbortSignal | undefined } = {},
): Promise<DeviceStrings | null> {
  const { clock = systemClock, deadlineMs = DEADLINE_MS, signal } = options;
  const outcome = await runBounded('/bin/sh', ['-c', SCRIPT, 'sh', path], {
    deadlineMs,
    clock,
    signal,
    maxOutput: 8192,
  });
  if (outcome.kind !== 'exit' || outcome.code !== 0) return null;
  const parts = outcome.stdout.toString('utf8').split('\0');
  if (parts.length !== 4) return null;
  const [manufacturer, product, serial] = parts.map((part) =>
    part.startsWith('+') ? cleanString(part.slice(1)) : null,
  );
  return { manufacturer: manufacturer ?? null, product: product ?? null, serial: serial ?? null };
}
