import { describe, expect, it } from 'vitest';
import { parseAtCommand } from '../../../src/at/command-line.ts';
import { ModemctlError } from '../../../src/core/errors.ts';
import { limitedTaker } from '../../../src/services/limited-taker.ts';
import type { Taker } from '../../../src/services/taker.ts';
import { AnsweringBench, listeningTaker } from './answering-bench.ts';

const ready = { offHook: false, mode: 'command', settings: { E: 1, Q: 0, V: 1 }, registers: { S0: 0, S2: 255 } };

describe('answering', () => {
  it.each(['usr5637', 'tfm561u'])('picks up at the second ring, knowing who calls (%s)', async (model) => {
    const bench = new AnsweringBench(model);
    await bench.start();
    await bench.call();
    expect(bench.kinds).toEqual(['waiting', 'ring', 'callerId', 'ring', 'answering', 'connect']);
    expect(bench.told.at(-1)).toMatchObject({
      call: { incoming: { caller: { number: '5550102', presentation: 'allowed' } }, connection: { rateBps: 33600 } },
    });
    expect(await bench.end()).toMatchObject({ kind: 'taken', taken: { endedBy: 'signal' } });
  });

  it('counts the rings it was told to wait for; with none it goes off-hook at once', async () => {
    const patient = new AnsweringBench();
    await patient.start({ rings: 4 });
    await patient.call();
    expect(patient.kinds.filter((kind) => kind === 'ring')).toHaveLength(4);
    await patient.end();
    const hasty = new AnsweringBench();
    await hasty.start({ rings: 0, once: true, call: { carrierWaitMs: 10_000 } });
    expect(hasty.kinds).toEqual(['waiting', 'answering']);
    expect(await hasty.ended()).toMatchObject({ kind: 'noConnection', attempt: { text: 'NO CARRIER' } });
  });

  it.each([
    ['ATH', (bench: AnsweringBench) => hangUpByCommand(bench)],
    ['DTR', async (bench: AnsweringBench) => bench.caller.dce.dtr(false)],
    ['its power', async (bench: AnsweringBench) => bench.caller.dce.powerOff()],
    ['a cut line', async (bench: AnsweringBench) => cutLine(bench)],
  ] as const)(
    'geerlingguy/pi-isp issue 3: after the caller has gone by %s the next call does not ring for ever',
    async (_how, vanish) => {
      const bench = new AnsweringBench();
      await bench.start();
      for (const calls of [1, 2, 3]) {
        await bench.call();
        await vanish(bench);
        await bench.sees('disconnect', calls);
        await bench.sees('waiting', calls + 1);
        expect(bench.dce.state).toMatchObject(ready);
        bench.caller.dce.powerOn();
        bench.caller.dce.dtr(true);
        bench.callee.bench.exchange.setCut('5550102', false);
      }
      await bench.end();
    },
  );

  it('is set up for the next call whatever the last one did to the modem', async () => {
    const bench = new AnsweringBench();
    const spoiler: Taker = async (session, _call, signal) => {
      await session.port.setDtr(false);
      await session.port.setDtr(true);
      session.conversation.backToCommandState();
      for (const line of ['ATS0=1', 'AT+VCID=0', 'ATS2=43', 'ATE0', 'ATV0']) {
        await session.command(parseAtCommand(line));
      }
      return { endedBy: signal.aborted ? 'signal' : 'us', unfinished: false, failure: null };
    };
    await bench.start({ taker: spoiler });
    await bench.call();
    await bench.sees('waiting', 2);
    expect(bench.dce.state).toMatchObject({ ...ready, extended: { '+VCID': '1' } });
    expect(bench.told.at(-1)).toEqual({ kind: 'waiting', callerId: true, afterCall: true });
    await bench.end();
  });

  it('tells of a caller who gives up, and takes the next', async () => {
    const bench = new AnsweringBench();
    await bench.start({ rings: 3 });
    bench.callee.bench.exchange.ringFromOutside('5550101', { number: '5551234', name: 'SMITH' }, 2);
    await bench.sees('missed');
    expect(bench.told.at(-1)).toMatchObject({ rings: 2, callerId: { number: '5551234' } });
    await bench.call();
    expect(bench.told.at(-1)).toMatchObject({ call: { incoming: { caller: { number: '5550102' } } } });
    await bench.end();
  });

  it('does not answer whom it refuses, and says so once a call', async () => {
    const bench = new AnsweringBench();
    await bench.start({ refuses: (caller) => (caller?.number === '5551234' ? 'is not wanted' : null) });
    bench.callee.bench.exchange.ringFromOutside('5550101', { number: '5551234', name: null }, 6);
    await bench.pass(60_000);
    expect(bench.kinds.filter((kind) => kind !== 'ring')).toEqual(['waiting', 'callerId', 'refused']);
    expect(bench.dce.state.offHook).toBe(false);
    await bench.call();
    await bench.end();
  });

  it('asks again between two rings when the modem does not go off-hook while it rings (U.S. Robotics)', async () => {
    const bench = new AnsweringBench();
    await bench.start();
    bench.callee.bench.misbehave('init-error=A');
    bench.caller.type('ATD5550101\r');
    await bench.sees('ring', 4);
    bench.dce.behave();
    await bench.sees('connect');
    const tries = bench.callee.written.filter(({ bytes }) => bytes === 'ATE0A\r');
    expect(tries).toHaveLength(3);
    // A ring lasts 2 s and comes every 8.
    expect(tries[2]!.at - tries[1]!.at).toBeGreaterThan(5000);
    expect(bench.dce.state.circuits.dcd).toBe(true);
    await bench.end();
  });

  it('does not ask for ever', async () => {
    const bench = new AnsweringBench();
    await bench.start({ once: true });
    bench.callee.bench.misbehave('init-error=A');
    bench.callee.bench.exchange.ringFromOutside('5550101', { number: null, name: null }, 50);
    expect(await bench.ended()).toMatchObject({ kind: 'noConnection', attempt: { result: 'error' } });
    expect(bench.callee.written.filter(({ bytes }) => bytes === 'ATE0A\r')).toHaveLength(5);
  });

  it('ends one call when its program fails, and takes the next', async () => {
    const bench = new AnsweringBench();
    let calls = 0;
    await bench.start({
      taker: async () => {
        if (++calls === 1) throw new ModemctlError('HELPER', 'the program is not there');
        return { endedBy: 'us', unfinished: false, failure: null };
      },
    });
    await bench.call();
    await bench.sees('disconnect');
    expect(bench.told.at(-1)).toMatchObject({ taken: { endedBy: 'us', failure: { code: 'HELPER' } } });
    await bench.sees('waiting', 2);
    await bench.pass(10_000);
    await bench.call();
    await bench.end();
  });

  it('asks the idle modem for an AT now and then, but not while it rings', async () => {
    const bench = new AnsweringBench();
    await bench.start({ rings: 100, checkEveryMs: 30_000 });
    const before = bench.dce.state.commandCount;
    await bench.pass(95_000);
    expect(bench.dce.state.commandCount - before).toBe(3);
    bench.callee.bench.exchange.ringFromOutside('5550101', { number: null, name: null }, 10);
    await bench.sees('ring');
    const ringing = bench.dce.state.commandCount;
    await bench.pass(50_000);
    expect(bench.dce.state.commandCount).toBe(ringing);
    await bench.end();
  });

  it('gives up in words on a modem that hangs and cannot be brought back; without recovery at once', async () => {
    const bench = new AnsweringBench();
    await bench.start({ checkEveryMs: 30_000 });
    bench.callee.bench.misbehave('silent');
    await expect(bench.ended()).rejects.toMatchObject({ code: 'NOT_RECOVERED', exitCode: 9 });
    expect(bench.kinds.slice(-2)).toEqual(['hung', 'gaveUp']);
    const meek = new AnsweringBench();
    await meek.start({ checkEveryMs: 30_000, recover: false });
    meek.callee.bench.misbehave('silent');
    await expect(meek.ended()).rejects.toMatchObject({ code: 'NOT_RESPONDING', exitCode: 6 });
    expect(meek.kinds).not.toContain('hung');
  });

  it('brings a modem back that is stuck in data state, and sets it up again', async () => {
    const bench = new AnsweringBench();
    await bench.start({ checkEveryMs: 30_000 });
    bench.callee.bench.misbehave('stuck-data');
    await bench.sees('recovered');
    await bench.sees('waiting', 2);
    expect(bench.dce.state).toMatchObject(ready);
    await bench.call();
    await bench.end();
  });

  it('does not let the caller into its command state', async () => {
    const bench = new AnsweringBench();
    await bench.start();
    await bench.call();
    await bench.pass(2000);
    bench.dce.accept(Buffer.from('+++'));
    await bench.pass(2000);
    expect(bench.dce.state.mode).toBe('data');
    await bench.end();
  });

  it('ends with its caller when a program sends everything back, though a modem in command state would too', async () => {
    const bench = new AnsweringBench();
    const echo: Taker = async (_session, call, signal) => {
      for (let bytes = await call.read(signal); bytes; bytes = await call.read(signal)) await call.write(bytes, signal);
      return { endedBy: 'farEnd', unfinished: false, failure: null };
    };
    await bench.start({ taker: echo });
    await bench.call();
    await bench.pass(1000);
    bench.caller.type('x'.repeat(2000));
    bench.caller.dce.dtr(false);
    await bench.sees('disconnect');
    await bench.sees('waiting', 2);
    expect(bench.dce.state).toMatchObject(ready);
    await bench.end();
  });

  it('ends the call of its own accord: after its time, or when nothing goes either way', async () => {
    for (const [limits, endedBy] of [
      [{ maxMs: 20_000, idleMs: null }, 'maxTime'],
      [{ maxMs: 90_000, idleMs: 10_000 }, 'idle'],
    ] as const) {
      const bench = new AnsweringBench();
      await bench.start({ taker: limitedTaker(listeningTaker, limits) });
      await bench.call();
      for (let seconds = 0; seconds < 15; seconds++) {
        await bench.pass(1000);
        if (seconds < 5) bench.caller.type('x');
      }
      if (endedBy === 'idle') expect(bench.kinds).not.toContain('disconnect');
      await bench.sees('disconnect');
      const told = bench.told.find(({ kind }) => kind === 'disconnect');
      expect(told).toMatchObject({ taken: { endedBy, unfinished: false } });
      await bench.sees('waiting', 2);
      await bench.end();
    }
  });

  it('tells of a modem that hangs in a call before it tries to bring it back, and tries once', async () => {
    const bench = new AnsweringBench();
    await bench.start({ taker: limitedTaker(listeningTaker, { maxMs: 20_000, idleMs: null }) });
    await bench.call();
    bench.callee.bench.misbehave('silent');
    await bench.sees('disconnect');
    const { clock } = bench.callee.bench;
    const over = clock.now();
    await bench.sees('hung');
    // The ladder takes 12 s more.
    expect(clock.now() - over).toBeLessThan(16_000);
    await expect(bench.ended()).rejects.toMatchObject({ code: 'NOT_RECOVERED' });
    expect(bench.kinds.slice(-3)).toEqual(['disconnect', 'hung', 'gaveUp']);
  });

  it('ends when asked to at every stage', async () => {
    for (const stage of ['waiting', 'ring', 'answering', 'connect', 'disconnect'] as const) {
      const bench = new AnsweringBench();
      await bench.start();
      if (stage !== 'waiting') bench.caller.type('ATD5550101\r');
      if (stage === 'disconnect') {
        await bench.sees('connect');
        bench.caller.dce.dtr(false);
      }
      await bench.sees(stage);
      const before = bench.callee.bench.clock.now();
      await bench.end();
      expect(bench.callee.bench.clock.now() - before, stage).toBeLessThan(10_000);
    }
  });
});

async function hangUpByCommand(bench: AnsweringBench): Promise<void> {
  await bench.pass(1500);
  bench.caller.type('+++');
  await bench.pass(1500);
  bench.caller.type('ATH\r');
}

async function cutLine(bench: AnsweringBench): Promise<void> {
  bench.callee.bench.exchange.setCut('5550102', true);
}
