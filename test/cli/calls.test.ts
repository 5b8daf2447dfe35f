import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SUBSCRIBERS } from '../../src/virtual/exchange/subscribers.ts';
import { documentOf, hasVirtualModems, Lab } from '../support/cli.ts';

describe.skipIf(!hasVirtualModems)('a call that at makes', () => {
  const lab = new Lab();
  const at = (...args: string[]) => lab.run(['-d', 'usr5637', 'at', ...args]);
  const dial = (number: string) => `ATDT${number}`;
  const state = () => {
    const { mode, offHook, dtr } = lab.modem().dce!.state;
    return { mode, offHook, dtr };
  };

  beforeAll(() => lab.plugIn());
  beforeEach(() => lab.refresh());
  afterEach(async () => {
    // Whatever became of it, the line is free; the modem's own state says so.
    await expect.poll(state).toEqual({ mode: 'command', offHook: false, dtr: false });
  });
  afterAll(() => lab.close());

  it.each([
    ['is answered', SUBSCRIBERS.echo, 0, null],
    ['meets a busy line', SUBSCRIBERS.busy, 11, 'BUSY'],
    ['is answered by a person', SUBSCRIBERS.voice, 20, 'NO_CARRIER'],
    ['is answered by nobody', SUBSCRIBERS.noAnswer, 20, 'NO_CARRIER'],
    ['is answered by nobody who keeps quiet (@)', `${SUBSCRIBERS.noAnswer}@`, 12, 'NO_ANSWER'],
  ])('%s', async (_what, number, code, error) => {
    const ran = await at('ATS7=8', dial(number), '--json');
    expect(ran.code).toBe(code);
    const document = documentOf(ran);
    expect(document.error?.code ?? null).toBe(error);
    expect(document.commands).toMatchObject([{ result: 'OK' }, { command: dial(number), result: expect.any(String) }]);
  });

  it('ends before we leave, and the modem is proved ready', async () => {
    const ran = await at(dial(SUBSCRIBERS.echo));
    expect(ran).toMatchObject({ code: 0, stdout: '' });
    expect(ran.stderr).toMatch(/^CONNECT 33600\S*\nline is on-hook, the modem is ready\n$/);
  });

  it('has no dial tone on a cut line; the advice is a command', async () => {
    await lab.modem().perform({ do: 'cut' });
    const ran = await at(dial(SUBSCRIBERS.echo));
    await lab.modem().perform({ do: 'mend' });
    expect(ran.code).toBe(10);
    expect(ran.stderr).toMatch(/answered NO DIALTONE to ATDT5550100\. \[NO_DIALTONE\]\n/);
    const advice = /modemctl -d usr5637 at 'ATX3DT5550100'$/m.exec(ran.stderr)?.[0] ?? 'false';
    expect(await lab.paste(advice)).toMatchObject({ code: 0 });
  });

  it.each(['delayed', 'blacklisted'])('is refused by a modem that is %s: exit 13', async (how) => {
    lab.modem().misbehave(how);
    const ran = await at(dial(SUBSCRIBERS.echo));
    expect(ran.code).toBe(13);
    expect(ran.stderr).toContain(`answered ${how.toUpperCase()} to ATDT5550100. [REFUSED]`);
  });

  it('is dropped right after CONNECT: the command itself was answered', async () => {
    lab.modem().misbehave('connect-drop');
    expect(await at(dial(SUBSCRIBERS.echo))).toMatchObject({ code: 0 });
  });

  it('can be spoken to in between: the escape sequence leads to the online command state', async () => {
    const ran = await at(dial(SUBSCRIBERS.echo), 'ATI3', 'ATH');
    expect(ran).toMatchObject({ code: 0, stdout: 'U.S. Robotics 56K FAX USB V1.2.23\n' });
    expect(ran.stderr).toMatch(/^CONNECT .+\nOK\nOK\nline is on-hook/);
  });

  it('takes too long: broken off by one character, exit 6, and no talk of a hung modem', async () => {
    const ran = await at(dial(SUBSCRIBERS.noAnswer), '--timeout', '1s');
    expect(ran.code).toBe(6);
    expect(ran.stderr).toMatch(
      /had no result for ATDT5550196, so it was broken off .+\[NOT_RESPONDING\]\nGive it more/,
    );
    expect(ran.stderr).not.toContain('reset');
  });

  it('cannot be kept on a PTY, whose other end sees the close: said, and ended in order', async () => {
    const ran = await at(dial(SUBSCRIBERS.echo), '--keep');
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/note: a call cannot be kept up here.*\nline is on-hook/);
  });

  it('ends with the modem pulled out: exit 7', async () => {
    const running = lab.start(['-d', 'usr5637', '-v', 'at', dial(SUBSCRIBERS.noAnswer), '--show-numbers']);
    await running.says('> ATDT5550196');
    await lab.modem().perform({ do: 'unplug' });
    expect(await lab.end(running)).toMatchObject({ code: 7 });
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'is broken off and ended in order on %s, and that is proved',
    async (signal) => {
      const running = lab.start(['-d', 'usr5637', '-v', 'at', dial(SUBSCRIBERS.noAnswer), '--show-numbers']);
      await running.says('> ATDT5550196');
      running.kill(signal);
      const ran = await lab.end(running);
      expect(ran).toMatchObject({ code: null, signal, stdout: '' });
      expect(ran.stderr).toContain('line is on-hook, the modem is ready');
    },
  );

  it('ends at once on a second signal, without leaving a lock behind', async () => {
    const running = lab.start(['-d', 'usr5637', '-v', 'at', dial(SUBSCRIBERS.noAnswer), '--show-numbers']);
    await running.says('> ATDT5550196');
    lab.modem().misbehave('silent');
    running.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 700));
    running.kill('SIGINT');
    const begin = performance.now();
    expect(await lab.end(running)).toMatchObject({ signal: 'SIGINT' });
    expect(performance.now() - begin).toBeLessThan(500);
    await lab.refresh();
  });
});
