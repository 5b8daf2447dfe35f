import { expect, it } from 'vitest';
import { examine } from '../../../src/services/health/examine.ts';
import { makeMisbehaviour } from '../../../src/virtual/misbehaviour/catalogue.ts';
import { SessionBench } from '../../modem/session-bench.ts';

async function examined(misbehaviour: string | null, signal?: AbortSignal) {
  const bench = new SessionBench();
  if (misbehaviour) bench.bench.dce.afflict(makeMisbehaviour(misbehaviour));
  const startedAt = bench.bench.clock.now();
  const found = await bench.run(examine(bench.session, signal));
  return { bench, found, elapsedMs: bench.bench.clock.now() - startedAt };
}

it('asks a modem that is well one thing, and nothing that could end a call', async () => {
  const { bench, found } = await examined(null);
  expect(found).toEqual({ state: 'ready', heldBy: [], error: null, keeper: null });
  expect(bench.written.map(({ bytes }) => bytes)).toEqual(['ATE1V1Q0\r']);
});

it('writes nothing at all where carrier is on', async () => {
  const { bench, found } = await examined('stuck-call');
  expect(found).toMatchObject({ state: 'in-call', error: { code: 'IN_CALL' } });
  expect(bench.written).toEqual([]);
  expect(bench.bench.dce.state.circuits.dcd).toBe(true);
});

it.each([
  ['silent', 'silent'],
  ['garbage', 'silent'],
  ['stuck-data', 'stuck-data'],
  ['stuck-voice', 'stuck-voice'],
  ['vanish', 'gone'],
])('finds out that a modem is %s: %s, within 15 s, and leaves it on-hook', async (misbehaviour, state) => {
  const { bench, found, elapsedMs } = await examined(misbehaviour);
  expect(found).toMatchObject({ state, error: { code: state === 'gone' ? 'GONE' : 'NOT_RESPONDING' } });
  expect(elapsedMs).toBeLessThan(15_000);
  expect(bench.bench.dce.state.offHook).toBe(false);
});

it('sends no escape sequence once it is to end', async () => {
  const stop = new AbortController();
  const bench = new SessionBench();
  bench.bench.dce.afflict(makeMisbehaviour('silent'));
  bench.bench.clock.after(1000, () => stop.abort(new Error('enough')));
  await expect(bench.run(examine(bench.session, stop.signal))).rejects.toThrow('enough');
  expect(bench.written.map(({ bytes }) => bytes).join('')).not.toMatch(/\+\+\+|\x10/);
});
