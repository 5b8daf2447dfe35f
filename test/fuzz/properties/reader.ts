/** The AT reader: whatever comes while a command runs, its events depend on the bytes and not on how they were cut, and it keeps a bounded part of them. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseAtCommand } from '../../../src/at/command-line.ts';
import { describeConnection, parseConnection } from '../../../src/at/connect.ts';
import { Dialogue, type DialogueEvent } from '../../../src/at/dialogue.ts';
import { parseUnsolicited } from '../../../src/at/unsolicited.ts';
import { bytesOf, cut, fuzz, places, textOf } from '../property.ts';

const said = textOf([
  ...[
    '\r',
    '\n',
    '\r\n',
    'OK',
    'ERROR',
    'CONNECT',
    'CONNECT 33600/ARQ/V34/LAPM/V42BIS',
    'NO CARRIER',
    'BUSY',
    'RING',
    '0',
    '1',
    '2',
    '4',
    '10',
  ],
  ...[
    'AT',
    'ATI3',
    'ATDT5550137',
    'AT+VCID=1',
    'NMBR = 5551234',
    'DATE=0117',
    '+CME ERROR: 3',
    '\x10',
    '\x10R',
    '\x11',
    'DELAYED 00:02:00',
    ' ',
    'x',
  ],
]);
const command = fc.constantFrom('ATI3', 'ATDT5550137', 'ATA', 'AT', 'AT+VCID=1');
const MOST_KEPT = 1.1 * (1 << 20);

function run(line: string, pieces: readonly Uint8Array[], echo: boolean): readonly unknown[] {
  const dialogue = new Dialogue();
  dialogue.begin(parseAtCommand(line), echo);
  const events: DialogueEvent[] = [];
  for (const piece of pieces) events.push(...dialogue.receive(piece));
  for (let turns = 0; dialogue.patienceMs !== null; turns++) {
    assert.ok(turns < 10, 'it never stops waiting for a silence');
    events.push(...dialogue.quiet());
  }
  if (dialogue.state === 'running') {
    const end = dialogue.expire();
    assert.ok('lines' in end && end.lines.join('').length < MOST_KEPT);
  }
  return told(events);
}

/** Data is the same however it was cut. */
function told(events: readonly DialogueEvent[]): readonly unknown[] {
  const data = events.flatMap((event) => (event.kind === 'data' ? [Buffer.from(event.bytes)] : []));
  return [...events.filter(({ kind }) => kind !== 'data'), Buffer.concat(data).toString('latin1')];
}

export const reader = fuzz('reader', fc.tuple(command, said, places, fc.boolean()), ([line, text, cuts, echo]) => {
  const bytes = bytesOf(text);
  const whole = run(line, [bytes], echo);
  assert.deepEqual(run(line, cut(bytes, cuts), echo), whole);
});

export const resultText = fuzz(
  'result codes and reports',
  fc.tuple(said, fc.array(said, { maxLength: 3 })),
  ([text, lines]) => {
    parseUnsolicited(text);
    assert.doesNotMatch(describeConnection(parseConnection(text, lines)), /[\x00-\x1f\x7f]/);
  },
);
