import { spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { SUBSCRIBERS } from '../../src/virtual/exchange/subscribers.ts';
import type { VirtualModem } from '../../src/virtual/virtual-modem.ts';
import { hasVirtualModems, Lab, Running } from '../support/cli.ts';

interface Scene {
  /** The modem's tty, open. */
  readonly fd: number;
  readonly modem: VirtualModem;
}

/** `-d -`: whoever gave us the modem on stdin and stdout goes on with it. */
describe.skipIf(!hasVirtualModems)('a modem on stdin and stdout', () => {
  const lab = new Lab();
  afterAll(() => lab.close());

  const runOn = (fd: number, ...args: string[]) => lab.run(args, { stdio: [fd, fd, 'pipe'] });
  const settingsOf = (fd: number) => spawnSync('stty', ['-a'], { stdio: [fd, 'pipe', 'inherit'] }).stdout.toString();

  const play = async (test: (scene: Scene) => Promise<void>) => {
    const modem = await lab.plugInOne();
    const fd = openSync(modem.tty!, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    try {
      await test({ fd, modem });
    } finally {
      closeSync(fd);
    }
  };

  it.concurrent('dial leaves the call up and the terminal as it was; hangup ends it', () =>
    play(async ({ fd, modem }) => {
      const before = settingsOf(fd);
      const ran = await runOn(fd, '-d', '-', 'dial', SUBSCRIBERS.echo);
      expect(ran).toMatchObject({ code: 0, signal: null });
      expect(ran.stderr).toBe('Connected: 33600 bit/s, V.34, LAPM, V.42bis\n');
      expect(settingsOf(fd)).toBe(before);
      expect(modem.dce!.state).toMatchObject({ mode: 'data', offHook: true });
      const ended = await runOn(fd, 'hangup', '-');
      expect(ended.code).toBe(0);
      expect(ended.stderr).toContain('line is on-hook, the modem is ready');
      expect(modem.dce!.state).toMatchObject({ mode: 'command', offHook: false });
    }));

  it.concurrent('a call that fails ends on-hook, with its own exit code', () =>
    play(async ({ fd, modem }) => {
      const ran = await runOn(fd, '-d', '-', 'dial', SUBSCRIBERS.busy);
      expect(ran.code).toBe(11);
      expect(ran.stderr).toContain('line is on-hook, the modem is ready\n');
      expect(modem.dce!.state).toMatchObject({ mode: 'command', offHook: false });
    }));

  it.concurrent('SIGTERM while it dials puts the line on-hook', () =>
    play(async ({ fd, modem }) => {
      const before = settingsOf(fd);
      const running = lab.start(['-d', '-', '-v', 'dial', SUBSCRIBERS.noAnswer], { stdio: [fd, fd, 'pipe'] });
      await running.says('> ATDT');
      running.kill('SIGTERM');
      const ran = await running.ended;
      expect(ran.signal).toBe('SIGTERM');
      expect(ran.stderr).toContain('line is on-hook, the modem is ready\n');
      expect(settingsOf(fd)).toBe(before);
      expect(modem.dce!.state).toMatchObject({ mode: 'command', offHook: false });
    }));

  it.concurrent('at has its information text on stderr: stdout is the modem', () =>
    play(async ({ fd }) => {
      const ran = await runOn(fd, '-d', '-', 'at', 'ATI0');
      expect(ran.code).toBe(0);
      expect(ran.stderr).toBe(' 5601\nOK\n');
    }));

  it.concurrent('a modem that says nothing is 6', () =>
    play(async ({ fd, modem }) => {
      modem.misbehave('silent');
      expect(await runOn(fd, '-d', '-', 'at', '--timeout', '1s')).toMatchObject({ code: 6 });
    }));

  it.concurrent('dial --exec has the call, which ends with it', () =>
    play(async ({ fd, modem }) => {
      const ran = await runOn(fd, '-d', '-', 'dial', '--exec', 'echo hello; read a; echo "$a" >&2', SUBSCRIBERS.echo);
      expect(ran.code).toBe(0);
      expect(ran.stderr).toMatch(/\nhello\n[\s\S]*line is on-hook/);
      expect(modem.dce!.state).toMatchObject({ mode: 'command', offHook: false });
    }));

  it.concurrent('through sockets, with a far end that talks in the packet of CONNECT: not a byte of it is taken', async () => {
    const child = spawn('sh', ['-c', 'modemctl -d - dial 5550137 && exec head -c 5 >&2'], {
      env: lab.env,
      cwd: lab.folder,
      stdio: 'pipe',
    });
    const running = new Running(child);
    let line = '';
    child.stdout.on('data', (text: string) => {
      child.stdin.write(text);
      line += text;
      if (!line.endsWith('\r')) return;
      child.stdin.write(/ATD/.test(line) ? '\r\nCONNECT 33600\r\nhello' : '\r\nOK\r\n');
      line = '';
    });
    const ran = await running.ended;
    expect(ran).toMatchObject({ code: 0, stderr: 'Connected: 33600 bit/s\nhello' });
    // Commands and nothing else.
    expect(ran.stdout.split('\r').every((part) => /^(AT[ -~]*)?$/.test(part))).toBe(true);
  });

  it.concurrent('whoever gave it has gone: 7, at once', async () => {
    const ran = await lab.run(['-d', '-', 'at'], { input: '' });
    expect(ran).toMatchObject({ code: 7, stdout: '' });
  });

  it.concurrent.each([
    [['dial', '--tty', 'true', SUBSCRIBERS.echo], '--tty needs a modem of its own'],
    [['dial', '--json', SUBSCRIBERS.echo], 'stdout'],
    [['at', '-'], 'stdin is the modem'],
    [['reset'], 'makes no sense'],
  ])('%s', async (args, said) => {
    const ran = await lab.run(['-d', '-', ...args]);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain(said);
  });
});
