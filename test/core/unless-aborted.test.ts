import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { unlessAborted } from '../../src/core/unless-aborted.ts';

const listeners = (signals: readonly AbortSignal[]) =>
  signals.map((signal) => getEventListeners(signal, 'abort').length);

it('gives what came, or null where a signal was first; nothing stays at the signals', async () => {
  const [one, other] = [new AbortController(), new AbortController()];
  const signals = [one.signal, other.signal];
  expect(await unlessAborted(signals, Promise.resolve(7))).toBe(7);
  await expect(unlessAborted(signals, Promise.reject(new Error('x')))).rejects.toThrow('x');
  const waiting = unlessAborted(signals, new Promise(() => {}));
  expect(listeners(signals)).toEqual([1, 1]);
  other.abort();
  expect(await waiting).toBeNull();
  expect(listeners(signals)).toEqual([0, 0]);
  expect(await unlessAborted(signals, new Promise(() => {}))).toBeNull();
});
