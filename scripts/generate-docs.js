// Writes what the documentation has from the code: the table of exit codes in README.md, docs/modems.md, the man page. `--check` only tells whether they are up to date.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { COMMANDS } from '../dist/cli/commands/index.js';
import { manPage } from '../dist/cli/man.js';
import { EXIT_CODES } from '../dist/core/errors.js';
import { findModels, idsOf, VERDICTS, verdictOf } from '../dist/usb/catalogue/verdict.js';

const rows = Object.entries(EXIT_CODES).map(([name, { exit, meaning }]) => `| ${exit} | ${name} | ${meaning} |`);
const table = [
  '| code | name | meaning |',
  '|---|---|---|',
  '| 0 | | done |',
  ...rows,
  '| 128+n | SIGINT, ... | ended by signal n |',
];

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const readme = readFileSync('README.md', 'utf8').replace(
  /(<!-- exit codes:.*-->\n)[\s\S]*?(<!-- end -->)/,
  (_whole, begin, end) => `${begin}${table.join('\n')}\n${end}`,
);
const documents = { 'README.md': readme, 'man/modemctl.1': manPage(COMMANDS, version), 'docs/modems.md': modemsPage() };

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

/** Which modem works, for people who are about to buy one. */
function modemsPage() {
  const titles = { works: 'Works', never: 'Never works', unknown: 'Nobody has told' };
  const lines = [
    '# Which modem',
    '',
    '<!-- generated from src/usb/catalogue by `npm run docs` -->',
    '',
    'Decide by the USB id (`lsusb`), never by the brand: the Hiro H50228 works and the Hiro H50113 never will; the USR5637 works and its successor,',
    'the USR5639, is a softmodem. A *softmodem* (winmodem) left its signal processing to a Windows driver; no Linux driver exists for those sold on USB.',
    '"Sure" tells how well identity and driver are known; the sources are public.',
  ];
  for (const verdict of VERDICTS) {
    lines.push(
      '',
      `## ${titles[verdict]}`,
      '',
      '| USB id | model | chip | driver | sure | sources |',
      '|---|---|---|---|---|---|',
    );
    for (const row of findModels().filter((candidate) => verdictOf(candidate) === verdict)) {
      const names = [row.model, ...row.aliases].join('; ');
      const cells = [idsOf(row) ?? '', names, row.chip ?? '', row.driver ?? '', row.confidence, row.sources.join('; ')];
      lines.push(`| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}
