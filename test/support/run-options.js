/** The command line of a long run (soak, fuzz): one sentence for a wrong one, and help. */
import { parseArgs } from 'node:util';

/**
 * The values of options that each take one, or the end of the process: with 0 after `--help`, with 2 where the command line is wrong.
 * @param {string} usage what `--help` prints
 * @param {string[]} names of the options, without their dashes
 * @param {(values: Record<string, string | undefined>) => string | null} fault what is wrong with the values, in words
 */
export function runOptions(usage, names, fault) {
  const values = read(usage, names);
  const wrong = fault(values);
  if (wrong !== null) refuse(usage, wrong);
  return values;
}

function read(usage, names) {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } } });
    if (!values.help) return values;
  } catch (error) {
    return refuse(usage, error.message.split(/[.\n]/)[0].replaceAll("'", '"'));
  }
  process.stdout.write(usage);
  return process.exit(0);
}

function refuse(usage, sentence) {
  process.stderr.write(`error: ${sentence}.\n${usage.split('\n')[0]}\n`);
  process.exit(2);
}
