import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Progress } from '../../src/cli/progress.ts';

const FRAME_MS = 100;
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function screen(columns = 80) {
  let text = '';
  const stream = { isTTY: true, columns, write: (more: string) => (text += more) } as unknown as NodeJS.WriteStream;
  return { stream, written: () => text };
}

it('draws a line as wide as the terminal and wipes it', () => {
  const { stream, written } = screen(20);
  const progress = new Progress(stream, { TERM: 'xterm' }, true, () => false);
  progress.start('waiting for what takes long');
  vi.advanceTimersByTime(FRAME_MS);
  progress.stop();
  expect(written()).toMatch(/^\r\x1b\[K. waiting for what \r\x1b\[K$/);
});

it('leaves the line to the shell while it is in the background', () => {
  const { stream, written } = screen();
  let inBackground = true;
  const progress = new Progress(stream, { TERM: 'xterm' }, true, () => inBackground);
  progress.start('waiting');
  vi.advanceTimersByTime(10 * FRAME_MS);
  progress.clear();
  expect(written()).toBe('');
  inBackground = false;
  vi.advanceTimersByTime(FRAME_MS);
  expect(written()).toContain('waiting');
});

it.each([
  ['a terminal that cannot wipe', { TERM: 'dumb' }, true],
  ['who wants none', { TERM: 'xterm' }, false],
])('is not for %s', (_who, env, wanted) => {
  const { stream, written } = screen();
  const progress = new Progress(stream, env, wanted, () => false);
  progress.start('waiting');
  vi.advanceTimersByTime(10 * FRAME_MS);
  progress.stop();
  expect(written()).toBe('');
});
