import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBytes } from '../../src/core/text.ts';
import { decode, encode, type Operation, parseTranscript, TranscriptWriter } from '../../src/tty/transcript.ts';

/** Any bytes, as Latin-1. */
const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((data) => Buffer.from(data).toString('latin1'));
/** What a dialogue is made of, and what could be taken for the transcript's own marks. */
const talk = fc.oneof(
  bytes,
  fc.constantFrom(
    'ATI3\r',
    'ATI3',
    '\r\nOK\r\n',
    'RING',
    '^',
    '^M',
    '^`',
    '\n',
    '\r',
    '# r 1 x',
    '! 1 x',
    '\nw 0 x',
    '\x7f',
    '\x85',
  ),
);
const step = fc.record({
  kind: fc.constantFrom('read', 'write'),
  bytes: talk,
  afterMs: fc.integer({ min: 0, max: 20_000 }),
});

/** What a writer makes of it. */
function written(use: (writer: TranscriptWriter, pass: (ms: number) => void) => void, showNumbers = true): string {
  let text = '';
  let now = 1000.4;
  const writer = new TranscriptWriter(
    (more) => (text += more),
    () => now,
    'a modem',
    showNumbers ? null : new Map(),
  );
  use(writer, (ms) => {
    now += ms;
  });
  writer.closed();
  return text;
}

/** The bytes of each direction in turn. */
function turns(operations: readonly Pick<Operation & { bytes: string }, 'kind' | 'bytes'>[]): string[] {
  const found: string[] = [];
  let last = '';
  for (const { kind, bytes: data } of operations) {
    if (kind === last) found.push(`${found.pop()}${data}`);
    else found.push(`${kind} ${data}`);
    last = kind;
  }
  return found;
}

describe('what is recorded', () => {
  it('is read again, byte by byte and turn by turn', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const text = written((writer, pass) => {
          for (const { kind, bytes: data, afterMs } of steps) {
            pass(afterMs);
            if (kind === 'read') writer.received(toBytes(data));
            else writer.sent(toBytes(data));
          }
        });
        const operations = parseTranscript(text);
        expect(operations.at(-1)).toMatchObject({ kind: 'event', text: 'closed' });
        const data = operations.filter((operation) => operation.kind !== 'event');
        expect(turns(data as never)).toEqual(turns(steps));
        // No time is lost but what rounding takes off each operation.
        const total = operations.reduce((sum, { afterMs }) => sum + afterMs, 0);
        const passed = steps.reduce((sum, { afterMs }) => sum + afterMs, 0);
        expect(Math.abs(total - passed)).toBeLessThanOrEqual(operations.length);
      }),
    );
  });

  it('is one line of text for each operation, whatever the bytes', () => {
    fc.assert(
      fc.property(bytes, (data) => {
        expect(encode(data)).not.toMatch(/[\x00-\x1f]/);
        expect(decode(encode(data))).toBe(data);
      }),
    );
  });

  it('looks like this', () => {
    const text = written((writer, pass) => {
      pass(12);
      writer.sent(toBytes('ATI3\r'));
      pass(3.4);
      for (const byte of toBytes('ATI3\r\r\nV1^2\r\n')) writer.received(Uint8Array.of(byte));
      pass(100);
      writer.received(toBytes('half'));
      pass(200);
      writer.dtr(false, true);
      pass(700);
      writer.dtr(true, false);
      writer.circuits({ dsr: true, dcd: false, ri: null });
      writer.circuits({ dsr: true, dcd: false, ri: null });
      pass(1);
      writer.circuits({ dsr: true, dcd: true, ri: false });
      writer.handedOver();
    });
    expect(text).toBe(
      [
        '# modem: a modem',
        'w 12 ATI3^M',
        'r 3 ATI3^M^M^J',
        'r 0 V1^`2^M^J',
        'r 100 half',
        '! 200 dtr off',
        '! 700 dtr on failed',
        '! 0 circuits dsr',
        '! 1 circuits dsr dcd',
        '! 0 handed over',
        '! 0 closed',
        '',
      ].join('\n'),
    );
  });

  it('tells where a modem paused within a line, and not how it was read', () => {
    const text = written((writer, pass) => {
      for (const [piece, ms] of [
        ['AT', 1],
        ['I3\r', 20],
        ['\r\nhalf', 5],
        [' a line', 300],
        ['\r\n', 21],
      ] as const) {
        pass(ms);
        writer.received(toBytes(piece));
      }
    });
    expect(text).toBe('# modem: a modem\nr 1 ATI3^M^M^Jhalf\nr 325  a line\nr 21 ^M^J\n! 0 closed\n');
  });

  it('does not gather a call in memory', () => {
    const lines: string[] = [];
    const writer = new TranscriptWriter(
      (line) => lines.push(line),
      () => 0,
      'a modem',
      null,
    );
    for (let piece = 0; piece < 1000; piece++) writer.received(new Uint8Array(100).fill(0x41));
    expect(lines.length).toBeGreaterThan(80);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(1300);
  });
});

describe('telephone numbers', () => {
  const dialled = (cut: (text: string) => readonly string[], showNumbers: boolean) =>
    written((writer) => {
      for (const piece of cut('ATDT5550137\r')) {
        writer.sent(toBytes(piece));
        writer.received(toBytes(piece));
      }
      for (const piece of cut('\r\nRING\r\n\r\nNMBR = 5551234\r\n')) writer.received(toBytes(piece));
    }, showNumbers);

  it('are masked, the dialogue keeping its shape', () => {
    const text = dialled((all) => [all], false);
    expect(text).toContain('w 0 ATDT*******^M\nr 0 ATDT*******^M');
    expect(text).toContain('NMBR = *******^M^J');
  });

  it('are masked where they come a character at a time, typed and echoed by turns', () => {
    const text = dialled((all) => [...all], false);
    const operations = parseTranscript(text) as { kind: string; bytes: string }[];
    for (const kind of ['read', 'write']) {
      const all = operations.filter((one) => one.kind === kind).map(({ bytes: data }) => data);
      // The first does not tell yet that it is a number's.
      expect(all.join('')).toContain('ATDT5******\r');
    }
    expect(text).toContain('NMBR = *******^M^J');
  });

  it('are there on demand', () => {
    expect(dialled((all) => [all], true)).toContain('w 0 ATDT5550137^M\nr 0 ATDT5550137^M');
  });
});

describe('a transcript from elsewhere', () => {
  it("is read: umockdev-record's own lines, and those of a file that was mailed", () => {
    const text = [
      'd 0 /dev/ttyACM0',
      '# a comment',
      'w 0 AT^M',
      'r 5 ^M^JOK^M^J\r',
      'Q 3 ^@^_^`^~',
      'f 0 xyz',
      '',
      'r x nonsense',
      'r 99999999999 too late',
      'r 3 a^b^',
      '! 7 unplug\r',
    ].join('\n');
    expect(parseTranscript(text)).toEqual([
      { kind: 'write', afterMs: 0, bytes: 'AT\r' },
      { kind: 'read', afterMs: 5, bytes: '\r\nOK\r\n' },
      { kind: 'read', afterMs: 3, bytes: 'a^b^' },
      { kind: 'event', afterMs: 7, text: 'unplug' },
    ]);
  });
});
