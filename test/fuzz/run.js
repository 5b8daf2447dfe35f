/**
 * A long fuzz: the properties of `npm test`, for minutes instead of seconds.
 *
 *     node test/fuzz/run.js [--minutes N] [--seed N]
 */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

const DEFAULT_MINUTES = 10;

const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } });
const minutes = Number(values.minutes ?? DEFAULT_MINUTES);
const seed = Number(values.seed ?? randomInt(2 ** 31));
if (!(minutes > 0) || !Number.isInteger(seed)) {
  console.error('--minutes is a number above 0, --seed a whole number');
  process.exit(2);
}
console.log(`Fuzz of ${minutes} minutes, seed ${seed}`);
const env = { ...process.env, MODEMCTL_FUZZ_MS: String(minutes * 60_000), MODEMCTL_FUZZ_SEED: String(seed) };
const child = spawn('vitest', ['run', 'test/fuzz'], { env, stdio: 'inherit' });
child.on('exit', (code, signal) => {
  process.exitCode = signal ? 1 : (code ?? 1);
});
