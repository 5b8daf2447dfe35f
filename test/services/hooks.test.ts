import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { Hooks } from '../../src/services/hooks.ts';

const folder = mkdtempSync(join(tmpdir(), 'hooks-'));
afterAll(() => rmSync(folder, { recursive: true }));

function hooks(command: string, limitMs = 10_000) {
  const notes: string[] = [];
  return { notes, hooks: new Hooks(command, { clock: systemClock, limitMs, note: (text) => notes.push(text) }) };
}

const read = (file: string) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

describe('hooks', () => {
  it('may be a line for the shell that is longer than any path', async () => {
    const out = join(folder, 'long');
    const { hooks: given } = hooks(`printf ${'x'.repeat(5000)} > "$OUT"`);
    given.run({ OUT: out }, {});
    await expect.poll(() => read(out).length).toBe(5000);
    await given.close(1000);
  });

  it.each([[`${folder}/nothing`], [folder], [`/${'x'.repeat(5000)}`], ['/dev/full']])('are refused: %s', (command) => {
    expect(() => hooks(command)).toThrow(expect.objectContaining({ code: 'USAGE', hint: expect.any(String) }));
  });

  it('get environment and stdin as they are', async () => {
    const out = join(folder, 'out');
    const { hooks: given } = hooks('printf "%s\\0" "$A" > "$OUT"; cat >> "$OUT"');
    const hostile = `'";$(touch ${folder}/owned)\`touch ${folder}/owned\`\\ %n -x\u{1f600}`;
    given.run({ A: hostile, OUT: out }, { a: hostile });
    await expect.poll(() => read(out).endsWith('\n')).toBe(true);
    expect(read(out)).toBe(`${hostile}\0${JSON.stringify({ a: hostile })}\n`);
    expect(read(join(folder, 'owned'))).toBe('');
    await given.close(1000);
  });

  it('run four at a time at most, begin in order, and drop what comes too fast', async () => {
    const log = join(folder, 'log');
    const { hooks: given, notes } = hooks('echo "+$N" >> "$LOG"; sleep 0.05; echo "-$N" >> "$LOG"');
    for (let n = 0; n < 200; n++) given.run({ N: String(n), LOG: log }, {});
    expect(notes).toEqual(['events come faster than the hook ends; some are not given to it']);
    const lines = () => read(log).trim().split('\n');
    await expect.poll(() => lines().filter((line) => line.startsWith('-')).length, { timeout: 20_000 }).toBe(104);
    let running = 0;
    for (const line of lines()) {
      running += line.startsWith('+') ? 1 : -1;
      expect(running).toBeLessThanOrEqual(4);
    }
    await given.close(1000);
  });

  it('need not read what they are told, and end when we end', async () => {
    const { hooks: given, notes } = hooks('exec <&-; sleep 62');
    given.run({}, { much: 'x'.repeat(1_000_000) });
    const begin = performance.now();
    await given.close(200);
    expect(performance.now() - begin).toBeLessThan(2000);
    expect(notes).toEqual([]);
  });

  it.each([[''], ['/nowhere/at-all'], ['./nowhere'], ['/etc/passwd']])('%j is refused at once', (command) => {
    expect(() => hooks(command)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});
