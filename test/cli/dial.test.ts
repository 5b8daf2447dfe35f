import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SUBSCRIBERS } from '../../src/virtual/exchange/subscribers.ts';
import type { VirtualModem } from '../../src/virtual/virtual-modem.ts';
import { documentOf, hasVirtualModems, Lab, type Ran, type Running, type RunOptions } from '../support/cli.ts';
import { until } from '../virtual/support/wait.ts';

interface Scene {
  readonly modem: VirtualModem;
  dial(args: readonly string[], options?: RunOptions): Promise<Ran>;
  start(args: readonly string[], options?: RunOptions): Running;
}

const ON_HOOK = /line is on-hook, the modem is ready\n$/;

describe.skipIf(!hasVirtualModems)('dial', () => {
  const lab = new Lab();
  afterAll(() => lab.close());

  /** Plays a test with a modem of its own; whatever became of its call, the modem's own state says that the line is free afterwards. */
  const play = async (test: (scene: Scene) => Promise<void>) => {
    const modem = await lab.plugInOne();
    const line = (args: readonly string[]) => ['-d', modem.name, 'dial', ...args];
    await test({
      modem,
      dial: (args, options) => lab.run(line(args), options),
      start: (args, options) => lab.start(line(args), options),
    });
    await until('the line is free', () => {
      const { mode, offHook, dtr } = modem.dce!.state;
      return mode === 'command' && !offHook && !dtr;
    });
  };
  const report = (ran: Ran, path: string) => documentOf({ ...ran, stdout: readFileSync(path, 'utf8') });

  it.concurrent.each([
    ['busy', SUBSCRIBERS.busy, 11, 'BUSY', '--tries'],
    ['a person', SUBSCRIBERS.voice, 20, 'NO_CARRIER', '--max-speed'],
    ['nobody', SUBSCRIBERS.noAnswer, 20, 'NO_CARRIER', '--max-speed'],
    ['nobody who keeps quiet (@)', `${SUBSCRIBERS.noAnswer}@`, 12, 'NO_ANSWER', '--tries'],
  ])('meets %s', (_what, number, code, error, advice) =>
    play(async ({ dial }) => {
      const path = join(lab.folder, `${error}-${number}.json`);
      const ran = await dial([number, '--wait', '10s', '--report', path]);
      expect(ran).toMatchObject({ code, stdout: '' });
      expect(ran.stderr).toContain(`[${error}]`);
      expect(ran.stderr).toContain(advice);
      expect(report(ran, path)).toMatchObject({ number, connected: false, onHook: true, error: { code: error } });
    }),
  );

  it.concurrent('carries every byte both ways in a pipe, and nothing else', () =>
    play(async ({ start }) => {
      const sent = Buffer.concat([Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)), randomBytes(100_000)]);
      const running = start([SUBSCRIBERS.echo, '--idle', '1s'], { stdio: ['pipe', 'pipe', 'pipe'] });
      const received: Buffer[] = [];
      running.child
        .stdout!.setEncoding('latin1')
        .on('data', (text: string) => received.push(Buffer.from(text, 'latin1')));
      running.child.stdin!.end(sent);
      // Not lab.end(), which wants no control characters on stdout.
      const ran = await running.ended;
      expect(ran.code).toBe(0);
      const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
      expect(hash(Buffer.concat(received))).toBe(hash(sent));
      expect(ran.stderr).toMatch(/^Connected: 33600 bit\/s, V\.34, LAPM, V\.42bis\n/);
      expect(ran.stderr).toMatch(ON_HOOK);
    }));

  it.concurrent('is cut off while stdin is still open: 21', () =>
    play(async ({ start }) => {
      const running = start([SUBSCRIBERS.drop], { stdio: ['pipe', 'pipe', 'pipe'] });
      const ran = await lab.end(running);
      expect(ran).toMatchObject({ code: 21, stdout: '' });
      expect(ran.stderr).toContain('[CUT_OFF]');
      expect(ran.stderr).toContain('line is on-hook, the modem is ready');
    }));

  it.concurrent('ends well when the far end hangs up after stdin has ended: 0', () =>
    play(async ({ dial }) => {
      expect(await dial([SUBSCRIBERS.drop])).toMatchObject({ code: 0, stdout: '' });
    }));

  it.concurrent('--check finds its text, and says what came instead', () =>
    play(async ({ dial, modem }) => {
      const chat = join(lab.folder, `${modem.name}.chat`);
      writeFileSync(chat, `'' 'ready> \\c'\n`);
      expect(await dial(['--chat', chat, '--check', 'ready>', SUBSCRIBERS.echo, '--json'])).toMatchObject({ code: 0 });
      const ran = await dial(['--chat', chat, '--check', 'login:', '--idle', '300ms', SUBSCRIBERS.echo, '--json']);
      expect(ran.code).toBe(22);
      expect(documentOf(ran)).toMatchObject({ connected: true, onHook: true, error: { code: 'SCRIPT_FAILED' } });
      expect(documentOf(ran).error?.hint).toContain('ready>');
    }));

  it.concurrent('--exec gives the call to a program', () =>
    play(async ({ dial }) => {
      const ran = await dial(['--exec', 'printf "one\\ntwo\\n"; read a; read b; echo "$b $a" >&2', SUBSCRIBERS.echo]);
      expect(ran).toMatchObject({ code: 0, stdout: '' });
      expect(ran.stderr).toContain('two one\n');
    }));

  it.concurrent('--exec: what the shell has started ends with the call as well', () =>
    play(async ({ dial }) => {
      const ran = await dial(['--exec', 'sleep 60 & echo "pid $!" >&2; wait', SUBSCRIBERS.drop]);
      const pid = /^pid (\d+)$/m.exec(ran.stderr)![1];
      // A zombie has a folder still, but no command line.
      const commandLine = `/proc/${pid}/cmdline`;
      await until('it has ended', () => !existsSync(commandLine) || readFileSync(commandLine).length === 0);
    }));

  it.concurrent('--exec: a program that fails is 22, one that the carrier leaves alone is 21', () =>
    play(async ({ dial }) => {
      expect(await dial(['--exec', 'exit 3', SUBSCRIBERS.echo, '--json'])).toMatchObject({ code: 22 });
      expect(await dial(['--exec', 'exec sleep 60', SUBSCRIBERS.drop])).toMatchObject({ code: 21 });
    }));

  it.concurrent('--tty hands the tty over, with every byte that came after CONNECT', () =>
    play(async ({ dial }) => {
      const ran = await dial(['--tty', 'printf abc > "$MODEMCTL_TTY"; head -c 3 < "$MODEMCTL_TTY"', SUBSCRIBERS.echo]);
      expect(ran).toMatchObject({ code: 0, stdout: 'abc' });
      expect(ran.stderr).toMatch(ON_HOOK);
    }));

  it.concurrent('--chat logs in, keeps its secrets out of the trace, and its failure is 22', () =>
    play(async ({ dial, modem }) => {
      const chat = join(lab.folder, `${modem.name}.chat`);
      const trace = join(lab.folder, `${modem.name}.trace`);
      writeFileSync(chat, "TIMEOUT 1 '' 'user\\c' user '\\qhush\\c' never ''\n");
      const ran = await dial(['--chat', chat, '--trace', trace, SUBSCRIBERS.sink, '--report', `${trace}.json`]);
      expect(ran.code).toBe(22);
      const text = readFileSync(trace, 'utf8');
      expect(text).toContain('> user');
      expect(text).not.toContain('hush');
    }));

  it.concurrent('--tries dials again after BUSY only', () =>
    play(async ({ dial }) => {
      const path = join(lab.folder, 'tries.json');
      const options = ['--tries', '3', '--retry-delay', '50ms', '--report', path];
      const busy = await dial([SUBSCRIBERS.busy, ...options]);
      expect(busy.code).toBe(11);
      expect(report(busy, path).attempts).toHaveLength(3);
      const voice = await dial([SUBSCRIBERS.voice, '--wait', '5s', ...options]);
      expect(voice.code).toBe(20);
      expect(report(voice, path).attempts).toHaveLength(1);
    }));

  it.concurrent.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s while it rings leaves the line on-hook', (signal) =>
    play(async ({ modem, start }) => {
      const running = start([SUBSCRIBERS.noAnswer, '-v', '--show-numbers']);
      await running.says('> ATDT5550196');
      await until('it dials', () => modem.dce!.state.offHook);
      running.kill(signal);
      const ran = await lab.end(running);
      expect(ran.signal).toBe(signal);
      expect(ran.stderr).toContain('line is on-hook, the modem is ready');
    }),
  );

  it.concurrent('SIGTERM in a call leaves the line on-hook', () =>
    play(async ({ start }) => {
      const running = start([SUBSCRIBERS.sink], { stdio: ['pipe', 'pipe', 'pipe'] });
      await running.says('Connected:');
      running.kill('SIGTERM');
      const ran = await lab.end(running);
      expect(ran.signal).toBe('SIGTERM');
      expect(ran.stderr).toContain('line is on-hook, the modem is ready');
    }));

  it.concurrent.each([
    ['a pipe', []],
    ['--exec', ['--exec', 'cat']],
    ['--tty', ['--tty', 'cat {}']],
  ])('a modem that is pulled out in a call of %s: 21, in limited time', (_taker, args) =>
    play(async ({ modem, start }) => {
      const running = start([SUBSCRIBERS.sink, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
      await running.says('Connected:');
      await modem.perform({ do: 'unplug' });
      const ran = await lab.end(running);
      expect(ran.code).toBe(21);
      expect(ran.elapsedMs).toBeLessThan(30_000);
      await modem.perform({ do: 'plug' });
    }),
  );

  it.concurrent('says what the call is to be like', () =>
    play(async ({ dial }) => {
      const ran = await dial([
        '--max-speed',
        '9600',
        '--no-error-correction',
        '--check',
        'x',
        '--idle',
        '100ms',
        SUBSCRIBERS.echo,
      ]);
      expect(ran.stderr).toMatch(/^Connected: 9600 bit\/s/);
    }));

  it.concurrent.each([
    [['dial'], /number/],
    [['dial', 'abc+1'], /cannot be dialled/],
    [['dial', '5550100', '--json'], /--report/],
    [['dial', '5550100', '--exec', 'true', '--tty', 'true'], /one taker/],
    [['dial', '5550100', '--exec', ''], /--exec is empty/],
    [['dial', '5550100', '--tty', ' '], /--tty is empty/],
    [['dial', '5550100', '--check', ''], /--check is empty/],
    [['dial', '5550100', '--exec', '/nowhere/at/all'], /no program \/nowhere\/at\/all/, 8],
    [['dial', '5550100', '--chat', '/nowhere/at/all'], /chat script cannot be read/],
    [['dial', '5550100', '--tries', '0'], /--tries/],
    [['dial', '5550100', '--modulation', 'V99'], /V99/],
    [['dial', '5550100', '--report', '/nowhere/at/all'], /report cannot be written/],
    [['dial', '5550100', '--retry-on', 'luck'], /busy,no-answer/],
  ])('%j is refused before the modem hears of it', async (args, says, code = 2) => {
    const modem = await lab.plugInOne();
    const ran = await lab.run([...args, '-d', modem.name]);
    expect(ran.code).toBe(code);
    expect(ran.stdout + ran.stderr).toMatch(says);
  });
});
