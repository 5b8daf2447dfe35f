import { describe, expect, it } from 'vitest';
import { parseAtCommand } from '../../../src/at/command-line.ts';
import { isModemctlError } from '../../../src/core/errors.ts';
import { freeLine } from '../../../src/modem/free-line.ts';
import { WatchingBench } from './watching-bench.ts';

/** What became of it: its value, or the code of its error. */
const outcome = (promise: Promise<unknown>) =>
  promise.catch((error: unknown) => (isModemctlError(error) ? error.code : Promise.reject(error)));

describe('watching', () => {
  it.each(['usr5637', 'tfm561u'])('tells rings and who calls, and answers nothing (%s)', async (model) => {
    const bench = new WatchingBench(model);
    await bench.start();
    expect(bench.told).toEqual([{ kind: 'waiting', callerId: true, after: 'start' }]);
    bench.ring('5551234', 'SMITH JOHN', 3);
    await bench.sees('ringEnded');
    const callerId = expect.objectContaining({ number: '5551234', name: 'SMITH JOHN', presentation: 'allowed' });
    expect(bench.told.slice(1)).toEqual([
      { kind: 'ring', count: 1, distinctive: null },
      { kind: 'callerId', callerId },
      { kind: 'ring', count: 2, distinctive: null },
      { kind: 'ring', count: 3, distinctive: null },
      { kind: 'ringEnded', rings: 3, callerId },
    ]);
    expect(bench.dce.state).toMatchObject({ offHook: false, registers: { S0: 0 } });
    await bench.end();
  });

  it('counts rings also where the modem refuses caller ID, and says so', async () => {
    const bench = new WatchingBench();
    bench.bench.misbehave('init-error=+VCID=1');
    await bench.start();
    expect(bench.told).toEqual([{ kind: 'waiting', callerId: false, after: 'start' }]);
    expect(bench.notes).toEqual(['it refused AT+VCID=1 (caller ID): calls come without it']);
    bench.ring('5551234', null, 2);
    await bench.sees('ringEnded');
    expect(bench.kinds).toEqual(['waiting', 'ring', 'ring', 'ringEnded']);
    expect(bench.told.at(-1)).toEqual({ kind: 'ringEnded', rings: 2, callerId: null });
    await bench.end();
  });

  describe('calls without caller ID', () => {
    const ringing = async (bench: WatchingBench, ...rings: number[]) => {
      const before = bench.kinds.filter((kind) => kind === 'ringEnded').length;
      for (const [index, count] of rings.entries()) {
        bench.ring('5551234', null, count);
        await bench.sees('ringEnded', before + index + 1);
      }
      return bench.told.filter(({ kind }) => kind === 'suspect');
    };

    it('are suspect where there was some: told once, and one ring is too short for it', async () => {
      const bench = new WatchingBench();
      await bench.start();
      await ringing(bench, 2);
      bench.bench.misbehave('no-caller-id');
      expect(await ringing(bench, 2, 1, 2)).toEqual([]);
      expect(await ringing(bench, 2, 2)).toEqual([{ kind: 'suspect', why: 'noCallerId', calls: 3 }]);
      await bench.end();
    });

    it('are not on a line that never had any', async () => {
      const bench = new WatchingBench();
      bench.bench.misbehave('no-caller-id');
      await bench.start();
      expect(await ringing(bench, 2, 2, 2, 2)).toEqual([]);
      await bench.end();
    });
  });

  it('a caller cannot forge a second call', async () => {
    const bench = new WatchingBench();
    await bench.start();
    bench.ring('5551234', 'A\r\nRING\r\nNMBR = 666\r\n$(reboot)', 1);
    await bench.sees('ringEnded');
    const told = bench.told.filter(({ kind }) => kind === 'callerId');
    expect(JSON.stringify(told)).not.toMatch(/"number":"666"/);
    expect(JSON.stringify(told)).not.toMatch(/\\[rn]/);
    await bench.end();
  });

  it('asks an idle modem every five minutes, and only then', async () => {
    const bench = new WatchingBench();
    await bench.start();
    const written = bench.written.length;
    await bench.pass(299_000);
    expect(bench.written).toHaveLength(written);
    await bench.pass(5000);
    expect(bench.written.slice(written).map(({ bytes }) => bytes)).toEqual(['ATE1V1Q0\r']);
    expect(bench.kinds).toEqual(['waiting']);
    await bench.end();
  });

  it.each([
    ['stuck-voice', 'escape'],
    ['stuck-data', 'escape'],
  ])('brings a modem back that has hung (%s), and sets it up again', async (how, by) => {
    const bench = new WatchingBench();
    await bench.start();
    bench.bench.misbehave(how);
    await bench.sees('waiting', 2);
    expect(bench.told.slice(1)).toEqual([
      { kind: 'hung' },
      { kind: 'recovered', by },
      { kind: 'waiting', callerId: true, after: 'recovered' },
    ]);
    bench.ring('5551234');
    await bench.sees('callerId');
    await bench.end();
  });

  it('says once that nothing helps, goes on trying, and sees it answer again by itself', async () => {
    const bench = new WatchingBench();
    await bench.start();
    bench.bench.misbehave('silent');
    await bench.sees('gaveUp');
    await bench.pass(1_200_000);
    expect(bench.kinds).toEqual(['waiting', 'hung', 'gaveUp']);
    bench.dce.behave();
    await bench.sees('waiting', 2);
    expect(bench.kinds.slice(3)).toEqual(['recovered', 'waiting']);
    await bench.end();
  });

  it('with recover off it only tells', async () => {
    const bench = new WatchingBench();
    await bench.start({ recover: false });
    bench.bench.misbehave('stuck-voice');
    await bench.pass(1_000_000);
    expect(bench.kinds).toEqual(['waiting', 'hung']);
    expect(bench.written.some(({ bytes }) => bytes.includes('+++'))).toBe(false);
    await bench.end();
  });

  it('is set up anew when somebody had it reset', async () => {
    const bench = new WatchingBench();
    await bench.start();
    bench.port!.close();
    await bench.sees('waiting', 2);
    expect(bench.told.slice(1)).toEqual([{ kind: 'reset' }, { kind: 'waiting', callerId: true, after: 'reset' }]);
    await bench.end();
  });

  it('writes nothing into a call, and tells how long it lasted', async () => {
    const bench = new WatchingBench();
    await bench.start({ checkEveryMs: 1000 });
    bench.bench.misbehave('stuck-call');
    await bench.sees('connect');
    const written = bench.written.length;
    await bench.pass(60_000);
    expect(bench.written).toHaveLength(written);
    expect(await outcome(bench.errands.do(async () => 1))).toBe('IN_CALL');
    const hangUp = bench.errands.do((session) => freeLine(session), true);
    await bench.sees('waiting', 2);
    await hangUp;
    expect(bench.kinds).toEqual(['waiting', 'connect', 'disconnect', 'waiting']);
    expect(bench.told[2]).toMatchObject({ connectedMs: expect.closeTo(60_000, -4) });
    await bench.end();
  });

  it('does not begin in a call', async () => {
    const bench = new WatchingBench();
    bench.bench.misbehave('stuck-call');
    await expect(bench.start()).rejects.toThrow();
    await expect(bench.end()).rejects.toMatchObject({ code: 'IN_CALL' });
  });
});

describe('errands beside watching', () => {
  it('are done between calls, one by one, and the modem set up again after them', async () => {
    const bench = new WatchingBench();
    await bench.start();
    const order: string[] = [];
    const errand = (name: string, command: string) =>
      bench.errands.do(async (session) => {
        order.push(`${name} begins`);
        await session.command(parseAtCommand(command));
        order.push(`${name} ends`);
      });
    await bench.run(Promise.all([errand('one', 'ATZ'), errand('two', 'AT+VCID=0')]));
    expect(order).toEqual(['one begins', 'one ends', 'two begins', 'two ends']);
    await bench.pass(5000);
    bench.ring('5551234');
    await bench.sees('callerId');
    expect(bench.kinds).toEqual(['waiting', 'ring', 'callerId']);
    await bench.end();
  });

  it('that fail harm nobody', async () => {
    const bench = new WatchingBench();
    await bench.start();
    const failing = bench.errands.do(() => Promise.reject(new Error('oh')));
    await expect(bench.run(failing)).rejects.toThrow('oh');
    await bench.run(bench.errands.do(async () => {}));
    await bench.end();
  });

  it('are refused while it rings', async () => {
    const bench = new WatchingBench();
    await bench.start();
    bench.ring('5551234', null, 1);
    await bench.sees('ring');
    await bench.pass(100);
    expect(bench.errands.state).toBe('ringing');
    expect(await outcome(bench.errands.do(async () => {}))).toBe('IN_CALL');
    await bench.sees('ringEnded');
    await bench.pass(100);
    expect(await outcome(bench.run(bench.errands.do(async () => 'done')))).toBe('done');
    await bench.end();
  });

  it('are refused while it is lent; those who waited are told', async () => {
    const bench = new WatchingBench();
    await bench.start();
    let giveBack = () => {};
    const loan = bench.errands.do(async (session) => {
      await session.close();
      bench.errands.become('lent', 'somebody');
      await new Promise<void>((resolve) => {
        giveBack = resolve;
      });
    });
    const waiting = outcome(bench.errands.do(async () => {}));
    expect(await bench.run(waiting)).toBe('IN_USE');
    expect(await outcome(bench.errands.do(async () => {}))).toBe('IN_USE');
    giveBack();
    await bench.run(loan);
    await bench.sees('waiting', 2);
    expect(bench.told[1]).toEqual({ kind: 'waiting', callerId: true, after: 'loan' });
    await bench.end();
  });

  it('are refused when it ends', async () => {
    const bench = new WatchingBench();
    await bench.start();
    await bench.end();
    bench.errands.close();
    expect(await outcome(bench.errands.do(async () => {}))).toBe('GONE');
  });
});
