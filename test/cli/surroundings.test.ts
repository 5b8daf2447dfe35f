import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentOf, hasVirtualModems, Lab } from '../support/cli.ts';

/** Tells on stderr which packages were asked for, and says of those in DENY that they are not installed. */
const WATCH_PACKAGES = `
const Module = require('node:module');
const original = Module._resolveFilename;
const denied = (process.env.DENY || '').split(' ');
Module._resolveFilename = function (name, ...rest) {
  if (!name.startsWith('node:') && !/^[./]/.test(name) && !Module.builtinModules.includes(name)) {
    if (process.env.TELL) process.stderr.write('loads ' + name + '\\n');
    if (denied.includes(name)) throw Object.assign(new Error("Cannot find module '" + name + "'\\nRequire stack:\\n- x"), { code: 'MODULE_NOT_FOUND' });
  }
  return original.call(this, name, ...rest);
};
`;

const lab = new Lab();
const hook = join(lab.folder, 'watch-packages.cjs');
writeFileSync(hook, WATCH_PACKAGES);
afterAll(() => lab.close());

const loads = async (...args: string[]) => {
  const { stderr } = await lab.start(args, { node: ['--require', hook], env: { TELL: '1' } }).ended;
  return [...stderr.matchAll(/^loads (.+)$/gm)].map(([, name]) => name);
};

describe('start-up', () => {
  it.concurrent.each([
    ['--help'],
    ['--version'],
    ['help', 'at'],
    ['at', '--help'],
    ['nonsense'],
    ['at', '--timeout', 'abc'],
  ])('%s %s %s loads no native package', async (...args) => {
    expect(await loads(...args)).toEqual([]);
  });

  it.concurrent('says so when the program is not built', async () => {
    cpSync('bin', join(lab.folder, 'clone', 'bin'), { recursive: true });
    expect(await lab.paste('node clone/bin/modemctl.js detect')).toMatchObject({
      code: 8,
      stdout: '',
      stderr: 'error: modemctl is not built yet. [HELPER]\nnpm ci && npm run build\n',
    });
  });

  it.concurrent('loads what a command needs, and no more', async () => {
    expect(await loads('tty')).toEqual([]);
    expect(await loads('detect')).not.toContain('serialport');
  });
});

describe.skipIf(!hasVirtualModems)('without', () => {
  beforeAll(() => lab.plugIn());

  /** Chooses a modem that no other test uses. */
  const ownModem = async () => ({ MODEMCTL_DEVICE: (await lab.plugInOne()).name });
  const without = async (packages: string, args: string[], input?: string) =>
    lab.run(args, {
      node: ['--require', hook],
      env: { DENY: packages, ...(await ownModem()) },
      ...(input === undefined ? {} : { input }),
    });

  it.concurrent('the package usb detect gives the same answer', async () => {
    const [without_, with_] = [
      await without('usb', ['detect', 'usr5637', '--json']),
      await lab.run(['detect', 'usr5637', '--json']),
    ];
    expect(without_).toMatchObject({ code: 0, stdout: with_.stdout, stderr: '' });
  });

  it.concurrent('the package koffi modems work', async () => {
    expect(await without('koffi', ['at', 'ATI3'])).toMatchObject({ code: 0 });
    expect(await without('koffi', ['hangup'])).toMatchObject({ code: 0 });
    expect(await without('koffi', ['reset', '--method', 'usb'])).toMatchObject({ code: 0 });
  });

  it.concurrent.each([
    ['koffi', 'virtual modems', ['virtual']],
    ['koffi', 'the demo', ['demo']],
    ['serialport', 'a modem', ['at', 'ATI3']],
    ['serialport', 'a hang-up', ['hangup']],
    ['@serialport/parser-readline', 'a script', ['at', '-']],
  ])('the package %s %s cannot be had: exit 8, in one sentence', async (name, _what, args) => {
    const ran = await without(name, [...args, '--json'], 'ATI3\n');
    expect(ran.code).toBe(8);
    expect(documentOf(ran).error).toMatchObject({ code: 'HELPER', message: expect.stringContaining(name) });
    expect(ran.stderr).toMatch(/^error: [^\n]+\. \[HELPER\]\n[^\n]+\n$/);
  });

  it.concurrent('perl, stty and all other programs modems work', async () => {
    const env = { PATH: '/nonexistent', ...(await ownModem()) };
    expect(await lab.run(['at', 'ATI3'], { env })).toMatchObject({ code: 0 });
    expect(await lab.run(['hangup'], { env })).toMatchObject({ code: 0 });
    expect(await lab.run(['reset', '--method', 'dtr'], { env })).toMatchObject({ code: 0 });
  });

  it.concurrent.each([undefined, '', '/nonexistent', '/proc', '/etc/passwd'])(
    'a HOME (%s) it is the same',
    async (home) => {
      const env = { HOME: home, ...(await ownModem()) };
      for (const args of [['at', 'ATI3'], ['reset'], ['hangup']])
        expect(await lab.run(args, { env })).toMatchObject({ code: 0 });
    },
  );

  it.concurrent.each(['de_DE.UTF-8', 'tr_TR.UTF-8', 'C', 'POSIX', 'ja_JP.eucJP', 'none'])(
    'English (%s) it is the same, and so are errors',
    async (language) => {
      const env = { LANG: language, LC_ALL: language, LANGUAGE: language, ...(await ownModem()) };
      // A Turkish lower-case I is none of V.250's.
      const told = await lab.run(['at', 'ati3', '--json'], { env });
      expect(documentOf(told).commands).toMatchObject([{ command: 'ati3', result: 'OK' }]);
      expect(await lab.run(['at', '-d', 'ROBOTICS-INFINITY'], { env })).toMatchObject({
        code: 3,
        stderr: expect.stringMatching(/^error: no modem matches "ROBOTICS-INFINITY"\. \[NO_MODEM\]\n/),
      });
      expect(await lab.run(['models', 'HIRO'], { env })).toMatchObject({ code: 0 });
    },
  );

  it.concurrent('a registry for them XDG_RUNTIME_DIR cannot make (it leads nowhere): another one is taken', async () => {
    const env = { XDG_RUNTIME_DIR: join(lab.folder, 'nowhere') };
    const running = lab.start(['virtual', '--model', 'hiro', '--json'], { env });
    await running.says('\n');
    expect(existsSync(join(lab.folder, 'nowhere'))).toBe(false);
    // That other one is the user's own, so there may be more.
    const [{ name }] = JSON.parse(running.stdout).modems;
    const listed = JSON.parse((await lab.run(['detect', '--json'], { env })).stdout);
    expect(listed.modems).toContainEqual(expect.objectContaining({ id: name, virtual: true }));
    running.kill('SIGTERM');
    await running.ended;
  });

  it.concurrent('XDG_RUNTIME_DIR, or where it leads nowhere, there are no virtual modems and no complaint', async () => {
    for (const folder of [undefined, '', '/nonexistent', '/proc', '/etc/passwd']) {
      const ran = await lab.run(['detect', '--json'], { env: { XDG_RUNTIME_DIR: folder } });
      expect(ran.stdout).not.toContain(lab.tty());
    }
  });

  it.concurrent.each([
    ['no folder can be made', '/proc', 4, 'DENIED'],
    ['there is a file', '/etc/passwd', 4, 'DENIED'],
    ['the path is too long for a socket', join(lab.folder, 'x'.repeat(100)), 2, 'USAGE'],
  ])('a place for them (%s) virtual modems are refused', async (_why, folder, code, name) => {
    if (folder.startsWith(lab.folder)) mkdirSync(folder);
    const ran = await lab.run(['virtual', '--json'], { env: { XDG_RUNTIME_DIR: folder } });
    expect([ran.code, documentOf(ran).error?.code]).toEqual([code, name]);
  });
});
