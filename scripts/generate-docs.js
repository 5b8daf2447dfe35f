// Writes what the documentation has from the code: the table of exit codes in README.md. `--check` only tells whether it is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { EXIT_CODES } from '../dist/core/errors.js';

const rows = Object.entries(EXIT_CODES).map(([name, { exit, meaning }]) => `| ${exit} | ${name} | ${meaning} |`);
const table = [
  '| code | name | meaning |',
  '|---|---|---|',
  '| 0 | | done |',
  ...rows,
  '| 128+n | SIGINT, ... | ended by signal n |',
];

const readme = readFileSync('README.md', 'utf8');
const written = readme.replace(
  /(<!-- exit codes:.*-->\n)[\s\S]*?(<!-- end -->)/,
  (_whole, begin, end) => `${begin}${table.join('\n')}\n${end}`,
);
if (process.argv.includes('--check')) {
  if (written !== readme) {
    process.stderr.write('README.md is not up to date: npm run docs\n');
    process.exit(1);
  }
} else {
  writeFileSync('README.md', written);
}
