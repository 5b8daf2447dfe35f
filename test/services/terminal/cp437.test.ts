import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cp437Keyboard, decodeCp437, encodeCp437 } from '../../../src/services/terminal/cp437.ts';

const ALL = Uint8Array.from({ length: 256 }, (_, code) => code);

describe('code page 437', () => {
  it('is what iconv has for it', (context) => {
    const iconv = spawnSync('iconv', ['-f', 'CP437', '-t', 'UTF-8'], { input: ALL });
    if (iconv.status !== 0) context.skip('iconv is not installed, or does not know CP437');
    expect(decodeCp437(ALL)).toBe(iconv.stdout.toString('utf8'));
  });

  it.each([
    [0x1b, '\x1b'],
    [0x80, 'Ç'],
    [0xb0, '░'],
    [0xc9, '╔'],
    [0xdb, '█'],
    [0xe1, 'ß'],
    [0xfe, '■'],
    [0xff, '\u00a0'],
  ])('0x%s', (code, character) => {
    expect(decodeCp437(Uint8Array.of(code))).toBe(character);
    expect(encodeCp437(character)).toEqual(Uint8Array.of(code));
  });

  it('has 256 characters, each of which comes back as its byte', () => {
    const text = decodeCp437(ALL);
    expect(new Set(text).size).toBe(256);
    expect(encodeCp437(text)).toEqual(ALL);
  });

  it('takes look-alikes and composed letters, and makes a question mark of the rest', () => {
    expect(decodeCp437(encodeCp437('β μ \u2126 e\u0301 n\u0303 € 🙂'))).toBe('ß µ Ω é ñ ? ?');
  });
});

describe('a keyboard in UTF-8', () => {
  it('may be cut anywhere', () => {
    const text = fc.string({ unit: fc.constantFrom(...decodeCp437(ALL)), maxLength: 40 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(80), { maxLength: 5 }), (typed, cuts) => {
        const bytes = Buffer.from(typed, 'utf8');
        const at = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
        const keyboard = new Cp437Keyboard();
        const sent = at.slice(1).map((end, index) => keyboard.encode(bytes.subarray(at[index], end)));
        expect(Buffer.concat(sent)).toEqual(Buffer.from(encodeCp437(typed)));
      }),
    );
  });

  it('may send nonsense', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(new Cp437Keyboard().encode(bytes).length).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});
