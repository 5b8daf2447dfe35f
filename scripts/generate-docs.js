// Writes what the documentation has from the code: tables of README.md, docs/modems.md, docs/reference.md, the man page. `--check` only tells whether they are up to date.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { COMMANDS } from '../dist/cli/commands/index.js';
import { manPage } from '../dist/cli/man.js';
import { modemsPage } from './docs/modems.js';
import { exitCodeTable, referencePage, stepTable } from './docs/reference.js';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

/** Puts a table between `<!-- NAME: ... -->` and `<!-- end -->`. */
const fill = (text, name, table) =>
  text.replace(
    new RegExp(`(<!-- ${name}:.*-->\n)[^]*?(<!-- end -->)`),
    (_whole, begin, end) => `${begin}${table.join('\n')}\n${end}`,
  );

const readme = fill(readFileSync('README.md', 'utf8'), 'exit codes', exitCodeTable());
const documents = {
  'README.md': fill(readme, 'steps', stepTable()),
  'man/modemctl.1': manPage(COMMANDS, version),
  'docs/modems.md': modemsPage(),
  'docs/reference.md': referencePage(),
};

for (const [path, text] of Object.entries(documents)) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  if (process.argv.includes('--check')) {
    process.stderr.write(`${path} is not up to date: npm run docs\n`);
    process.exitCode = 1;
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
