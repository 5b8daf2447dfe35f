import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DialOptions, parseDialString } from '../../src/at/dial-string.ts';
import { maskNumbers } from '../../src/core/mask.ts';

describe('what people write', () => {
  it.each([
    ['5550137', {}, 'ATDT5550137'],
    ['555-0137', {}, 'ATDT5550137'],
    ['(0151) 555 01.37', {}, 'ATDT01515550137'],
    ['555\u00a0\u2013 0137', {}, 'ATDT5550137'],
    ['  5550137\n', {}, 'ATDT5550137'],
    ['5550137', { method: 'pulse' }, 'ATDP5550137'],
    ['5550137', { method: 'tone' }, 'ATDT5550137'],
    ['T5550137', { method: 'pulse' }, 'ATDT5550137'],
    ['p 555', {}, 'ATDP555'],
    ['5550137', { outsideLine: '9,' }, 'ATDT9,5550137'],
    ['5550137', { outsideLine: '0w', method: 'pulse' }, 'ATDP0W5550137'],
    ['5550137', { outsideLine: 'P9,T' }, 'ATDP9,T5550137'],
    ['9w@1!*70#,abcd', {}, 'ATDT9W@1!*70#,ABCD'],
    ['P9,T*70', {}, 'ATDP9,T*70'],
  ] satisfies [string, DialOptions, string][])('%j %j: %s', (text, options, command) => {
    expect(parseDialString(text, options).toCommand()).toBe(command);
  });
});

describe('is refused with what to do', () => {
  it.each([
    ['', /no digit/],
    [',W', /no digit/],
    ['+44 151 555', /international prefix/],
    ['5550137;', /leave it out/],
    ['L', /the number itself/],
    ['S=2', /the number itself/],
    ['1-800-FLOWERS', /^this cannot be dialled: F cannot stand in the number; write digits/],
    ['555/0137', /\/ cannot stand/],
    ['555\x07', /U\+0007/],
    ['555\u{1f4de}', /U\+1F4DE/],
    ['5'.repeat(59), /1 character too long/],
    ['5'.repeat(300), /too long/],
    ['P555#', /has no pulses/],
    ['ATDT5550137', /the number alone/],
    ['DP5550137', /the number alone/],
  ])('%j', (text, message) => {
    expect(() => parseDialString(text)).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringMatching(message) }),
    );
  });

  it('an outside-line prefix that is none', () => {
    expect(() => parseDialString('555', { outsideLine: '9x' })).toThrow(/X cannot stand in the outside-line prefix/);
  });
});

it.each([
  ['ATDT9,5550137', 'ATDT*,*******'],
  ['at&d2dp9WT555-01.37', 'at&d2dp*WT***-**.**'],
  ['AT&D2', 'AT&D2'],
  ['AT+DR=1', 'AT+DR=1'],
])('a trace shows %s as %s', (command, shown) => {
  expect(maskNumbers(command)).toBe(shown);
});

it('takes what the longest known chip takes, and says what V.250 does not promise (5.2.1)', () => {
  expect(parseDialString('5'.repeat(58)).toCommand().slice(2)).toHaveLength(60);
  expect(parseDialString('5'.repeat(38)).isLong).toBe(false);
  expect(parseDialString('5'.repeat(39)).isLong).toBe(true);
});

it('knows how long dialling can take', () => {
  expect(parseDialString('555').longestMs).toBe(3 * 190);
  expect(parseDialString('P5,T5').longestMs).toBe(1700 + 2000 + 190);
  expect(parseDialString('9W5').longestMs).toBeGreaterThan(60_000);
});

it('marks for the eye change nothing', () => {
  const mark = fc.constantFrom(...' -.()\t');
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9]{1,20}$/), fc.array(mark, { maxLength: 40 }), (digits, marks) => {
      const strewn = [...digits].map((digit, at) => `${marks[at] ?? ''}${digit}${marks[at + 20] ?? ''}`).join('');
      expect(parseDialString(strewn).toCommand()).toBe(parseDialString(digits).toCommand());
    }),
  );
});
