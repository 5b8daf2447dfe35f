import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StreamMask } from '../../src/core/mask.ts';

describe('a number with a name', () => {
  const names = new Map([['ATDT5550137', '@pi17']]);

  it('is told by it, in the command and in its echo', () => {
    const mask = new StreamMask(names);
    expect(mask.mask('ATDT5550137\r')).toBe('ATDT@pi17\r');
    expect(mask.mask('ATDT5550137\r\r\nOK\r\n')).toBe('ATDT@pi17\r\r\nOK\r\n');
    expect(mask.mask('ATDT5550195\r')).toBe('ATDT*******\r');
  });

  it('is not shown in pieces either, however short it is', () => {
    for (const number of ['5550137', '17', '9,5']) {
      fc.assert(
        fc.property(fc.array(fc.nat(20), { maxLength: 6 }), (cuts) => {
          const text = `ATDT${number}\r\r\nBUSY\r\n`;
          const ends = [...cuts.filter((cut) => cut < text.length), text.length].sort((a, b) => a - b);
          const mask = new StreamMask(new Map([[`ATDT${number}`, '@x']]));
          const pieces = ends.map((end, index) => mask.mask(text.slice(ends[index - 1] ?? 0, end)));
          expect(pieces.join('')).not.toMatch(/\d/);
          expect(pieces.join('')).toMatch(/^ATDT(@x|[*,]+)\r\r\nBUSY\r\n$/);
        }),
      );
    }
  });
});
