/**
 * A long fuzz: the properties of `npm test`, for minutes instead of seconds.
 *
 *     node test/fuzz/run.js [--minutes N] [--seed N]
 */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { runOptions } from '../support/run-options.js';

const DEFAULT_MINUTES = 10;
/** Of 32 bits of milliseconds, with room for a property's own minute. */
const MOST_MINUTES = 24 * 24 * 60;
const USAGE = `Usage: npm run fuzz -- [--minutes N] [--seed N]

  --minutes N  how long (default ${DEFAULT_MINUTES})
  --seed N     a whole number, as an earlier run printed it: the same cases again
`;

const { minutes: givenMinutes = DEFAULT_MINUTES, seed: givenSeed = randomInt(2 ** 31) } = runOptions(
  USAGE,
  ['minutes', 'seed'],
  ({ minutes = DEFAULT_MINUTES, seed = 0 }) => {
    if (!(Number(minutes) > 0 && Number(minutes) <= MOST_MINUTES))
      return `--minutes is a number above 0, of ${MOST_MINUTES} at most`;
    return seed !== '' && Number.isSafeInteger(Number(seed)) ? null : '--seed is a whole number';
  },
);
const minutes = Number(givenMinutes);
const seed = Number(givenSeed);
console.log(`Fuzz of ${minutes} minutes, seed ${seed}`);
const env = { ...process.env, MODEMCTL_FUZZ_MS: String(minutes * 60_000), MODEMCTL_FUZZ_SEED: String(seed) };
const child = spawn('vitest', ['run', 'test/fuzz'], { env, stdio: 'inherit' });
child.on('exit', (code, signal) => {
  process.exitCode = signal ? 1 : (code ?? 1);
});
