import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CallerId, CallerIdCollector } from '../../../src/at/caller-id-collector.ts';
import { parseCallers, refusalOf } from '../../../src/services/answering/caller-list.ts';

/** What a modem's lines make of a caller. */
function callerOf(...lines: string[]): CallerId | null {
  const collector = new CallerIdCollector();
  for (const line of lines) collector.take(line);
  return collector.callerId;
}

const lists = (allow: string, deny = '') => ({
  allow: allow === '' ? [] : parseCallers(allow),
  deny: deny === '' ? [] : parseCallers(deny),
});
const isAnswered = (caller: CallerId | null, allow: string, deny = '') =>
  refusalOf(caller, lists(allow, deny)) === null;

const smith = callerOf('NMBR=5551234', 'NAME=SMITH');
const withheld = callerOf('NMBR=P');
const outOfArea = callerOf('NMBR=O');

describe('caller lists', () => {
  it.each([
    ['5551234', true],
    ['555-1234', true],
    ['(555) 1234', true],
    ['555*', true],
    ['1,2,5551234', true],
    ['55512345', false],
    ['555123', false],
    ['5551235', false],
    ['private,unknown', false],
  ])('--allow %s lets 5551234 in: %s', (allow, expected) => {
    expect(isAnswered(smith, allow)).toBe(expected);
  });

  it('takes a leading + for 00, on both sides', () => {
    expect(isAnswered(callerOf('NMBR=+4930123'), '0049*')).toBe(true);
    expect(isAnswered(callerOf('NMBR=004930123'), '+49 30 123')).toBe(true);
  });

  it('fails closed where the number is not told', () => {
    for (const caller of [null, withheld, outOfArea]) {
      expect(isAnswered(caller, '5551234')).toBe(false);
      expect(isAnswered(caller, '', '5551234')).toBe(false);
    }
    expect(isAnswered(callerOf('NMBR=5551234', 'NMBR=999'), '5551234')).toBe(false);
    expect(isAnswered(smith, '', '999')).toBe(true);
  });

  it('lets callers without a number in by name only', () => {
    expect(isAnswered(withheld, 'private')).toBe(true);
    expect(isAnswered(withheld, 'unknown')).toBe(false);
    expect(isAnswered(outOfArea, 'unknown')).toBe(true);
    expect(isAnswered(null, 'unknown')).toBe(true);
    expect(isAnswered(null, 'private')).toBe(false);
  });

  it('has the deny list win', () => {
    expect(isAnswered(smith, '555*', '5551234')).toBe(false);
    expect(refusalOf(smith, lists('555*', '5551234'))).toContain('--deny');
    expect(refusalOf(smith, lists('1'))).toContain('--allow');
  });

  it.each(['', ' ', 'abc', '0049**', '*', '5551234,', 'PRIVATE', '1; rm -rf /', '12\n34'])('refuses %j', (text) => {
    expect(() => parseCallers(text)).toThrowError(expect.objectContaining({ code: 'USAGE' }));
  });

  it('never lets anybody in by what a hostile line says, but by exactly that number', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        const caller = callerOf(`NMBR=${text}`);
        if (isAnswered(caller, '5551234')) expect(text.replace(/[ ().-]/g, '')).toBe('5551234');
      }),
    );
  });
});
