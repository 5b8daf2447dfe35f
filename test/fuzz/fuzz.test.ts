/**
 * Hostile data for all that reads some, from a seed that is printed. Each property has a part of the time; how many cases that makes is the machine's.
 * The seed and the time are chosen by MODEMCTL_FUZZ_SEED and MODEMCTL_FUZZ_MS, as `npm run fuzz` does.
 */
import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, describe, it } from 'vitest';
import { FUZZES } from './properties/index.ts';

/** Of all of them together, without what it takes to start. */
const IN_ALL_MS = 10_000;
/** However slow the machine is. */
const FEWEST = 5;
const MOST = Number.MAX_SAFE_INTEGER;
const totalMs = Number(process.env.MODEMCTL_FUZZ_MS ?? IN_ALL_MS);
const seed = Number(process.env.MODEMCTL_FUZZ_SEED ?? randomInt(2 ** 31));
const eachMs = totalMs / FUZZES.length;
const counts: string[] = [];

describe(`fuzz, seed ${seed}`, () => {
  afterAll(() => console.log(`fuzz, seed ${seed}: ${counts.join(', ')}`));

  it.each(FUZZES)('$name', { timeout: eachMs + 60_000 }, async ({ name, property }) => {
    for (const limits of [{ numRuns: FEWEST }, { numRuns: MOST, interruptAfterTimeLimit: eachMs }]) {
      const outcome = await fc.check(property, { seed: limits.numRuns === FEWEST ? seed : seed + 1, ...limits });
      if (outcome.failed) throw new Error(`${fc.defaultReportMessage(outcome) ?? ''}\n${outcome.errorInstance}`);
      if (limits.numRuns === MOST) counts.push(`${name} ${FEWEST + outcome.numRuns}`);
    }
  });
});
