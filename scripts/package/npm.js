// What comes from the npm registry, each thing checked against its hash. It is kept in node_modules/.cache, so that a second run fetches nothing.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const CACHE = 'node_modules/.cache/modemctl-package';
/** Tens of megabytes, from a slow mirror. */
const LIMIT_MS = 600_000;

function npm(args, cwd) {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', timeout: LIMIT_MS, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The Node binary and its licence: `{ binary, licence }`. */
export function fetchNode({ name, version, integrity }) {
  mkdirSync(CACHE, { recursive: true });
  const archive = join(CACHE, `${name}-${version}.tgz`);
  if (!existsSync(archive)) npm(['pack', '--silent', '--pack-destination', CACHE, `${name}@${version}`]);
  const hash = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (hash !== integrity) {
    rmSync(archive);
    throw new Error(`${name} ${version} is not what it was: its hash is ${hash}`);
  }
  const member = (path) =>
    execFileSync('tar', ['--extract', '--to-stdout', '--file', archive, `package/${path}`], { maxBuffer: 2 ** 29 });
  return { binary: member('bin/node'), licence: member('LICENSE').toString() };
}

/** node_modules as package-lock.json has it for another processor (npm compares the hashes); no script of theirs is run. Returns its path. */
export function fetchModules(cpu) {
  const folder = join(CACHE, `modules-${cpu}`);
  const stamp = join(folder, '.complete');
  const lock = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const file of ['package.json', 'package-lock.json']) copyFileSync(file, join(folder, file));
    const target = ['--os=linux', `--cpu=${cpu}`, '--libc=glibc'];
    npm(['ci', '--silent', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', ...target], folder);
    writeFileSync(stamp, lock);
  }
  return join(folder, 'node_modules');
}
