import { describe, expect, it } from 'vitest';
import { parseAtCommand } from '../../src/at/command-line.ts';
import { endCall } from '../../src/modem/end-call.ts';
import { SessionBench } from './session-bench.ts';

/** How long the end takes of which one was asked `afterMs` after it began, the modem being silent. */
async function endOfSilent(bench: SessionBench, afterMs: number) {
  const { clock } = bench.bench;
  const asked = new AbortController();
  const begin = clock.now();
  clock.after(afterMs, () => asked.abort('SIGINT'));
  const line = await bench.run(endCall(bench.session, { asked: asked.signal }));
  return { line, elapsedMs: clock.now() - begin };
}

describe('the end of a call', () => {
  it.each([1000, 5000, 9000, 15_000, 20_000])(
    'whoever is asked to end %d ms later, and has not taken the line, does not stay for a modem that hangs',
    async (afterMs) => {
      const bench = new SessionBench();
      await bench.run(bench.session.open());
      bench.bench.misbehave('silent');
      const { line, elapsedMs } = await endOfSilent(bench, afterMs);
      expect(line).toMatchObject({ free: false, code: 'NOT_RESPONDING' });
      expect(elapsedMs - afterMs).toBeLessThan(5000);
    },
  );

  it('a line that was taken is freed all the same', async () => {
    const bench = new SessionBench();
    await bench.run(bench.session.open());
    await bench.run(bench.session.command(parseAtCommand('ATDT5550100')));
    expect(bench.session.mayBeOffHook).toBe(true);
    const asked = AbortSignal.abort('SIGINT');
    expect(await bench.run(endCall(bench.session, { asked }))).toEqual({ free: true, recoveredBy: null });
    expect(bench.bench.dce.state.offHook).toBe(false);
  });

  it('a modem that had to be brought back has taken ATH since', async () => {
    const bench = new SessionBench();
    await bench.run(bench.session.open());
    await bench.run(bench.session.command(parseAtCommand('ATDT5550100')));
    bench.bench.misbehave('silent');
    const ending = endCall(bench.session);
    // It comes to by itself, while the ladder is climbed.
    bench.bench.clock.after(14_000, () => bench.bench.dce.behave());
    expect(await bench.run(ending)).toEqual({ free: true, recoveredBy: 'escape' });
    expect(bench.written.at(-1)?.bytes).toBe('ATH\r');
    expect(bench.session.mayBeOffHook).toBe(false);
  });
});
