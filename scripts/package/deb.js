// From a filled tree to a .deb: the control files, then dpkg-deb, which makes root the owner of everything.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { controlFile } from './documents.js';

const SCRIPTS = ['postinst', 'prerm', 'postrm'];

export function buildDeb(tree, { architecture, depends, epoch, file }) {
  const entries = tree.entries();
  const sums = entries
    .filter(({ isFile }) => isFile)
    .map(
      ({ path }) =>
        `${createHash('md5')
          .update(readFileSync(join(tree.root, path)))
          .digest('hex')}  ${path}\n`,
    );
  // Debian Policy 5.6.20, as dpkg-gencontrol counts: files in whole KiB, everything else as one.
  const installedSize = entries.reduce(
    (sum, { path, isFile }) => sum + (isFile ? Math.ceil(statSync(join(tree.root, path)).size / 1024) : 1),
    1,
  );
  tree.write('DEBIAN/control', controlFile({ architecture, depends, installedSize }));
  tree.write('DEBIAN/md5sums', sums.join(''));
  tree.write('DEBIAN/triggers', readFileSync('packaging/triggers'));
  for (const script of SCRIPTS) tree.write(`DEBIAN/${script}`, readFileSync(`packaging/${script}`), 0o755);
  tree.settle(epoch);
  // Level 3 takes half the time of 6 and makes it a tenth larger.
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zxz', '-z3', '--build', tree.root, file], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
