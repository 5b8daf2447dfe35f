/** Whether memory is flat: the slope of a line through the samples after warm-up. */

/** Code is compiled and tables are filled in the first part of a run, and in no less than ten minutes. */
const WARM_UP = 0.4;
const WARM_UP_MS = 600_000;
/** What is left must be long enough to tell a slope from a call that is up. */
const SHORTEST_MS = 180_000;
/** What the heap in use may grow in a minute. A service has about ten calls and thirty looks at its modem in it, the library seventy calls, and the serialport package keeps 0.4 kB of each port: 13 to 37 kB were seen, and 98 when ports were kept whole. */
export const BOUND_KB_A_MINUTE = 80;

/**
 * @param samples pairs of time in ms and kB
 * @returns kB a minute, or null where there are too few samples to tell
 */
export function slope(samples) {
  const [first, last] = [samples[0]?.[0] ?? 0, samples.at(-1)?.[0] ?? 0];
  const from = first + Math.max(WARM_UP_MS, (last - first) * WARM_UP);
  const used = samples.filter(([at]) => at >= from);
  if (used.length < 2 || last - from < SHORTEST_MS) return null;
  const meanX = used.reduce((sum, [x]) => sum + x, 0) / used.length;
  const meanY = used.reduce((sum, [, y]) => sum + y, 0) / used.length;
  const over = used.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const under = used.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return (over / under) * 60_000;
}
