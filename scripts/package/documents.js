// What dpkg and people read about the package: control file, changelog, copyright (DEP-5).
import { existsSync, readFileSync } from 'node:fs';
import { licenceOf } from './modules.js';

const own = JSON.parse(readFileSync('package.json', 'utf8'));

/** As Debian compares them, `1.0.0~rc.1` comes before `1.0.0`. */
export const VERSION = own.version.replace('-', '~');

/** package.json's author; without one a host that cannot exist (RFC 2606). */
export const MAINTAINER =
  typeof own.author === 'string' ? own.author : 'The modemctl maintainers <maintainers@modemctl.invalid>';

/** @param installedSize in KiB */
export function controlFile({ architecture, depends, installedSize }) {
  const is32BitArm = architecture === 'armhf';
  const fields = {
    Package: 'modemctl',
    Version: VERSION,
    Architecture: architecture,
    Maintainer: MAINTAINER,
    'Installed-Size': installedSize,
    Depends: depends.join(', '),
    // The Node that an armhf package brings gets no more updates: Debian's own is better where there is one.
    Recommends: ['udev', 'lrzsz', ...(is32BitArm ? ['nodejs (>= 20.19)'] : [])].join(', '),
    Suggests: ['ppp', 'uhubctl', ...(is32BitArm ? [] : ['nodejs (>= 20.19)'])].join(', '),
    Section: 'comm',
    Priority: 'optional',
    Description: [
      'make a USB dial-up modem a dependable part of the system',
      ' modemctl finds USB dial-up modems (USR5637, TrendNet TFM-561U and other',
      ' controller modems), talks AT to them so that scripts can trust the answer,',
      ' calls and is called (terminal, PPP, login, scripts), and brings a modem that',
      ' hangs back, with proof. Virtual modems to try it with are in the box.',
      ' .',
      ' It runs on the Node.js of the system where that is 20.19 or newer, else on',
      ' the one that comes with this package.',
    ].join('\n'),
  };
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
}

/** Debian's form of CHANGELOG.md (keepachangelog.com: `## [1.2.3] - 2026-01-31`), or, while there is none, of this version alone. */
export function changelog(epoch) {
  const text = existsSync('CHANGELOG.md') ? readFileSync('CHANGELOG.md', 'utf8') : '';
  const releases = text.split(/^## /m).slice(1).flatMap(releaseOf);
  if (releases[0]?.version !== VERSION) releases.unshift({ version: VERSION, date: null, changes: ['See README.md.'] });
  return releases
    .map(({ version, date, changes }) => {
      const when = date ? new Date(`${date}T12:00:00Z`) : new Date(epoch * 1000);
      const items = changes.map((change) => `  * ${wrap(change)}\n`).join('');
      return `modemctl (${version}) unstable; urgency=medium\n\n${items}\n -- ${MAINTAINER}  ${when.toUTCString().replace('GMT', '+0000')}\n`;
    })
    .join('\n');
}

function releaseOf(section) {
  const [, version, date] = /^\[?v?(\d+\.\d+\.\d+[\w.-]*)\]?(?:.*?(\d{4}-\d\d-\d\d))?/.exec(section) ?? [];
  if (!version) return [];
  const changes = section
    .split(/^[-*] /m)
    .slice(1)
    .map((item) =>
      item
        .split(/\n\s*\n|\n#/)[0]
        .replace(/\s+/g, ' ')
        .trim(),
    );
  return [
    {
      version: version.replace('-', '~'),
      date: date ?? null,
      changes: changes.length > 0 ? changes : ['See README.md.'],
    },
  ];
}

/** Lines of at most 76 characters, indented as a changelog's items are. */
function wrap(text) {
  return text.replace(/(.{1,74})(\s+|$)/g, '$1\n    ').trim();
}

/** Names of licences: npm's (SPDX), and DEP-5's. Their texts are taken from the packages. */
const LICENCES = { MIT: 'Expat', 'BSD-3-Clause': 'BSD-3-clause' };

/** Who wrote what is in it, from the licences that came with each package. */
export function copyright({ packages, modules, node }) {
  const ours = readFileSync('LICENSE', 'utf8');
  const holder = /Copyright.*/.exec(ours)[0].replace(/^Copyright (\(c\) )?/i, '');
  const paragraphs = [
    'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: modemctl',
    `Files: *\nCopyright: ${holder}\nLicense: Expat`,
  ];
  const texts = new Map([['Expat', termsOf(ours)]]);
  const inBundle = { holders: [holder], licences: new Set(['Expat']) };
  for (const { name, version, license, folder, isBundled } of packages) {
    const licence = LICENCES[license];
    if (!licence) throw new Error(`${name} ${version} has the licence ${license}, which LICENCES does not know`);
    if (!texts.has(licence)) texts.set(licence, termsOf(licenceOf(folder)));
    const holders = holdersOf(folder);
    if (isBundled) {
      inBundle.holders.push(`${name} ${version}: ${holders.join('; ')}`);
      inBundle.licences.add(licence);
    } else {
      const files = `usr/lib/modemctl/node_modules/${folder.slice(modules.length + 1)}/*`;
      paragraphs.push(`Files: ${files}\nCopyright: ${holders.join('\n ')}\nLicense: ${licence}`);
    }
  }
  paragraphs.push(
    `Files: usr/lib/modemctl/dist/program.cjs\nCopyright: ${inBundle.holders.join('\n ')}\nLicense: ${[...inBundle.licences].join(' and ')}`,
    `Files: usr/lib/modemctl/node\nCopyright: Node.js contributors, and the authors of what it contains\nLicense: Node.js\nComment: Node.js ${node.version}, from the npm package ${node.name}, symbols removed.`,
    ...[...texts].map(([licence, text]) => `License: ${licence}\n${indent(text)}`),
    'License: Node.js\n The licences of Node.js and of all that it contains are in\n /usr/share/doc/modemctl/node-licence.txt.gz.',
  );
  return `${paragraphs.join('\n\n')}\n`;
}

/** A licence without its title and without the names of those who give it. */
function termsOf(text) {
  return text
    .split(/\n\s*\n/)
    .filter((paragraph) => paragraph.length > 60 && !/^\W*Copyright /i.test(paragraph))
    .map((paragraph) => paragraph.replace(/\n +/g, ' ').replace(/\n(?!\d)/g, ' '))
    .join('\n\n');
}

/** Whoever the package's licence names, without the word; those that name nobody are said to be their authors'. */
function holdersOf(folder) {
  const lines = [...(licenceOf(folder) ?? '').matchAll(/^\W*Copyright (?:\(c\) *)?(.*)$/gim)].map(([, holder]) =>
    holder.trim(),
  );
  return lines.length > 0 ? lines : ['the authors named in its package.json'];
}

function indent(text) {
  return text
    .trim()
    .split('\n')
    .flatMap((line) =>
      line.trim() === ''
        ? [' .']
        : line
            .replace(/(.{1,76})(\s+|$)/g, ' $1\n')
            .trimEnd()
            .split('\n'),
    )
    .join('\n');
}
