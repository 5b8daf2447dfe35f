import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanString } from '../../src/usb/attribute.ts';

describe('strings of devices', () => {
  it.each([
    ['U.S.Robotics', 'U.S.Robotics'],
    ['  USB   Modem \n', 'USB Modem'],
    ['\u001b[31mred\u001b[0m', '[31mred [0m'],
    ['a\u202eb', 'a b'],
    ['a\u061c\u00ad\u2060\u2067\ufff9b', 'a b'],
    ['half \ud83d of a pair \udc00', 'half of a pair'],
    ['\u{1f4de} modem \u{e0041}', '\u{1f4de} modem'],
    ['no-break\u00a0space\u3000', 'no-break space'],
    ['"; $(reboot) `id` %s \\', '"; $(reboot) `id` %s \\'],
    ['Модем', 'Модем'],
    ['\u0000\u0001', null],
    ['', null],
  ])('%j is shown as %j', (text, shown) => {
    expect(cleanString(text)).toBe(shown);
  });

  it('lets no control character through and keeps to the length USB allows', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 150 }), (text) => {
        const clean = cleanString(text);
        expect(clean ?? 'x').not.toMatch(/[\p{C}\u2028\u2029]/u);
        expect(clean === null ? null : cleanString(clean)).toBe(clean);
        expect([...(clean ?? 'x')].length).toBeLessThanOrEqual(126);
      }),
    );
  });
});
