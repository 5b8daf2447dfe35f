import { getEventListeners } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import type { Call } from '../../src/modem/call.ts';
import { relay } from '../../src/services/relay.ts';

/** A far end that says nothing and takes everything. */
const call = {
  end: null,
  read: (signal: AbortSignal) =>
    new Promise<null>((resolve) => {
      if (signal.aborted) resolve(null);
      else signal.addEventListener('abort', () => resolve(null), { once: true });
    }),
  write: async () => true,
  flush: async () => {},
} as unknown as Call;

const streams = () => [new PassThrough(), new PassThrough()] as const;

it('leaves nothing at a signal that outlives the call', async () => {
  const { signal } = new AbortController();
  const [input, output] = streams();
  input.end();
  expect(await relay(call, input, output, { clock: systemClock, signal, idleMs: 1 })).toEqual({ by: 'idle' });
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

it('ends by its signal, before and in the call', async () => {
  const stop = new AbortController();
  const [input, output] = streams();
  const running = relay(call, input, output, { clock: systemClock, signal: stop.signal, idleMs: null });
  stop.abort();
  expect(await running).toEqual({ by: 'signal' });
  expect(await relay(call, input, output, { clock: systemClock, signal: stop.signal, idleMs: null })).toEqual({
    by: 'signal',
  });
});
