import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { LineClient } from '../../src/native/line-client.ts';
import { documentOf, hasVirtualModems, Lab, type Running } from '../support/cli.ts';

describe.skipIf(!hasVirtualModems)('health', () => {
  const lab = new Lab();

  beforeAll(() => lab.plugIn({ models: ['hiro'] }));
  afterAll(() => lab.close());

  const health = async (name: string) => {
    const ran = await lab.run(['health', '--json', name]);
    return { ...ran, document: documentOf(ran) };
  };

  async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = systemClock.now() + 50_000;
    while (!(await holds())) {
      if (systemClock.now() > deadline) throw new Error(`never: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** What its keeper says of a modem. */
  async function status(name: string) {
    const client = await LineClient.connect(join(lab.folder, 'modemctl', `${name}.sock`), systemClock);
    const reply = await client?.ask({ do: 'status' }, 20_000);
    client?.close();
    return reply ?? {};
  }

  async function keeping(command: string, name: string, ...args: string[]): Promise<Running> {
    const running = lab.start([command, name, ...args]);
    await until(`${command} keeps it`, async () => (await status(name)).state === 'idle');
    return running;
  }

  async function end(running: Running): Promise<void> {
    running.kill('SIGINT');
    await lab.end(running);
  }

  const UNKNOWN = { lastAnswerAt: null, lastCallAt: null, ringsWithoutCallerId: null, recoveries24h: null };

  it.concurrent('of a modem that answers is ready, and nothing but an AT was asked', async () => {
    const modem = await lab.plugInOne();
    const { code, document, stderr } = await health(modem.name);
    expect(code).toBe(0);
    expect(document).toEqual({
      schemaVersion: 1,
      ok: true,
      modem: modem.name,
      tty: modem.tty,
      state: 'ready',
      heldBy: [],
      keptBy: null,
      ...UNKNOWN,
    });
    expect(stderr).toBe('');
    expect(modem.dce!.state.commandCount).toBe(1);
    const told = await lab.run(['health', modem.name]);
    expect(told).toMatchObject({ code: 0, stderr: '' });
    expect(told.stdout).toBe(`U.S. Robotics USR5637 at ${modem.name} (${modem.tty}): ready\n`);
  });

  it.concurrent.each([
    ['silent', 'silent', 'takes bytes and does not answer', 'Bring it back:'],
    ['garbage', 'silent', 'takes bytes and does not answer', 'Bring it back:'],
    ['dead-after-reset', 'silent', 'takes bytes and does not answer', 'Bring it back:'],
    ['late=60000', 'silent', 'takes bytes and does not answer', 'Bring it back:'],
    ['stuck-data', 'stuck-data', 'was stuck in data state, without a carrier', 'Asking it has ended that'],
    ['stuck-voice', 'stuck-voice', 'was stuck in voice or fax state', 'Asking it has ended that'],
  ])('of one that is %s is exit 6, %s, and names the next step', async (hang, state, what, hint) => {
    const modem = await lab.plugInOne();
    modem.misbehave(hang);
    const { code, document, elapsedMs } = await health(modem.name);
    expect(code).toBe(6);
    expect(document).toMatchObject({ modem: modem.name, tty: modem.tty, state, heldBy: [], keptBy: null });
    expect(document.error).toMatchObject({ code: 'NOT_RESPONDING', message: expect.stringMatching(`${what}$`) });
    expect(document.error?.hint).toContain(hint);
    expect(document.error?.hint).toContain(`modemctl reset -d ${modem.name}`);
    expect(modem.dce!.state.offHook, 'it is not left off-hook').toBe(false);
    expect(modem.dce!.state.log.map(({ event }) => event)).not.toContain('replug');
    expect(elapsedMs).toBeLessThan(25_000);
  });

  it.concurrent.each(['quiet', 'numeric', 'echo-off', 'ring-in-answer'])(
    'takes no odd profile for a fault: %s',
    async (manner) => {
      const modem = await lab.plugInOne();
      modem.misbehave(manner);
      expect((await health(modem.name)).document).toMatchObject({ ok: true, state: 'ready' });
    },
  );

  it.concurrent('of one that goes away when it is asked is exit 7', async () => {
    const modem = await lab.plugInOne();
    modem.misbehave('vanish=60');
    const { code, document } = await health(modem.name);
    expect(code).toBe(7);
    expect(document).toMatchObject({ state: 'gone', error: { code: 'GONE' } });
  });

  it.concurrent('of a winmodem is exit 3, no-tty, with the reason', async () => {
    const { code, document } = await health('hiro');
    expect(code).toBe(3);
    expect(document).toMatchObject({ state: 'no-tty', tty: null, error: { code: 'UNUSABLE' } });
    expect(document.error?.message).toContain('WINMODEM');
  });

  it.concurrent('of none is exit 3', async () => {
    const { code, document } = await health('nothing-of-the-kind');
    expect(code).toBe(3);
    expect(document).toMatchObject({ ok: false, error: { code: 'NO_MODEM' } });
  });

  it.concurrent('does not touch a modem that another program has: exit 5, by whom', async () => {
    const modem = await lab.plugInOne();
    const stranger = spawn('sh', ['-c', `exec 3<>${modem.tty}; echo; exec sleep 60`], { env: lab.env });
    await new Promise((resolve) => stranger.stdout.once('data', resolve));
    await until('the modem has seen that', () => modem.dce!.state.dtr);
    const before = modem.dce!.state.log.length;
    const { code, document } = await health(modem.name);
    expect(code).toBe(5);
    expect(document).toMatchObject({
      state: 'held',
      heldBy: [{ pid: stranger.pid, command: 'sleep' }],
      keptBy: null,
      error: { code: 'IN_USE' },
    });
    expect(modem.dce!.state.log.length).toBe(before);
    expect(modem.dce!.state.commandCount).toBe(0);
    stranger.kill();
    await new Promise((resolve) => stranger.once('exit', resolve));
  });

  it.concurrent.each(['watch', 'answer'])('of one that %s keeps is armed, by the word of that', async (command) => {
    const modem = await lab.plugInOne();
    // Then no caller ID comes.
    modem.misbehave('init-error=+VCID=1');
    const running = await keeping(command, modem.name);
    const asked = modem.dce!.state.commandCount;
    const first = (await health(modem.name)).document;
    expect(first).toMatchObject({
      ok: true,
      state: 'armed',
      tty: modem.tty,
      heldBy: [{ pid: running.pid, command: 'modemctl' }],
      keptBy: command,
      lastCallAt: null,
      ringsWithoutCallerId: 0,
      recoveries24h: 0,
    });
    expect(first.lastAnswerAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/);
    expect(Date.now() - Date.parse(first.lastAnswerAt)).toBeLessThan(20_000);
    // One ring: answer does not pick up.
    await modem.perform({ do: 'ring', rings: 1 });
    await until('the ring is counted', async () => (await status(modem.name)).ringsWithoutCallerId === 1);
    const second = (await health(modem.name)).document;
    expect(Date.parse(second.lastCallAt)).toBeGreaterThan(Date.parse(first.lastAnswerAt));
    expect(second.state).toBe('armed');
    const told = await lab.run(['health', modem.name], { env: { TZ: 'UTC' } });
    expect(told.stdout).toMatch(
      new RegExp(
        `: armed, kept by modemctl ${command} \\(pid ${running.pid}\\)\n  last answered AT +\\d.+\n  last call +\\d.+\n  rings without caller ID  1\n  recoveries in 24 h +0\n$`,
      ),
    );
    expect(modem.dce!.state.commandCount, 'the modem was asked nothing').toBe(asked);
    await end(running);
    expect(running.stdout + running.stderr).not.toMatch(/lent/);
  });

  it.concurrent('counts how often its keeper brought it back, and says so while it does', async () => {
    const modem = await lab.plugInOne();
    const running = await keeping('watch', modem.name, '--check-every', '1s');
    modem.misbehave('silent');
    await until('it is noticed', async () => (await status(modem.name)).state === 'recovering');
    const { code, document } = await health(modem.name);
    // On a busy machine it may be back before health has started.
    if (code === 6) {
      expect(document).toMatchObject({ state: 'silent', keptBy: 'watch', error: { code: 'NOT_RESPONDING' } });
    }
    await until('it was brought back', async () => (await status(modem.name)).state === 'idle');
    expect((await health(modem.name)).document).toMatchObject({ state: 'armed', recoveries24h: 1 });
    await end(running);
  }, 60_000);

  it.concurrent('of one whose keeper found it hung and may not bring it back is exit 6', async () => {
    const modem = await lab.plugInOne();
    const running = await keeping('watch', modem.name, '--check-every', '1s', '--no-recover');
    modem.misbehave('silent');
    await running.says('hung');
    const { code, document } = await health(modem.name);
    expect(code).toBe(6);
    expect(document).toMatchObject({ state: 'silent', keptBy: 'watch' });
    expect(document.error?.hint).toContain(`modemctl reset -d ${modem.name}`);
    await end(running);
  });

  it.concurrent('of one that its keeper waits for, unplugged, is exit 7', async () => {
    const modem = await lab.plugInOne();
    const running = await keeping('watch', modem.name);
    await modem.perform({ do: 'unplug' });
    await running.says('unplugged');
    const { code, document } = await health(modem.name);
    expect(code).toBe(7);
    expect(document).toMatchObject({ state: 'gone', keptBy: 'watch', error: { code: 'GONE' } });
    await end(running);
  });

  it.concurrent.each([false, true])('writes nothing into a call of dial (kept by watch: %s): exit 0', async (kept) => {
    const modem = await lab.plugInOne();
    const watch = kept ? await keeping('watch', modem.name) : null;
    const dial = lab.start(['dial', '-d', modem.name, '5550100'], { stdio: ['pipe', 'pipe', 'pipe'] });
    await dial.says('Connected');
    const { code, document } = await health(modem.name);
    expect(document).toMatchObject({ state: 'in-call', keptBy: kept ? 'watch' : 'dial' });
    expect(code).toBe(0);
    dial.child.stdin!.write('still here\n');
    await dial.says('still here');
    dial.child.stdin!.end();
    const hangUp = await lab.run(['hangup', modem.name]);
    expect(hangUp.code).toBe(0);
    const ran = await lab.end(dial);
    // The far end is an echo: what health had written would be in it.
    expect(ran.stdout).toBe('still here\n');
    if (watch) await end(watch);
  });

  it.concurrent('of one that a terminal has is exit 5, by whom', async () => {
    const modem = await lab.plugInOne();
    const program = lab.start(['exec', '-d', modem.name, '--', 'sleep', '60'], { stdio: ['pipe', 'pipe', 'pipe'] });
    await until('exec has it', async () => (await status(modem.name)).state === 'taken');
    expect((await health(modem.name)).document).toMatchObject({ state: 'held', error: { code: 'IN_USE' } });
    program.kill('SIGTERM');
    await lab.end(program);
  });

  it.concurrent('is broken off by a signal, and says nothing of the modem then', async () => {
    const modem = await lab.plugInOne();
    modem.misbehave('silent');
    const running = lab.start(['health', modem.name, '--json', '-v']);
    await running.says('> ATE1V1Q0');
    const killed = systemClock.now();
    running.kill('SIGTERM');
    const ran = await lab.end(running);
    expect(ran.signal).toBe('SIGTERM');
    expect(documentOf(ran)).toMatchObject({ state: null, error: { code: 'SIGTERM' } });
    expect(systemClock.now() - killed).toBeLessThan(3000);
  });
});
