/** Medians and ratios of measurements that were taken in turns. */

/** The value below which the given share of the samples lies (0.5: the median). */
export function quantile(samples, share) {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export function median(samples) {
  return quantile(samples, 0.5);
}

/** Of two series taken in turns: the median of the ratios turn by turn, and the quartiles around it. What slows the machine for a while slows both, and cancels out. */
export function ratioOf(samples, baseline) {
  const ratios = samples.map((sample, turn) => sample / baseline[turn]);
  return { ratio: median(ratios), low: quantile(ratios, 0.25), high: quantile(ratios, 0.75) };
}

/** Without so many turns there is no median worth the name. */
const FEWEST_TURNS = 5;

/**
 * Runs all cases once in each turn, every turn beginning with another case, so that none always follows the same one.
 * @param measures one function a case; it returns one measurement
 * @param most turns; on a busy machine it ends after `limitMs`
 * @returns the measurements, by case and turn; the first turn warms up and does not count
 */
export async function inTurns(measures, { most, limitMs }) {
  const samples = measures.map(() => []);
  const deadline = performance.now() + limitMs;
  for (let turn = -1; turn < most && (turn < FEWEST_TURNS || performance.now() < deadline); turn++) {
    for (let step = 0; step < measures.length; step++) {
      const index = (step + turn + 1) % measures.length;
      const sample = await measures[index]();
      if (turn >= 0) samples[index].push(sample);
    }
  }
  return samples;
}
