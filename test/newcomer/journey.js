// The newcomer's way, as an ordinary user in a clean root. `journey.js`: a clone, the README from its first line to its last, then the package that npm makes of it. `journey.js packed`: the packed program, and
// of the README what does not begin with npm. A virtual USR5637 is the modem that the newcomer has plugged in.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { blocksToRun, expectationOf } from './blocks.js';

const HOME = homedir();
const CLONE = join(HOME, 'modemctl');
/** Where npm puts it for man to find. */
const MAN_PAGE = '/usr/local/share/man/man1/modemctl.1';
/** Debian 12's. */
const OLD_NODE = '/opt/node-18';
const NPM_LIMIT_MS = 600_000;
const LINE_LIMIT_MS = 60_000;
const START_LIMIT_MS = 20_000;

let passed = 0;
const failures = [];

/** One thing that has to hold. The way ends at the first that does not: what follows builds on it. */
async function step(name, action) {
  const begin = performance.now();
  try {
    await action();
    passed++;
    console.log(`ok ${((performance.now() - begin) / 1000).toFixed(1)} s  ${name}`);
  } catch (error) {
    failures.push(name);
    console.log(`not ok  ${name}\n${String(error.message).replace(/^/gm, '    ')}`);
    throw error;
  }
}

/** Types a line into a shell. Fails unless it ends with this exit code. */
async function type(line, { exit = 0, cwd = CLONE } = {}) {
  // A group of its own, so that all of it can be ended.
  const child = spawn('bash', ['-c', line], { cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let stdout = '';
  let all = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
    all += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    all += text;
  });
  const limitMs = /\bnpm\b/.test(line) ? NPM_LIMIT_MS : LINE_LIMIT_MS;
  const limit = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), limitMs);
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  clearTimeout(limit);
  assert.equal(code, exit, `$ ${line}\nended with ${code}, not ${exit}. It said:\n${all.slice(-30_000)}`);
  return { stdout, all };
}

/** Starts what goes on until Ctrl-C, and waits until it says so. Returns what stops it. */
async function startUntilCtrlC(line) {
  // A group of its own, so that the signal reaches all of it, as Ctrl-C does.
  const child = spawn('bash', ['-c', line], { cwd: CLONE, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
  }
  const ended = new Promise((resolve) => child.on('close', resolve));
  const end = performance.now() + START_LIMIT_MS;
  while (!said.includes('Ctrl-C')) {
    const late = performance.now() > end || child.exitCode !== null;
    if (late) process.kill(-child.pid, 'SIGKILL');
    assert.ok(!late, `$ ${line}\ndid not start. It said:\n${said}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return async () => {
    process.kill(-child.pid, 'SIGINT');
    const limit = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), START_LIMIT_MS);
    await ended;
    clearTimeout(limit);
  };
}

const isInstalled = () => spawnSync('bash', ['-c', 'command -v modemctl']).status === 0;

/** The README's blocks, line by line. */
async function follow(wanted) {
  const blocks = blocksToRun(readFileSync(join(CLONE, 'README.md'), 'utf8'));
  assert.ok(blocks.length > 0, 'the README has no blocks marked sh');
  for (const { heading, lines } of blocks) {
    let unplug = null;
    let hasOwnModems = false;
    const stops = [];
    for (const line of lines.filter(wanted)) {
      const bringsModems = line.startsWith('modemctl virtual');
      if (bringsModems) {
        await unplug?.();
        unplug = null;
      } else if (!unplug && !hasOwnModems && isInstalled()) {
        unplug = await startUntilCtrlC('modemctl virtual');
      }
      hasOwnModems ||= bringsModems;
      await step(`${heading}: ${line}`, async () => {
        const { exit, goesOn } = expectationOf(line);
        if (goesOn) stops.push(await startUntilCtrlC(line));
        else await type(line, { exit });
      });
    }
    for (const stop of stops) await stop();
    await unplug?.();
  }
}

/** What npm packed, installed in the ways that people install, each time from nothing. */
async function installInAllWays(tarball) {
  await install(tarball);
  const modules = (await type('npm root -g')).stdout.trim();
  await step('the package has its man page, where man looks', () => {
    assert.ok(existsSync(join(modules, 'modemctl/man/modemctl.1')));
    assert.ok(existsSync(MAN_PAGE));
  });
  await step('completion for bash works; for zsh and fish there is one', async () => {
    await type('source <(modemctl completion bash) && complete -p modemctl');
    for (const shell of ['zsh', 'fish']) assert.match((await type(`modemctl completion ${shell}`)).stdout, /modemctl/);
  });
  await asLibrary(tarball);
  await uninstall();

  await install(tarball, '--ignore-scripts');
  await step('without install scripts: a virtual modem answers', async () => {
    const unplug = await startUntilCtrlC('modemctl virtual');
    await type('modemctl at ATI3').finally(unplug);
  });
  await uninstall();

  await withoutOptional(tarball);
}

/** In a project: npm install -g does not heed --omit (npm/cli issue 8284). */
async function withoutOptional(tarball) {
  const cwd = makeProject('without-optional');
  await step('npm install --omit=optional: the command line works, and what needs koffi says so', async () => {
    await type(`npm install --omit=optional ${tarball}`, { cwd });
    assert.ok(!existsSync(join(cwd, 'node_modules/koffi')), 'koffi was installed all the same');
    const bin = 'node_modules/.bin/modemctl';
    assert.match((await type(`${bin} --help`, { cwd })).stdout, /modemctl/);
    assert.match((await type(`${bin} models hiro`, { cwd })).stdout, /H50228/);
    assert.match((await type(`${bin} detect`, { cwd, exit: 3 })).all, /no modem/i);
    assert.match((await type(`${bin} virtual`, { cwd, exit: 8 })).all, /koffi/);
  });
}

function makeProject(name) {
  const folder = join(HOME, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}\n');
  return folder;
}

async function install(tarball, ...options) {
  const line = ['sudo npm install -g', ...options, tarball].join(' ');
  await step(line, () => type(line));
}

async function uninstall() {
  await type('sudo npm uninstall -g modemctl');
  assert.ok(!isInstalled() && !existsSync(MAN_PAGE), 'modemctl is still there after npm uninstall -g');
}

/** The README's program, in a project of somebody's own. */
async function asLibrary(tarball) {
  await step("As a library: the README's program", async () => {
    const [, program] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(CLONE, 'README.md'), 'utf8')) ?? [];
    assert.ok(program?.includes("'1-1.2'"), 'the README opens the modem at 1-1.2');
    const cwd = makeProject('library');
    writeFileSync(join(cwd, 'program.js'), `${program.replace('1-1.2', 'usr5637')}\nconsole.log(answer);\n`);
    await type(`npm install ${tarball}`, { cwd });
    const unplug = await startUntilCtrlC('modemctl virtual');
    const { stdout } = await type('node program.js', { cwd }).finally(unplug);
    assert.match(stdout, /U\.S\. Robotics 56K FAX USB V1\.2\.23.*OK/s);
  });
}

async function refuseOldNode() {
  await step('an old Node is told which one is needed, by npm and by modemctl', async () => {
    assert.match((await type(`PATH=${OLD_NODE}:$PATH npm ci`, { exit: 1 })).all, /Required: +\{"node":">=20\.19"\}/);
    assert.match((await type(`${OLD_NODE}/node bin/modemctl.js`, { exit: 8 })).all, /needs Node 20\.19 or newer/);
  });
}

async function wholeWay() {
  await refuseOldNode();
  await follow((line) => {
    if (!line.startsWith('npm test') || !process.argv.includes('without-npm-test')) return true;
    console.log(`# left out: ${line}   (--without-npm-test: the tests have been run on this machine)`);
    return false;
  });
  await uninstall();
  await step('npm pack', () => type(`npm pack --silent --pack-destination "${HOME}"`));
  await installInAllWays(packed());
}

async function packedWay() {
  await install(packed());
  await step('modemctl demo', () => type('modemctl demo'));
  await follow((line) => !line.startsWith('npm '));
  await uninstall();
}

function packed() {
  const [name, ...more] = readdirSync(HOME).filter((name) => name.endsWith('.tgz'));
  assert.ok(name && more.length === 0, 'there is one package');
  return join(HOME, name);
}

console.log(`# ${process.version}, npm ${(await type('npm --version')).stdout.trim()}`);
try {
  await (process.argv[2] === 'packed' ? packedWay() : wholeWay());
} catch (error) {
  if (failures.length === 0) {
    failures.push('the way from one step to the next');
    console.log(`not ok  ${failures[0]}\n${error.stack}`);
  }
}
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length === 0 ? 0 : 1);
