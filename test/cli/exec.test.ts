import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openersOf } from '../../src/tty/holders.ts';
import { lockFilePath, lockFileText } from '../../src/tty/lock-file.ts';
import type { VirtualModem } from '../../src/virtual/virtual-modem.ts';
import { hasVirtualModems, Lab } from '../support/cli.ts';
import { isWritable } from '../support/is-writable.ts';
import { until } from '../virtual/support/wait.ts';

const canLock = isWritable('/run/lock');
const hasFlock = spawnSync('flock', ['--version']).status === 0;
/** The tty on descriptor 3, and a word that it is. */
const OPEN = 'exec 3<>"$MODEMCTL_TTY"; echo opened';

describe.skipIf(!hasVirtualModems)('exec', () => {
  const lab = new Lab();
  /** Takes koffi away. */
  const hook = join(lab.folder, 'no-koffi.cjs');
  beforeAll(() => {
    writeFileSync(
      hook,
      `const M = require('node:module'), r = M._resolveFilename;
       M._resolveFilename = function (n, ...x) { if (n === 'koffi') throw Object.assign(new Error("Cannot find module 'koffi'"), { code: 'MODULE_NOT_FOUND' }); return r.call(this, n, ...x); };`,
    );
  });
  afterAll(() => lab.close());

  let reports = 0;
  const report = () => join(lab.folder, `report-${++reports}.json`);
  const exec = (modem: VirtualModem, ...argv: readonly string[]) => lab.run(['-d', modem.name, 'exec', '--', ...argv]);
  const shell = (modem: VirtualModem, script: string) => exec(modem, 'sh', '-c', script);
  const opens = (modem: VirtualModem) => modem.dce!.state.log.filter(({ event }) => event === 'dtr-on').length;
  const ready = (modem: VirtualModem) =>
    `U.S. Robotics USR5637 at ${modem.name} (${modem.tty}): line is on-hook, the modem is ready\n`;
  /** An executable script of a name that is known. */
  const program = (name: string, script: string) => {
    const path = join(lab.folder, name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  };
  const expectFree = (modem: VirtualModem) => {
    expect(openersOf(modem.tty!)).toEqual([]);
    expect(existsSync(lockFilePath(modem.tty!, '/run/lock'))).toBe(false);
    expect(modem.dce!.state).toMatchObject({ mode: 'command', offHook: false });
  };

  describe.concurrent('lends the modem:', () => {
    it("stdin, stdout and stderr are the program's; it is told the tty and the modem", async () => {
      const modem = await lab.plugInOne();
      const script = 'read -r line; echo "$line $MODEMCTL_TTY $MODEMCTL_MODEM $1 $2"; echo talk >&2';
      const ran = await lab.run(['-d', modem.name, 'exec', '--', 'sh', '-c', script, 'sh', '{}', 'a{}:{}b'], {
        input: 'hello\n',
      });
      const { tty } = modem;
      expect(ran).toMatchObject({
        code: 0,
        stdout: `hello ${tty} ${modem.name} ${tty} a${tty}:${tty}b\n`,
        stderr: `talk\n${ready(modem)}`,
      });
      expectFree(modem);
    });

    it('the modem answers it, with echo and in words, whatever it was set to before', async () => {
      const modem = await lab.plugInOne();
      expect(await lab.run(['-d', modem.name, 'at', '-q', 'ATE0V0'])).toMatchObject({ code: 0 });
      const ran = await shell(modem, `${OPEN}; printf 'ATI3\\r' >&3; head -n 4 <&3 | tr -d '\\r'`);
      expect(ran.stdout).toBe('opened\nATI3\nU.S. Robotics 56K FAX USB V1.2.23\n\nOK\n');
    });

    it('the port stays open in between: DTR does not drop until the program lets go', async () => {
      const modem = await lab.plugInOne();
      // Two programs may have it at once for a moment, so that the modem sees one session and then the one that frees the line.
      const running = lab.start(['-d', modem.name, 'exec', '--', 'sh', '-c', `${OPEN}; read -r line`], {
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      await running.says('opened');
      await until('modemctl has let the tty go', () => !openersOf(modem.tty!).includes(running.pid));
      expect(opens(modem)).toBe(1);
      expect(modem.dce!.state.dtr).toBe(true);
      running.child.stdin?.end('\n');
      expect(await lab.end(running)).toMatchObject({ code: 0 });
      expectFree(modem);
    });

    it('a program that never opens the tty is nothing special', async () => {
      const modem = await lab.plugInOne();
      expect(await exec(modem, 'true')).toMatchObject({ code: 0, stdout: '', stderr: ready(modem) });
    });

    it('a call that the program left up is ended', async () => {
      const modem = await lab.plugInOne();
      const ran = await shell(
        modem,
        `${OPEN}; printf 'ATDT5550100\\r' >&3; sed '/CONNECT/q' <&3 | tr -d '\\r'; exec sleep 0.1`,
      );
      expect(ran.code).toBe(0);
      expect(ran.stdout).toMatch(/^CONNECT 33600/m);
      expectFree(modem);
    });

    it('a tty that is no modem of the list is lent as well', async () => {
      const modem = await lab.plugInOne();
      const ran = await lab.run(['-d', modem.tty!, 'exec', '--', 'echo', '{}']);
      expect(ran).toMatchObject({ code: 0, stdout: `${modem.tty}\n` });
    });
  });

  describe.skipIf(!canLock)('the lock file', { concurrent: true }, () => {
    const path = (modem: VirtualModem) => lockFilePath(modem.tty!, '/run/lock');
    const showLock = (modem: VirtualModem) => `echo $$; cat '${path(modem)}'`;

    it("bears the program's pid before it starts; others see who has the modem", async () => {
      const modem = await lab.plugInOne();
      const running = lab.start(
        ['-d', modem.name, 'exec', '--', 'sh', '-c', `${showLock(modem)}; ${OPEN}; read -r line`],
        { stdio: ['pipe', 'pipe', 'pipe'] },
      );
      await running.says('opened');
      const [pid = '', lock] = running.stdout.split('\n');
      expect(`${lock}\n`).toBe(lockFileText(Number(pid)));
      const refused = await lab.run(['-d', modem.name, 'at']);
      expect(refused.code).toBe(5);
      expect(refused.stderr).toContain(`is in use by modemctl exec (pid ${running.pid})`);
      running.child.stdin?.end('\n');
      expect(await lab.end(running)).toMatchObject({ code: 0 });
      expectFree(modem);
    });

    it.runIf(hasFlock).each([
      ['with', []],
      ['without', ['--require', hook]],
    ])('is all that we hold meanwhile: flock is given up (%s koffi)', async (_how, node) => {
      const modem = await lab.plugInOne();
      const args = ['-d', modem.name, 'exec', '--', 'flock', '-n', '{}', 'echo', 'free'];
      expect(await lab.run(args, { node })).toMatchObject({ code: 0, stdout: 'free\n' });
      expectFree(modem);
    });

    it('is not there for a program that makes its own; that one is left alone, and cleared away where it was forgotten', async () => {
      const modem = await lab.plugInOne();
      const minicom = program(
        'minicom',
        `[ -e '${path(modem)}' ] && exit 3; printf '%10d\\n' $$ >'${path(modem)}'; exec 3<>"$1"; sleep 0.5; ${showLock(modem)}`,
      );
      const { code, stdout } = await exec(modem, minicom, '{}');
      expect(code).toBe(0);
      const [pid, lock] = stdout.split('\n');
      expect(`${lock}\n`).toBe(lockFileText(Number(pid)));
      expectFree(modem);
    });

    it('is made for such a program when it has the tty and has made none after all', async () => {
      const modem = await lab.plugInOne();
      const waits = `until [ -e '${path(modem)}' ]; do sleep 0.05; done; ${showLock(modem)}`;
      const picocom = program('picocom', `[ -e '${path(modem)}' ] && exit 3; exec 3<>"$1"; ${waits}`);
      const { code, stdout } = await exec(modem, picocom, '{}');
      expect(code).toBe(0);
      const [pid, lock] = stdout.split('\n');
      expect(`${lock}\n`).toBe(lockFileText(Number(pid)));
      expectFree(modem);
    });

    it('--locks-itself says so of any program', async () => {
      const modem = await lab.plugInOne();
      const ran = await lab.run([
        '-d',
        modem.name,
        'exec',
        '--locks-itself',
        '--',
        'sh',
        '-c',
        `ls '${path(modem)}' 2>&1 | grep -c 'No such'`,
      ]);
      expect(ran).toMatchObject({ code: 0, stdout: '1\n' });
    });
  });

  describe.concurrent('tells how the program fared:', () => {
    it.each([
      ['exit 3', 3, null, 'sh ended with 3'],
      ['nosuchcommand 2>&1', 127, null, 'sh ended with 127'],
      ['kill -KILL $$', null, 'SIGKILL', 'sh was ended by SIGKILL'],
    ])('%s: exit 8, the modem being ready', async (script, programExit, programSignal, what) => {
      const modem = await lab.plugInOne();
      const file = report();
      const ran = await lab.run(['-d', modem.name, 'exec', '--report', file, '--', 'sh', '-c', `${OPEN}; ${script}`]);
      expect(ran.code).toBe(8);
      expect(ran.stderr).toBe(`${ready(modem)}error: ${what}; the modem is ready again. [HELPER]\n`);
      expect(reported(file)).toMatchObject({
        schemaVersion: 1,
        ok: false,
        modem: modem.name,
        program: 'sh',
        programExit,
        programSignal,
        ready: true,
        tty: modem.tty,
        error: { code: 'HELPER', details: { program: 'sh', exitCode: programExit, signal: programSignal } },
      });
      expectFree(modem);
    });

    it.each([
      ['nosuch', 'there is no program nosuch'],
      ['./nosuch', 'there is no program ./nosuch'],
      ['/', 'there is no program /'],
      ['/etc/passwd', '/etc/passwd is not executable'],
    ])('%s cannot be run: exit 8 before the modem is touched', async (name, what) => {
      const modem = await lab.plugInOne();
      const ran = await exec(modem, name);
      expect(ran.code).toBe(8);
      expect(ran.stderr).toMatch(`error: ${what}. [HELPER]\n`);
      expect(opens(modem)).toBe(0);
    });

    it('a child that ends soon after it is waited for', async () => {
      const modem = await lab.plugInOne();
      expect(await shell(modem, `${OPEN}; sleep 1 & exit 0`)).toMatchObject({ code: 0 });
      expectFree(modem);
    });

    it('a child that it leaves behind with the tty: exit 5, by whom', async () => {
      const modem = await lab.plugInOne();
      const ran = await shell(modem, `${OPEN}; sleep 60 >/dev/null 2>&1 & echo $!`);
      const pid = Number(ran.stdout.split('\n')[1]);
      process.kill(pid, 'SIGKILL');
      expect(ran.code).toBe(5);
      expect(ran.stderr).toBe(
        `error: sh ended, but left sleep (pid ${pid}) behind, which has ${modem.tty} open. [IN_USE]\nEnd that program first: kill ${pid}\n`,
      );
    });
  });

  describe.concurrent('tells how the modem fared:', () => {
    it('silent afterwards: exit 6', async () => {
      const modem = await lab.plugInOne();
      const file = report();
      const running = lab.start(
        ['-d', modem.name, 'exec', '--report', file, '--', 'sh', '-c', `${OPEN}; read -r line`],
        { stdio: ['pipe', 'pipe', 'pipe'] },
      );
      await running.says('opened');
      modem.misbehave('silent');
      running.child.stdin?.end('\n');
      const ran = await lab.end(running);
      expect(ran.code).toBe(6);
      expect(ran.stderr).toContain(`modemctl reset -d ${modem.name}`);
      expect(reported(file)).toMatchObject({
        ok: false,
        programExit: 0,
        ready: false,
        error: { code: 'NOT_RESPONDING' },
      });
    });

    it('silent before: exit 6, the program is not run', async () => {
      const modem = await lab.plugInOne();
      modem.misbehave('silent');
      const ran = await exec(modem, 'echo', 'run');
      expect(ran).toMatchObject({ code: 6, stdout: '' });
      expect(ran.stderr).toContain('does not answer, so it is not lent');
    });

    it('in use: exit 5, the program is not run', async () => {
      const modem = await lab.plugInOne();
      const running = lab.start(['-d', modem.name, 'exec', '--', 'sh', '-c', `${OPEN}; read -r line`], {
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      await running.says('opened');
      expect(await exec(modem, 'echo', 'run')).toMatchObject({ code: 5, stdout: '' });
      running.child.stdin?.end('\n');
      await lab.end(running);
    });

    it('absent: exit 3, the program is not run', async () => {
      expect(await lab.run(['-d', 'nosuch', 'exec', '--', 'echo', 'run'])).toMatchObject({ code: 3, stdout: '' });
    });

    it.each([
      ['that notices', 'cat <&3 >/dev/null 2>&1'],
      ['that does not', 'trap "" HUP TERM; read -r line'],
    ])('unplugged while a program has it %s: exit 7 in limited time', { timeout: 60_000 }, async (_how, script) => {
      const modem = await lab.plugInOne();
      const file = report();
      const running = lab.start(['-d', modem.name, 'exec', '--report', file, '--', 'sh', '-c', `${OPEN}; ${script}`], {
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      await running.says('opened');
      const pulled = performance.now();
      await modem.perform({ do: 'unplug' });
      const ran = await lab.end(running);
      expect(ran.code).toBe(7);
      expect(performance.now() - pulled).toBeLessThan(25_000);
      expect(reported(file)).toMatchObject({ ok: false, ready: false, error: { code: 'GONE' } });
    });

    it('plugged in anew meanwhile, under another tty: it is found and proved ready there', async () => {
      const modem = await lab.plugInOne();
      const before = modem.tty;
      const running = lab.start(
        ['-d', modem.name, 'exec', '--', 'sh', '-c', `${OPEN}; cat <&3 >/dev/null 2>&1; read -r line`],
        { stdio: ['pipe', 'pipe', 'pipe'] },
      );
      await running.says('opened');
      await modem.perform({ do: 'replug' });
      running.child.stdin?.end('\n');
      const ran = await lab.end(running);
      expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining(ready(modem)) });
      expect(modem.tty).not.toBe(before);
      expectFree(modem);
    });
  });

  describe.concurrent('asked to end, it ends the program, and frees the line:', () => {
    it.each([
      ['SIGINT', 'exec sleep 60', 'SIGTERM'],
      ['SIGTERM', 'exec sleep 60', 'SIGTERM'],
      ['SIGHUP', 'exec sleep 60', 'SIGTERM'],
      ['SIGTERM', 'trap "exit 4" TERM; while :; do sleep 0.1; done', null],
      ['SIGTERM', 'trap "" TERM INT HUP; while :; do sleep 0.1; done', 'SIGKILL'],
    ] as const)('%s while it runs %s', async (signal, script, programSignal) => {
      const modem = await lab.plugInOne();
      const file = report();
      const running = lab.start(['-d', modem.name, 'exec', '--report', file, '--', 'sh', '-c', `${OPEN}; ${script}`]);
      await running.says('opened');
      running.kill(signal);
      const ran = await lab.end(running);
      expect(ran).toMatchObject({ code: null, signal, stderr: expect.stringContaining(ready(modem)) });
      expect(reported(file)).toMatchObject({ ok: false, programSignal, ready: true, error: { code: signal } });
      expect(ran.elapsedMs).toBeLessThan(12_000);
      expectFree(modem);
    });

    it('with the children that have the tty, also one in a session of its own', async () => {
      const modem = await lab.plugInOne();
      const running = lab.start([
        '-d',
        modem.name,
        'exec',
        '--',
        'sh',
        '-c',
        `${OPEN}; setsid sleep 60 & exec 3>&-; wait`,
      ]);
      await running.says('opened');
      await until('the child has the tty', () => openersOf(modem.tty!).length > 0);
      running.kill('SIGTERM');
      expect(await lab.end(running)).toMatchObject({ signal: 'SIGTERM', stderr: ready(modem) });
      expectFree(modem);
    });

    it('but does not keep quiet about a line that it could not free, nor in its report', async () => {
      const modem = await lab.plugInOne();
      const file = report();
      const running = lab.start([
        '-d',
        modem.name,
        'exec',
        '--report',
        file,
        '--',
        'sh',
        '-c',
        `${OPEN}; exec sleep 60`,
      ]);
      await running.says('opened');
      modem.misbehave('silent');
      running.kill('SIGTERM');
      const ran = await lab.end(running);
      expect(ran.signal).toBe('SIGTERM');
      expect(ran.stderr).toContain('the line may still be off-hook');
      expect(reported(file)).toMatchObject({ ok: false, programSignal: 'SIGTERM', ready: false });
    });

    it('a second signal ends it at once, the lock staying with the program', async () => {
      const modem = await lab.plugInOne();
      const script = `trap "" TERM; ${OPEN}; echo "$$."; while :; do sleep 0.1; done`;
      const running = lab.start(['-d', modem.name, 'exec', '--', 'sh', '-c', script]);
      await running.says('.\n');
      const pid = Number.parseInt(running.stdout.split('\n')[1] ?? '', 10);
      const left = new Promise((resolve) => running.child.on('exit', (_code, signal) => resolve(signal)));
      running.kill('SIGTERM');
      // Two within half a second are one; the program is killed after three.
      await new Promise((resolve) => setTimeout(resolve, 1500));
      running.kill('SIGTERM');
      expect(await left).toBe('SIGTERM');
      const lock = lockFilePath(modem.tty!, '/run/lock');
      if (canLock) expect(readFileSync(lock, 'utf8')).toBe(lockFileText(pid));
      process.kill(pid, 'SIGKILL');
      await lab.end(running);
      rmSync(lock, { force: true });
    });
  });

  describe.concurrent('--report', () => {
    it('of success', async () => {
      const modem = await lab.plugInOne();
      const file = report();
      expect(await lab.run(['-d', modem.name, 'exec', '--report', file, '--', 'true'])).toMatchObject({ code: 0 });
      expect(reported(file)).toEqual({
        schemaVersion: 1,
        ok: true,
        modem: modem.name,
        program: 'true',
        programExit: 0,
        programSignal: null,
        ready: true,
        tty: modem.tty,
      });
    });

    it.each([
      ['in a folder that is not there', '/nonexistent/report'],
      ['that is a folder', '/tmp'],
      ['that is a pipe nobody reads', 'pipe'],
    ])('%s: exit 2, nothing is touched', async (_what, path) => {
      const modem = await lab.plugInOne();
      spawnSync('mkfifo', [join(lab.folder, 'pipe')]);
      const ran = await lab.run(['-d', modem.name, 'exec', '--report', path, '--', 'echo', 'run']);
      expect(ran).toMatchObject({ code: 2, stdout: '' });
      expect(ran.stderr).toContain('error: the report cannot be written: ');
      expect(opens(modem)).toBe(0);
    });

    it('on a full disk: exit 8, the program having run', async () => {
      const modem = await lab.plugInOne();
      const ran = await lab.run(['-d', modem.name, 'exec', '--report', '/dev/full', '--', 'echo', 'run']);
      expect(ran).toMatchObject({ code: 8, stdout: 'run\n' });
      expect(ran.stderr).toBe(
        `${ready(modem)}error: the report cannot be written: ENOSPC: no space left on device, write. [HELPER]\n`,
      );
      expectFree(modem);
    });
  });

  describe.concurrent('on the command line', () => {
    it("--json is refused: stdout is the program's", async () => {
      const modem = await lab.plugInOne();
      const ran = await lab.run(['-d', modem.name, 'exec', '--json', '--', 'echo', 'run']);
      expect(ran.code).toBe(2);
      expect(ran.stderr + ran.stdout).toContain('modemctl exec --report FILE');
      expect(ran.stdout).not.toContain('run\n');
      expect(opens(modem)).toBe(0);
    });

    it.each([[[]], [['minicom']], [['minicom', '-D', '/dev/ttyACM0']]])(
      'a program wants -- before it: %j',
      async (args) => {
        const ran = await lab.run(['exec', ...args]);
        expect(ran).toMatchObject({ code: 2, stdout: '' });
        expect(ran.stderr).toBe(
          'error: "exec" wants "--" and then the program. [USAGE]\nFor example: modemctl exec -- minicom -D {}\n',
        );
      },
    );

    it("options after -- are the program's", async () => {
      const modem = await lab.plugInOne();
      const ran = await exec(modem, 'echo', '--json', '--help', '-d', 'nosuch', '--');
      expect(ran).toMatchObject({ code: 0, stdout: '--json --help -d nosuch --\n' });
    });
  });
});

function reported(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
