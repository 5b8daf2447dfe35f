/** Every dialogue in this folder, played to our client. How to add one: README.md. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Operation, parseTranscript } from '../../src/tty/transcript.ts';
import { type Expected, replay, type Told } from './replay.ts';
import { cut, insertBeforeEchoes, insertControls, insertLines } from './variations.ts';

const folder = import.meta.dirname;
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.script'))
  .map((file) => file.replace(/\.script$/, ''));

/** The errors that our client throws; others, at's own, are made of a result. */
const THROWN = ['GONE', 'IN_CALL'];
/** Each is played so often in another way; with more of them this can be less. */
const RUNS = 8;

const plain = ({ command, lines, result }: Told): Told => ({ command, lines, result });
/** The bytes of each direction in turn, and what was done besides. */
function turns(operations: readonly Operation[]): string[] {
  const found: string[] = [];
  let last = '';
  for (const operation of operations) {
    if (operation.kind === 'event') found.push(operation.text);
    else if (operation.kind === last) found.push(found.pop() + operation.bytes);
    else found.push(`${operation.kind} ${operation.bytes}`);
    last = operation.kind;
  }
  return found;
}

it('there are some', () => {
  expect(names.length).toBeGreaterThan(15);
});

describe.each(names)('%s', (name) => {
  const text = readFileSync(join(folder, `${name}.script`), 'latin1');
  const expected = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Expected;
  const operations = parseTranscript(text);
  const outcome = {
    commands: expected.commands.map(plain),
    error: THROWN.find((code) => code === expected.error?.code) ?? null,
    rest: [],
  };
  const unsolicited = expected.unsolicited ?? [];

  it('says where it comes from', () => {
    expect(text).toMatch(/^# modem: .+\n(# .+\n)*# source: .+\n/);
  });

  it('is answered as it was, with the result that it had', async () => {
    const { recorded, ...replayed } = await replay(operations, expected);
    expect(replayed).toEqual({ ...outcome, unsolicited });
    // And our recorder sees what was recorded; a modem that was pulled out is not told of by itself.
    const told = operations.filter((operation) => operation.kind !== 'event' || operation.text !== 'unplug');
    expect(turns(recorded)).toEqual(turns(told));
  });

  it('byte by byte: the same', async () => {
    for (const gapMs of [0, 1]) {
      expect(await replay(cut(operations, [1], gapMs), expected)).toMatchObject({ ...outcome, unsolicited });
    }
  });

  it('in any pieces: the same', async () => {
    const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constant(4096)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(sizes, async (pieces) => {
        expect(await replay(cut(operations, pieces, 0), expected)).toMatchObject({ ...outcome, unsolicited });
      }),
      { numRuns: RUNS },
    );
  });

  it('with a call coming in between the lines: the same, and every RING told', async () => {
    const lines = ['\r\nRING\r\n', '\r\nNMBR = 5551234\r\n', '\r\nNAME=SMITH JOHN\r\n'];
    await varied(fc.constantFrom(null, null, ...lines), insertLines, async (changed, inserted) => {
      const told = await replay(changed, expected);
      expect(told).toMatchObject(outcome);
      const more = inserted.map((line) => line.trim());
      expect([...told.unsolicited].sort()).toEqual([...unsolicited, ...more].sort());
    });
  });

  it('with noise on a line before an answer, or control characters anywhere: the same', async () => {
    await varied(fc.constantFrom(null, '~\xe1{\r\n', '\xff\xfe'), insertBeforeEchoes, async (changed) => {
      expect(await replay(changed, expected)).toMatchObject({ ...outcome, unsolicited });
    });
    await varied(fc.constantFrom(null, null, null, '\0', '\x11', '\x7f'), insertControls, async (changed) => {
      expect(await replay(changed, expected)).toMatchObject({ ...outcome, unsolicited });
    });
  });

  async function varied(
    piece: fc.Arbitrary<string | null>,
    change: (operations: readonly Operation[], choose: () => string | null) => Operation[],
    check: (changed: Operation[], inserted: string[]) => Promise<void>,
  ): Promise<void> {
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 40 }), async (pieces) => {
        const inserted: string[] = [];
        let turn = 0;
        const changed = change(operations, () => {
          const chosen = pieces[turn++ % pieces.length] ?? null;
          if (chosen !== null) inserted.push(chosen);
          return chosen;
        });
        await check(changed, inserted);
      }),
      { numRuns: RUNS },
    );
  }
});
