import { describe, expect, it } from 'vitest';
import { parseAtCommand } from '../../src/at/command-line.ts';
import { freeLine } from '../../src/modem/free-line.ts';
import { recover } from '../../src/modem/recover.ts';
import { SessionBench } from './session-bench.ts';

const at = parseAtCommand;

describe('session', () => {
  it('goes from absent to ready and back, and writes nothing by opening', async () => {
    const { session, written } = new SessionBench();
    expect(session.state).toBe('absent');
    await session.open();
    expect(session.state).toBe('ready');
    expect(written).toEqual([]);
    await session.close();
    expect(session.state).toBe('absent');
  });

  it('sets the dialogue up at open and again after ATZ (rule 2)', async () => {
    const bench = new SessionBench('tfm561u');
    await bench.session.open();
    await bench.run(bench.session.command(at('ATZ')));
    await bench.run(bench.session.command(at('ATI3')));
    expect(bench.written.map(({ bytes }) => bytes)).toEqual(['ATE1V1Q0\r', 'ATZ\r', 'ATE1V1Q0\r', 'ATI3\r']);
  });

  it('is suspect after a time-out', async () => {
    const bench = new SessionBench();
    await bench.session.open();
    bench.bench.misbehave('silent');
    expect(await bench.run(bench.session.command(at('AT'), 1000))).toMatchObject({ result: null });
    expect(bench.session.state).toBe('suspect');
  });

  it('writes nothing into a call, and nothing at all when carrier is on at open (rule 3)', async () => {
    const bench = new SessionBench();
    bench.bench.misbehave('stuck-call');
    await bench.session.open();
    await expect(bench.session.refuseCall()).rejects.toMatchObject({ code: 'IN_CALL', exitCode: 5 });
    expect(bench.session.state).toBe('inCall');
    expect(bench.written).toEqual([]);
  });

  it('writes nothing while the modem dials (rule 5), and waits S7 + 30 s', async () => {
    const bench = new SessionBench();
    await bench.session.open();
    const answer = await bench.run(bench.session.command(at('ATD5550197')));
    expect(answer.result?.text).toBe('NO CARRIER');
    expect(bench.written.map(({ bytes }) => bytes)).toEqual(['ATE1V1Q0\r', 'ATS7?\r', 'ATD5550197\r']);
  });

  it('takes the silence after ATQ1 for OK when the modem then answers', async () => {
    const bench = new SessionBench();
    await bench.session.open();
    expect(await bench.run(bench.session.command(at('ATQ1')))).toMatchObject({ result: { text: 'OK' } });
    expect(await bench.run(bench.session.command(at('ATI0')))).toMatchObject({ lines: [' 5601'] });
  });
});

describe('listeners', () => {
  it('are told over a reopening, until they have enough', async () => {
    const bench = new SessionBench();
    const heard: string[] = [];
    const end = bench.session.onUnsolicited(({ text }) => heard.push(text));
    for (const listening of [true, true, false]) {
      await bench.session.open();
      bench.bench.exchange.ringFromOutside('5550101', { number: null, name: null }, 1);
      await bench.run(bench.session.conversation.listen(1000));
      await bench.run(bench.session.conversation.listen(10_000));
      await bench.session.close();
      if (!listening) break;
      if (heard.length === 2) end();
    }
    expect(heard).toEqual(['RING', 'RING']);
  });
});

describe('freeLine', () => {
  it.each(['ATD5550100', 'ATD5550101;', 'ATH1'])('after %s', async (command) => {
    const bench = new SessionBench();
    await bench.session.open();
    await bench.run(bench.session.command(at(command)));
    await bench.run(freeLine(bench.session));
    expect(bench.bench.dce.state).toMatchObject({ offHook: false, mode: 'command', circuits: { dcd: false } });
    expect(bench.session.state).toBe('ready');
  });

  it.each(['stuck-call', 'stuck-data', 'stuck-voice'])('of a modem that is %s', async (how) => {
    const bench = new SessionBench();
    await bench.session.open();
    bench.bench.misbehave(how);
    await bench.run(freeLine(bench.session));
    expect(bench.bench.dce.state).toMatchObject({ offHook: false, mode: 'command' });
  });

  it('drops DTR before a byte is written, when a call may be up', async () => {
    const bench = new SessionBench();
    await bench.session.open();
    await bench.run(bench.session.command(at('ATD5550100')));
    const before = bench.written.length;
    await bench.run(freeLine(bench.session));
    const bytes = bench.written.slice(before).map((entry) => entry.bytes);
    expect(bytes).toEqual(['ATE1V1Q0\r', 'ATH\r']);
  });

  it('tells a modem that always shows carrier (&C0) from one that does not answer', async () => {
    const bench = new SessionBench();
    await bench.session.open();
    await bench.run(bench.session.command(at('AT&C0')));
    await expect(bench.run(freeLine(bench.session))).rejects.toMatchObject({ code: 'IN_CALL' });
  });

  it('says so when it cannot be proved', async () => {
    const bench = new SessionBench();
    await bench.session.open();
    bench.bench.misbehave('silent');
    await expect(bench.run(freeLine(bench.session))).rejects.toMatchObject({ code: 'NOT_RESPONDING' });
  });
});

describe('recover', () => {
  it.each([
    ['nothing', 'at'],
    ['echo-off', 'at'],
    ['numeric', 'at'],
    ['quiet', 'at'],
    ['stuck-voice', 'escape'],
    ['stuck-data', 'escape'],
  ])('%s: by %s', async (how, step) => {
    const bench = new SessionBench();
    if (how !== 'nothing') bench.bench.misbehave(how);
    const report = await bench.run(recover(bench.session));
    expect(report).toMatchObject({ recovered: true, recoveredBy: step });
    expect(bench.session.state).toBe('ready');
  });

  it('climbs every step and says honestly that none helped', async () => {
    const bench = new SessionBench();
    await bench.session.open();
    bench.bench.misbehave('dead-after-reset');
    const report = await bench.run(recover(bench.session));
    expect(report).toMatchObject({ recovered: false, recoveredBy: null });
    expect(report.steps.map(({ step, outcome }) => [step, outcome])).toEqual([
      ['at', 'silent'],
      ['escape', 'silent'],
      ['dtr', 'silent'],
      ['usb', 'skipped'],
    ]);
  });

  it('does only the step that is named', async () => {
    const bench = new SessionBench();
    const report = await bench.run(recover(bench.session, { method: 'dtr' }));
    expect(report.steps.map(({ step }) => step)).toEqual(['dtr']);
    expect(bench.written.map(({ bytes }) => bytes)).toEqual(['ATE1V1Q0\r']);
  });

  it('ends soon when it is interrupted', async () => {
    const controller = new AbortController();
    const bench = new SessionBench('usr5637', { signal: controller.signal });
    bench.bench.misbehave('silent');
    bench.bench.clock.after(1000, () => controller.abort());
    await bench.run(recover(bench.session, { signal: controller.signal }));
    expect(bench.bench.clock.now()).toBeLessThan(2000);
  });
});
