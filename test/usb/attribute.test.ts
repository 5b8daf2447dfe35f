import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanString } from '../../src/usb/attribute.ts';

describe('strings of devices', () => {
  it.each([
    ['U.S.Robotics', 'U.S.Robotics'],
    ['  USB   Modem \n', 'USB Modem'],
    ['\u001b[31mred\u001b[0m', '[31mred [0m'],
    ['a\u202eb', 'a b'],
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
        expect(clean ?? 'x').not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
        expect([...(clean ?? 'x')].length).toBeLessThanOrEqual(126);
      }),
    );
  });
});
