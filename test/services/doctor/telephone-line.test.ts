/** What the doctor does on the telephone line, at the pace of a real one. */
import { describe, expect, it } from 'vitest';
import { type CallTest, describeCallTest, testCall } from '../../../src/services/doctor/call-test.ts';
import { describeLineTest, OFF_HOOK_MS, testLine } from '../../../src/services/doctor/line-test.ts';
import { SessionBench } from '../../modem/session-bench.ts';

const NUMBER = '5550101';
const never = new AbortController().signal;

/** Waits for something while the clock of the bench runs, and tells for how long the modem was off-hook in it. */
async function offHookDuring(bench: SessionBench, promise: Promise<unknown>): Promise<number> {
  const { dce, clock } = bench.bench;
  let done = false;
  const ended = promise.finally(() => {
    done = true;
  });
  ended.catch(() => {});
  let since: number | null = null;
  let longest = 0;
  while (!done) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(5);
    if (!dce.state.offHook) since = null;
    else since ??= clock.now();
    if (since !== null) longest = Math.max(longest, clock.now() - since);
  }
  await ended;
  return longest;
}

describe.each(['usr5637', 'tfm561u'])('--line on a %s', (model) => {
  it.each([
    [false, 'dialTone', 'ok'],
    [true, 'noDialTone', 'fail'],
  ])('line cut: %s', async (isCut, state, verdict) => {
    const bench = new SessionBench(model);
    bench.bench.exchange.setCut(NUMBER, isCut);
    await bench.run(bench.session.open());
    const testing = testLine(bench.session, never);
    const offHookMs = await offHookDuring(bench, testing);
    const test = await testing;
    expect(test).toMatchObject({ state, after: { free: true } });
    expect(describeLineTest(test, bench.session)).toMatchObject([{ check: 'line', verdict }]);
    expect(offHookMs).toBeGreaterThan(0);
    // What the modem takes to end an attempt that is broken off comes on top.
    expect(offHookMs).toBeLessThan(OFF_HOOK_MS + 2500);
    expect(bench.bench.dce.state.offHook).toBe(false);
    expect(bench.written.map(({ bytes }) => bytes).join('')).not.toMatch(/ATDT?[0-9]/);
  });
});

describe.each(['usr5637', 'tfm561u'])('--call on a %s', (model) => {
  const called = async (
    ring: ((bench: SessionBench) => void) | null,
    waitMs = 60_000,
  ): Promise<{ test: CallTest; bench: SessionBench; checks: string[]; text: string }> => {
    const bench = new SessionBench(model);
    await bench.run(bench.session.open());
    const test = await bench.run(
      testCall(bench.session, { waitMs, signal: never, onReady: () => ring?.(bench), onEvent: () => {} }),
    );
    const findings = describeCallTest(test, bench.session);
    expect(bench.bench.dce.state.offHook).toBe(false);
    const checks = findings.map(({ check, verdict }) => `${check} ${verdict}`);
    return { test, bench, checks, text: JSON.stringify(findings) };
  };
  const ringing =
    (number: string | null, rings: number) =>
    ({ bench }: SessionBench) =>
      void bench.exchange.ringFromOutside(NUMBER, { number, name: null }, rings);

  it('rings, tells who calls, and picks up between two rings', async () => {
    const { test, checks, text, bench } = await called(ringing('5550137', 20));
    expect(test).toMatchObject({ rings: 3, caller: { number: '5550137' }, pickedUp: true, onHook: true });
    expect(checks).toEqual(['rings ok', 'callerId ok', 'pickUp ok']);
    expect(text).not.toContain('5550137');
    expect(bench.written.some(({ bytes }) => bytes === 'ATH1\r')).toBe(true);
  });

  it('is given up too early', async () => {
    const { test, checks } = await called(ringing('private', 2));
    expect(test).toMatchObject({ rings: 2, pickedUp: null, onHook: null });
    expect(checks).toEqual(['rings ok', 'callerId ok', 'pickUp warn']);
  });

  it('does not come', async () => {
    const { test, checks, bench } = await called(null, 5000);
    expect(test).toMatchObject({ rings: 0, caller: null, pickedUp: null });
    expect(checks).toEqual(['rings fail']);
    expect(bench.written.some(({ bytes }) => bytes.includes('ATH1'))).toBe(false);
  });

  it('is not picked up by a modem that only says so', async () => {
    const { test, checks } = await called((bench) => {
      const { dce } = bench.bench;
      ringing('5550137', 20)(bench);
      // It puts the receiver down again behind our back: the exchange goes on ringing as another call.
      const { clock } = bench.bench;
      clock.after(17_500, () => {
        if (dce.state.offHook) bench.port?.setDtr(false).catch(() => {});
        clock.after(300, () => ringing('5550137', 20)(bench));
      });
    });
    expect(test).toMatchObject({ pickedUp: false, onHook: true });
    expect(checks).toContain('pickUp fail');
  });
});

it('what is advised names the modem, for there may be others', () => {
  const session = new SessionBench('usr5637').session;
  const after = { free: false, why: 'it hangs', code: 'NOT_RESPONDING' } as const;
  const states = ['dialTone', 'noDialTone', 'inUse', 'digital', 'busyTone', 'refused'] as const;
  const calls: CallTest[] = [
    { rings: 0, caller: null, pickedUp: null, onHook: null },
    { rings: 3, caller: null, pickedUp: false, onHook: false },
  ];
  const remedies = [
    ...states.flatMap((state) => describeLineTest({ state, after }, session)),
    ...calls.flatMap((call) => describeCallTest(call, session)),
  ].flatMap(({ remedy }) => (remedy?.includes('modemctl ') ? [remedy] : []));
  expect(remedies.length).toBeGreaterThan(8);
  for (const remedy of remedies) expect(remedy).toContain(` -d ${session.id}`);
});
