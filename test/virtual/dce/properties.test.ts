import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bench } from '../support/bench.ts';

/** What DTEs type, and what they had better not. */
const typed = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'AT\r',
        'ATI3\r',
        'ATE0\r',
        'ATE1V1Q0\r',
        'A/',
        'ATS0?\r\n',
        'AT&V\r',
        'ATQ1\r',
        'ATV0\r',
        'at+ms=?\r',
      ),
      fc.string({ unit: fc.constantFrom(...'ATatSEQV0123=?;+&/\r\n\b "'), maxLength: 12 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))
  // D and A take time, Z and the line's own characters are another matter.
  .filter((text) => !/at[^\r]*(?:[da]|s[^\r]*=)/i.test(text));

/** Cuts a text in pieces at random. */
function cut(text: string, sizes: readonly number[]): string[] {
  const pieces: string[] = [];
  for (let at = 0, index = 0; at < text.length; index++) {
    const size = sizes[index % sizes.length] ?? 1;
    pieces.push(text.slice(at, at + size));
    at += size;
  }
  return pieces;
}

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 });

describe('whatever the chunks', () => {
  test('in command state the same is said', () => {
    fc.assert(
      fc.property(fc.constantFrom('usr5637', 'tfm561u'), typed, sizes, (model, text, chunks) => {
        const whole = new Bench(model);
        whole.type(text);
        const parts = new Bench(model);
        for (const piece of cut(text, chunks)) parts.type(piece);
        expect(parts.said()).toBe(whole.said());
        expect(parts.dce.state).toEqual(whole.dce.state);
      }),
    );
  });

  test('random bytes neither throw nor leave the modem deaf', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        const bench = new Bench();
        bench.type(noise);
        bench.clock.advance(120_000);
        // Whatever it was, an abort, an end of line and a reset bring it back.
        bench.type('\r\r');
        bench.clock.advance(2000);
        bench.type('\rAT&F\r');
        bench.said();
        expect(bench.at('AT')).toBe('AT\r\r\nOK\r\n');
      }),
    );
  });
});

describe('data cross a call unharmed', () => {
  /** A call between two modems, both in data state with nothing unread. */
  function call(): [Bench, Bench] {
    const calling = new Bench('usr5637', '5550101');
    const called = new Bench('tfm561u', '5550102', calling);
    called.at('ATS0=1');
    calling.at('ATDT5550102', 20_000);
    called.said();
    return [calling, called];
  }

  test('all 256 values, both ways, in any chunks', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 2000 }),
        fc.uint8Array({ maxLength: 2000 }),
        sizes,
        (there, back, chunks) => {
          const [calling, called] = call();
          for (const piece of cut(Buffer.from(there).toString('latin1'), chunks)) calling.type(piece);
          for (const piece of cut(Buffer.from(back).toString('latin1'), chunks)) called.type(piece);
          expect(Buffer.compare(called.bytes(), there)).toBe(0);
          expect(Buffer.compare(calling.bytes(), back)).toBe(0);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('a reader that does not read makes the writer wait; nothing is lost and little is hoarded', () => {
    const [calling, called] = call();
    const data = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) & 0xff));
    let sent = 0;
    let hoarded = 0;
    const received: Uint8Array[] = [];
    let length = 0;
    while (length < data.length) {
      calling.events.length = 0;
      const taken = calling.type(data.subarray(sent));
      sent += taken;
      hoarded = Math.max(hoarded, sent - length);
      if (sent < data.length) expect(taken).toBeLessThan(data.length);
      const part = called.dce.take(1000);
      if (sent < data.length) expect(calling.events).toContain('writable');
      received.push(part);
      length += part.length;
    }
    expect(Buffer.concat(received).equals(data)).toBe(true);
    expect(hoarded).toBeLessThanOrEqual(64 * 1024);
  });

  test('the echo subscriber too takes no more than is read', () => {
    const bench = new Bench();
    bench.at('ATDT5550100', 10_000);
    const data = Buffer.alloc(100_000, 'echo');
    let sent = bench.type(data);
    expect(sent).toBeLessThan(65_536);
    const back: Uint8Array[] = [];
    for (let length = 0; length < data.length; ) {
      const part = bench.dce.take(700);
      back.push(part);
      length += part.length;
      sent += bench.type(data.subarray(sent));
    }
    expect(Buffer.concat(back).equals(data)).toBe(true);
  });
});
