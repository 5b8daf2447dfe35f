/** Durations as people type them. */
import { ModemctlError } from './errors.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, '': 1000 };

/** The longest duration taken: setTimeout's own limit, 24 days. */
const MAX_MS = 2 ** 31 - 1;

/**
 * `500ms`, `3s`, `2m`, `1h`; a bare number is seconds.
 * @returns milliseconds
 * @throws ModemctlError USAGE
 */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|)$/.exec(text.trim());
  const duration = match ? Number(match[1]) * (UNITS[match[2] ?? ''] ?? Number.NaN) : Number.NaN;
  if (!(duration <= MAX_MS)) {
    throw new ModemctlError('USAGE', `"${text}" is not a duration`, {
      hint: 'Write 500ms, 3s, 2m, or a number of seconds.',
    });
  }
  return Math.round(duration);
}

/** For people: `350 ms`, `2.4 s`, `61 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}
