import { afterAll, describe, expect, it } from 'vitest';
import { SUBSCRIBERS } from '../../src/virtual/exchange/subscribers.ts';
import type { VirtualModem } from '../../src/virtual/virtual-modem.ts';
import { documentOf, hasVirtualModems, Lab, type Ran } from '../support/cli.ts';
import { until } from '../virtual/support/wait.ts';

/** A modem of its own, and what at does with it. */
interface Scene {
  readonly modem: VirtualModem;
  at(...args: string[]): Promise<Ran>;
}

describe.skipIf(!hasVirtualModems)('a call that at makes', () => {
  const lab = new Lab();
  const dial = (number: string) => `ATDT${number}`;

  afterAll(() => lab.close());

  /** Plays a test. Whatever became of its call, the line is free afterwards; the modem's own state says so. */
  const play = async (test: (scene: Scene) => Promise<void>) => {
    const modem = await lab.plugInOne();
    await test({ modem, at: (...args) => lab.run(['-d', modem.name, 'at', ...args]) });
    await until('the line is free', () => {
      const { mode, offHook, dtr } = modem.dce!.state;
      return mode === 'command' && !offHook && !dtr;
    });
  };
  const startDialling = async ({ modem }: Scene) => {
    const running = lab.start(['-d', modem.name, '-v', 'at', dial(SUBSCRIBERS.noAnswer), '--show-numbers']);
    await running.says('> ATDT5550196');
    return running;
  };

  it.concurrent.each([
    ['is answered', SUBSCRIBERS.echo, 0, null],
    ['meets a busy line', SUBSCRIBERS.busy, 11, 'BUSY'],
    ['is answered by a person', SUBSCRIBERS.voice, 20, 'NO_CARRIER'],
    ['is answered by nobody', SUBSCRIBERS.noAnswer, 20, 'NO_CARRIER'],
    ['is answered by nobody who keeps quiet (@)', `${SUBSCRIBERS.noAnswer}@`, 12, 'NO_ANSWER'],
  ])('%s', (_what, number, code, error) =>
    play(async ({ at }) => {
      const ran = await at('ATS7=8', dial(number), '--json');
      expect(ran.code).toBe(code);
      const document = documentOf(ran);
      expect(document.error?.code ?? null).toBe(error);
      expect(document.commands).toMatchObject([
        { result: 'OK' },
        { command: dial(number), result: expect.any(String) },
      ]);
    }),
  );

  it.concurrent('ends before we leave, and the modem is proved ready', () =>
    play(async ({ at }) => {
      const ran = await at(dial(SUBSCRIBERS.echo));
      expect(ran).toMatchObject({ code: 0, stdout: '' });
      expect(ran.stderr).toMatch(/^CONNECT 33600\S*\nline is on-hook, the modem is ready\n$/);
    }));

  it.concurrent('has no dial tone on a cut line; the advice is a command', () =>
    play(async ({ modem, at }) => {
      await modem.perform({ do: 'cut' });
      const ran = await at(dial(SUBSCRIBERS.echo));
      await modem.perform({ do: 'mend' });
      expect(ran.code).toBe(10);
      expect(ran.stderr).toMatch(/answered NO DIALTONE to ATDT5550100\. \[NO_DIALTONE\]\n/);
      const advice = /modemctl -d \S+ at ATX3DT5550100$/m.exec(ran.stderr)?.[0] ?? 'false';
      expect(await lab.paste(advice)).toMatchObject({ code: 0 });
    }));

  it.concurrent.each(['delayed', 'blacklisted'])('is refused by a modem that is %s: exit 13', (how) =>
    play(async ({ modem, at }) => {
      modem.misbehave(how);
      const ran = await at(dial(SUBSCRIBERS.echo));
      expect(ran.code).toBe(13);
      expect(ran.stderr).toContain(`answered ${how.toUpperCase()} to ATDT5550100. [REFUSED]`);
    }),
  );

  it.concurrent('is dropped right after CONNECT: the command itself was answered', () =>
    play(async ({ modem, at }) => {
      modem.misbehave('connect-drop');
      expect(await at(dial(SUBSCRIBERS.echo))).toMatchObject({ code: 0 });
    }));

  it.concurrent('can be spoken to in between: the escape sequence leads to the online command state', () =>
    play(async ({ at }) => {
      const ran = await at(dial(SUBSCRIBERS.echo), 'ATI3', 'ATH');
      expect(ran).toMatchObject({ code: 0, stdout: 'U.S. Robotics 56K FAX USB V1.2.23\n' });
      expect(ran.stderr).toMatch(/^CONNECT .+\nOK\nOK\nline is on-hook/);
    }));

  it.concurrent('takes too long: broken off by one character, exit 6, and no talk of a hung modem', () =>
    play(async ({ at }) => {
      const ran = await at(dial(SUBSCRIBERS.noAnswer), '--timeout', '1s');
      expect(ran.code).toBe(6);
      expect(ran.stderr).toMatch(/had no result for ATDT5550196, so it was broken off .+\[NOT_RESPONDING\]\nGive it/);
      expect(ran.stderr).not.toContain('reset');
    }));

  it.concurrent('cannot be kept on a PTY, whose other end sees the close: said, and ended in order', () =>
    play(async ({ at }) => {
      const ran = await at(dial(SUBSCRIBERS.echo), '--keep');
      expect(ran.code).toBe(0);
      expect(ran.stderr).toMatch(/note: a call cannot be kept up here.*\nline is on-hook/);
    }));

  it.concurrent('ends with the modem pulled out: exit 7', () =>
    play(async (scene) => {
      const running = await startDialling(scene);
      await scene.modem.perform({ do: 'unplug' });
      expect(await lab.end(running)).toMatchObject({ code: 7 });
    }));

  it.concurrent.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'is broken off and ended in order on %s, and that is proved',
    (signal) =>
      play(async (scene) => {
        const running = await startDialling(scene);
        running.kill(signal);
        const ran = await lab.end(running);
        expect(ran).toMatchObject({ code: null, signal, stdout: '' });
        expect(ran.stderr).toContain('line is on-hook, the modem is ready');
      }),
  );

  it.concurrent('takes a signal that comes twice at once (timeout, npm) for one', () =>
    play(async (scene) => {
      const running = await startDialling(scene);
      running.kill('SIGINT');
      await new Promise((resolve) => setTimeout(resolve, 50));
      running.kill('SIGINT');
      expect(await lab.end(running)).toMatchObject({ signal: 'SIGINT', stderr: expect.stringContaining('on-hook') });
    }));

  it.concurrent('ends at once on a second signal, without leaving a lock behind', () =>
    play(async (scene) => {
      const running = await startDialling(scene);
      scene.modem.misbehave('silent');
      running.kill('SIGINT');
      await new Promise((resolve) => setTimeout(resolve, 700));
      const begin = performance.now();
      running.kill('SIGINT');
      expect(await lab.end(running)).toMatchObject({ signal: 'SIGINT' });
      expect(performance.now() - begin).toBeLessThan(1000);
      scene.modem.misbehave(null);
      await scene.modem.perform({ do: 'power-cycle' });
    }));
});
