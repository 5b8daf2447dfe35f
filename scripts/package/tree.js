// The tree that a package holds: which file, where, with what in it. Nothing here depends on the clock, the umask or the name of the folder.
import { execFileSync } from 'node:child_process';
import { chmodSync, lutimesSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { COMMANDS } from '../../dist/cli/commands/index.js';
import { completionScript } from '../../dist/cli/completion.js';
import { exampleText } from '../../dist/settings/example.js';
import { udevRules } from '../../dist/setup/udev-rules.js';
import { withoutSymbols } from './elf.js';
import { programOf } from './modules.js';

const OWN = JSON.parse(readFileSync('package.json', 'utf8'));
const LIB = 'usr/lib/modemctl';
const RULES_ORIGIN =
  '# Of the package modemctl; "modemctl setup" writes one to /etc/udev/rules.d that counts instead where it has to.';
const DOC = 'usr/share/doc/modemctl';

/** A folder that is being filled. */
export class Tree {
  constructor(root) {
    this.root = root;
  }

  /** A script can be executed, whatever it was in its package. */
  write(path, content, mode = content.slice(0, 2).toString() === '#!' ? 0o755 : 0o644) {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    chmodSync(file, mode);
  }

  /** As Debian has its documentation: `PATH.gz`. Not Node's own zlib, whose output depends on the processor. */
  writeCompressed(path, content) {
    this.write(`${path}.gz`, execFileSync('gzip', ['--best', '--no-name'], { input: content }));
  }

  link(path, target) {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    symlinkSync(target, join(this.root, path));
  }

  /** Everything in it, folders included, as `find` would print it, without the root itself. */
  entries() {
    return readdirSync(this.root, { recursive: true, withFileTypes: true })
      .map((entry) => ({
        path: relative(this.root, join(entry.parentPath ?? entry.path, entry.name)),
        isFolder: entry.isDirectory(),
        isFile: entry.isFile(),
      }))
      .sort((left, right) => (left.path < right.path ? -1 : 1));
  }

  /** Same times and modes of folders, whoever built it and when. */
  settle(epoch) {
    for (const { path, isFolder } of this.entries().reverse()) {
      const file = join(this.root, path);
      if (isFolder) chmodSync(file, 0o755);
      lutimesSync(file, epoch, epoch);
    }
    chmodSync(this.root, 0o755);
    lutimesSync(this.root, epoch, epoch);
  }
}

/** The program with its native parts and its Node. Returns the binaries, path and content. */
export function addProgram(tree, { cpu, node, nodeBinary, packages, modules }) {
  const binaries = [];
  const addBinary = (path, content, mode) => {
    tree.write(path, content, mode);
    binaries.push([path, content]);
  };
  tree.write(
    `${LIB}/package.json`,
    `${JSON.stringify({ name: 'modemctl', version: OWN.version, type: 'module' }, null, 2)}\n`,
  );
  for (const file of ['cli.cjs', 'program.cjs', ...childrenWithImports()]) {
    tree.write(`${LIB}/dist/${file}`, readFileSync(join('dist', file)));
  }
  tree.write(`${LIB}/bin/package.json`, readFileSync('bin/package.json'));
  tree.write(`${LIB}/bin/modemctl.js`, acceptOwnNode(readFileSync('bin/modemctl.js', 'utf8'), node.version));
  tree.write(`${LIB}/bin/modemctl`, launcher(cpu));
  tree.link('usr/bin/modemctl', '../lib/modemctl/bin/modemctl');
  for (const { folder, isBundled } of packages) {
    if (isBundled) continue;
    for (const path of programOf(folder, cpu)) {
      const target = join(LIB, 'node_modules', relative(modules, folder), path);
      if (path.endsWith('.node')) addBinary(target, withoutSymbols(readFileSync(join(folder, path))), 0o644);
      else tree.write(target, readFileSync(join(folder, path)));
    }
  }
  addBinary(`${LIB}/node`, withoutSymbols(nodeBinary), 0o755);
  return binaries;
}

/** What makes it part of a system. */
export function addSurroundings(tree, { nodeLicence }) {
  tree.writeCompressed('usr/share/man/man1/modemctl.1', readFileSync('man/modemctl.1'));
  tree.write('usr/share/bash-completion/completions/modemctl', completionScript('bash', COMMANDS));
  tree.write('usr/share/zsh/vendor-completions/_modemctl', completionScript('zsh', COMMANDS));
  tree.write('usr/share/fish/vendor_completions.d/modemctl.fish', completionScript('fish', COMMANDS));
  tree.write('usr/lib/udev/rules.d/70-modemctl.rules', udevRules([], RULES_ORIGIN));
  tree.write('usr/share/lintian/overrides/modemctl', readFileSync('packaging/lintian-overrides'));
  tree.write(`${DOC}/README.Debian`, readFileSync('packaging/README.Debian'));
  tree.write(`${DOC}/README.md`, readFileSync('README.md'));
  // The pages that README.md leads to; what developers decided is not for users.
  for (const name of readdirSync('docs')) {
    if (name !== 'decisions.md') tree.write(`${DOC}/docs/${name}`, readFileSync(join('docs', name)));
  }
  tree.writeCompressed(`${DOC}/node-licence.txt`, nodeLicence);
  tree.write(`${DOC}/examples/config.toml`, exampleText());
}

/** The programs that the bundle starts, and the modules that these import: ES modules of dist/, relative to it. */
function childrenWithImports() {
  const found = new Set();
  const add = (path) => {
    if (found.has(path)) return;
    found.add(path);
    for (const [, target] of readFileSync(join('dist', path), 'utf8').matchAll(/from '(\.[^']+)'/g)) {
      add(join(dirname(path), target));
    }
  };
  for (const name of readdirSync('dist/native')) if (name.endsWith('-child.js')) add(`native/${name}`);
  return [...found].sort();
}

/** The version check, for a package whose own Node is older than what is asked of others. */
function acceptOwnNode(text, version) {
  const [major, minor] = version.split('.').map(Number);
  if (major > 20 || minor >= 19) return text;
  const changed = text.replace(/(\+version\[1\] < )19\b/, `$1${minor}`).replace('20.19', `20.${minor}`);
  if (!changed.includes(`< ${minor})`) || major !== 20)
    throw new Error(`bin/modemctl.js does not run on Node ${version}`);
  return changed;
}

/** The check for ARMv6 is needed on one architecture only. */
function launcher(cpu) {
  const text = readFileSync('packaging/modemctl', 'utf8');
  return cpu === 'arm' ? text : text.replace(/^# armhf only[\s\S]*?^# end\n/m, '');
}
