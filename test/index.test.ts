import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isModemctlError, listModems, type Modem, openModem } from '../src/index.ts';
import { SUBSCRIBERS } from '../src/virtual/exchange/subscribers.ts';
import { hasVirtualModems, Lab } from './support/cli.ts';

describe.skipIf(!hasVirtualModems)('the library', () => {
  const lab = new Lab();
  const before = process.env.XDG_RUNTIME_DIR;

  beforeAll(() => {
    process.env.XDG_RUNTIME_DIR = lab.env.XDG_RUNTIME_DIR;
  });
  afterAll(async () => {
    if (before === undefined) delete process.env.XDG_RUNTIME_DIR;
    else process.env.XDG_RUNTIME_DIR = before;
    await lab.close();
  });

  const withModem = async (use: (modem: Modem, offHook: () => boolean) => Promise<void>) => {
    const plugged = await lab.plugInOne();
    const modem = await openModem(plugged.name);
    try {
      await use(modem, () => plugged.dce!.state.offHook);
    } finally {
      await modem.close();
    }
  };

  it('lists modems and asks them', () =>
    withModem(async (modem) => {
      expect((await listModems()).map(({ id }) => id)).toContain(modem.id);
      expect(await modem.command('I3')).toMatchObject({
        lines: ['U.S. Robotics 56K FAX USB V1.2.23'],
        result: 'OK',
      });
      expect(await modem.recover()).toMatchObject({ recovered: true, recoveredBy: 'at' });
    }));

  it('calls: the call is a stream, and hangs up', () =>
    withModem(async (modem, offHook) => {
      const outcome = await modem.dial(SUBSCRIBERS.echo);
      if (!outcome.connected) throw new Error(outcome.reason);
      const { call } = outcome;
      expect(call.connection).toMatchObject({ rateBps: 33_600, modulation: 'V.34' });
      call.stream.write('hello');
      let heard = '';
      for await (const bytes of call.stream.iterator({ destroyOnReturn: false })) {
        heard += bytes;
        if (heard.length >= 5) break;
      }
      expect(heard).toBe('hello');
      expect(await call.hangUp()).toEqual({ free: true, recoveredBy: null });
      expect(offHook()).toBe(false);
      expect(await modem.command('AT')).toMatchObject({ result: 'OK' });
    }));

  it('tells the end of a call by the end of its stream', () =>
    withModem(async (modem) => {
      const outcome = await modem.dial(SUBSCRIBERS.drop);
      if (!outcome.connected) throw new Error(outcome.reason);
      for await (const bytes of outcome.call.stream) expect(bytes).toBeUndefined();
      expect(await outcome.call.hangUp()).toMatchObject({ free: true });
    }));

  it('has outcomes as values, and mistakes as errors', () =>
    withModem(async (modem, offHook) => {
      expect(await modem.dial(SUBSCRIBERS.busy)).toEqual({ connected: false, reason: 'busy' });
      expect(await modem.answer({ carrierWaitMs: 2000 })).toMatchObject({ connected: false });
      expect(offHook()).toBe(false);
      const refused = await modem.dial('+49 5550100').catch((error: unknown) => error);
      expect(isModemctlError(refused, 'USAGE')).toBe(true);
    }));

  const codeOf = (thrown: unknown) => (isModemctlError(thrown) ? thrown.code : thrown);
  const refusal = (promise: Promise<unknown>) => promise.then(() => 'nothing', codeOf);

  it('does one thing at a time, whatever is asked of it at once', () =>
    withModem(async (modem) => {
      const answers = await Promise.all(['I3', '+GMI', 'I3'].map((text) => modem.command(text)));
      expect(answers.map(({ lines }) => lines[0])).toEqual([
        'U.S. Robotics 56K FAX USB V1.2.23',
        'U.S. Robotics',
        'U.S. Robotics 56K FAX USB V1.2.23',
      ]);
      for (const { elapsedMs } of answers) expect(elapsedMs).toBe(Math.round(elapsedMs));
    }));

  it('refuses what would never end or make no sense', () =>
    withModem(async (modem) => {
      for (const timeoutMs of [Number.NaN, 0, -5, Number.POSITIVE_INFINITY, 2 ** 31]) {
        expect(await refusal(modem.command('I3', { timeoutMs })), String(timeoutMs)).toBe('USAGE');
      }
      expect(await refusal(modem.recover({ method: 'foo' as never }))).toBe('USAGE');
      expect(await refusal(modem.recover({ upTo: 'foo' as never }))).toBe('USAGE');
      expect(await refusal(modem.command(5 as never))).toBe('USAGE');
      expect(await refusal(openModem(5 as never))).toBe('USAGE');
    }));

  it('takes no commands in a call, and none after close, nor opens the modem again then', () =>
    withModem(async (modem) => {
      const outcome = await modem.dial(SUBSCRIBERS.echo);
      if (!outcome.connected) throw new Error(outcome.reason);
      expect(await refusal(modem.command('I3'))).toBe('IN_CALL');
      expect(await refusal(modem.dial(SUBSCRIBERS.busy))).toBe('IN_CALL');
      expect(await outcome.call.hangUp()).toMatchObject({ free: true });
      await modem.close();
      expect(await refusal(modem.command('I3'))).toBe('USAGE');
      expect(await refusal(modem.recover())).toBe('USAGE');
      expect((await listModems()).find(({ id }) => id === modem.id)).toMatchObject({ state: 'ready' });
      await (await openModem(modem.id)).close();
    }));

  it('does not open a modem for who has broken it off', async () => {
    const { name } = await lab.plugInOne();
    const reason = new Error('not any more');
    expect(await refusal(openModem(name, { signal: AbortSignal.abort(reason) }))).toBe(reason);
  });
});
