/**
 * The first file that runs. What is asked most, `--help` and `--version`, is answered from text that was made when the program was built; for everything else the program is loaded.
 */
import { writeSync } from 'node:fs';
import { stdoutHint } from './stdout-hint.ts';

/** By option; scripts/build.js has the program print them, and puts them here. */
declare const ANSWERS: Readonly<Record<string, string>>;

const [option, ...more] = process.argv.slice(2);
if (option !== undefined && more.length === 0 && Object.hasOwn(ANSWERS, option)) tell(Buffer.from(ANSWERS[option]!));
else require('./program.cjs');

function tell(text: Buffer): void {
  let sent = 0;
  try {
    // Not process.stdout: to make it takes Node a fifth of its whole start-up.
    sent = writeSync(1, text);
  } catch {
    // A pipe that is full and does not block (the stream knows how to wait), or that nobody reads any more (which ends us silently).
  }
  if (sent === text.length) return;
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    // Whoever reads may have gone already: that ends us, silently.
    if (code === 'EPIPE') return;
    process.stderr.write(`error: stdout cannot be written: ${message}. [HELPER]\n${stdoutHint(code)}\n`);
    process.exitCode = 8;
  });
  process.stdout.write(text.subarray(sent));
}
