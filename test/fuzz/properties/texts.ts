/** What people write or keep in files: dial strings, chat scripts, transcripts, names of modems, durations. Each is refused by name or understood. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseAtCommand } from '../../../src/at/command-line.ts';
import { parseDialString } from '../../../src/at/dial-string.ts';
import { parseDuration } from '../../../src/core/duration.ts';
import { maskNumbers, StreamMask } from '../../../src/core/mask.ts';
import type { ChatAction } from '../../../src/modem/chat/chat-action.ts';
import { ChatRun } from '../../../src/modem/chat/chat-run.ts';
import { parseChatScript } from '../../../src/modem/chat/script.ts';
import { PppdLog } from '../../../src/services/ppp/pppd-log.ts';
import { decode, encode, parseTranscript } from '../../../src/tty/transcript.ts';
import { lookUpModem } from '../../../src/usb/catalogue/catalogue.ts';
import { findModels } from '../../../src/usb/catalogue/verdict.ts';
import { bytesOf, cut, fuzz, orError, places, textOf } from '../property.ts';

const dialled = textOf([...'0123456789*#ABCDabcd,W@!TP ()-.', '\u00a0', '\u2013', '+49', ';', 'ATD', '\r'], 300);
const method = fc.constantFrom('tone' as const, 'pulse' as const, undefined);

/** Only what V.250 dials is sent, and no digit of it is shown when masked. */
export const dialString = fuzz(
  'dial strings',
  fc.tuple(dialled, method, fc.option(dialled, { nil: undefined })),
  ([text, how, prefix]) => {
    const parsed = orError(() => parseDialString(text, { method: how, outsideLine: prefix }));
    if (!parsed) return;
    const line = parsed.toCommand();
    assert.match(line, /^ATD[TP][0-9A-D*#,W@!TP]+$/);
    assert.equal(parseAtCommand(line).line, line);
    assert.doesNotMatch(parsed.masked, /[0-9A-D]/);
    if (parsed.number.length >= 3) assert.equal(maskNumbers(line), `${line.slice(0, 4)}${parsed.masked}`);
  },
);

const at = textOf(
  [...'ATatDIEVQZSX&%+=?;0123456789"', '+VCID=1', 'AT&F', 'AT~S', 'A>', '&&F', '\r', '\n', 'D5550137'],
  500,
);

/** What is sent is one line of printable characters, and never what would open a flash loader. */
export const atCommand = fuzz('AT commands', at, (text) => {
  const command = orError(() => parseAtCommand(text));
  if (!command) return;
  assert.match(command.line, /^AT[\x20-\x7e]*$/i);
  // A quoted string is the command's argument.
  assert.doesNotMatch(command.line.toUpperCase().replace(/"[^"]*"?/g, ''), /&&F|~S/);
  // Numbers are masked in a trace without a change of its shape, in one piece as in several.
  const mask = new StreamMask();
  const masked = [...cut(bytesOf(text), [1, 5, 30])]
    .map((piece) => mask.mask(Buffer.from(piece).toString('latin1')))
    .join('');
  assert.equal(masked.length, text.length);
  assert.equal(maskNumbers(command.line).length, command.line.length);
});

const script = textOf([
  ...["'", '"', "''", ' ', '\n', '\\', '\\d', '\\p', '\\c', '\\q', '\\s', '\\x', '^', '^M', '-', '#', '@file', '$A'],
  ...[
    'ABORT',
    'CLR_ABORT',
    'REPORT',
    'ECHO',
    'ON',
    'OFF',
    'SAY',
    'HANGUP',
    'TIMEOUT',
    '2',
    '-1',
    'ogin:',
    'a',
    'b',
    '\\ATZ',
    'OK',
  ],
]);
const heard = textOf(['ogin:', 'a', 'b', 'OK', '\r', '\n', ' '], 20_000);

/** A script that is taken comes to an end, in as many turns as it has waits, whatever the far end says. */
export const chatScript = fuzz('chat scripts', fc.tuple(script, heard, places), ([text, said, cuts]) => {
  const parsed = orError(() => parseChatScript(text, { environment: { A: 'b' } }));
  if (!parsed) return;
  const run = new ChatRun(parsed);
  let now = 0;
  const perform = (actions: readonly ChatAction[]): void => {
    for (const action of actions) if (action.kind === 'readFile') perform(run.fileRead(Buffer.from('x'), now));
  };
  perform(run.start(now));
  for (const piece of cut(bytesOf(said), cuts)) if (!run.isOver) perform(run.receive(piece, ++now));
  for (let turns = 0; !run.isOver; turns++) {
    assert.ok(turns < 100_000 && run.wakeAt !== null, 'it never ends');
    now = Math.max(now, run.wakeAt);
    perform(run.wake(now));
  }
  assert.ok(run.takeRest().length <= said.length);
});

const log = textOf([
  ...[
    '\n',
    'Using interface ppp0',
    'Connect: ppp0 <--> /dev/ttyACM0',
    'local  IP address 10.64.0.1',
    'remote IP address ',
    '10.64.0.2',
  ],
  ...[
    'Sent 1048 bytes, received 2096 bytes.',
    'Connection terminated.',
    'LCP terminated by peer',
    'peer authentication succeeded for ',
    'rcvd [',
    '] ',
    '(',
  ],
]);

/** pppd's log: lines fit for a terminal, the same however they were cut. */
export const pppLog = fuzz('the log of pppd', fc.tuple(log, places), ([text, cuts]) => {
  const read = (pieces: readonly Uint8Array[]) => {
    const told: unknown[] = [];
    const pppd = new PppdLog({
      up: (link) => told.push(link),
      ending: () => told.push('ending'),
      line: (line) => {
        // Tabs are kept.
        assert.match(line, /^[^\x00-\x08\x0a-\x1f\x7f]{0,2000}$/);
        told.push(line);
      },
    });
    for (const piece of pieces) pppd.receive(piece);
    return [told, pppd.traffic, pppd.reason, pppd.lastWords];
  };
  const bytes = bytesOf(text);
  assert.deepEqual(read(cut(bytes, cuts)), read([bytes]));
});

const transcript = textOf([
  'r ',
  'w ',
  '! ',
  '# ',
  '0 ',
  '12 ',
  '^',
  '^M',
  '^J',
  '^`',
  '\\',
  '\n',
  '\r',
  'ATI3',
  '@DEV /dev/ttyACM0',
  ' unplug',
  '-1 ',
]);

/** A transcript that was mailed: operations of bytes, and what is written is read again. */
export const transcripts = fuzz('transcripts', transcript, (text) => {
  const raw = bytesOf(text).toString('latin1');
  for (const operation of parseTranscript(raw)) {
    assert.ok(operation.afterMs >= 0);
    if (operation.kind !== 'event') assert.match(operation.bytes, /^[\x00-\xff]*$/);
  }
  const line = encode(raw);
  assert.match(line, /^[^\n\r]*$/);
  assert.equal(decode(line), raw);
});

const words = textOf(
  ['usr', '5637', '0baf', ':', '0303', 'conexant', ' ', '.*', '(', '[', '%', '1.5s', '2m', '500ms', '1e999'],
  200,
);

export const names = fuzz('names, ids and durations', fc.tuple(words, words), ([one, other]) => {
  lookUpModem(one, other);
  findModels([one, other]);
  const ms = orError(() => parseDuration(one));
  assert.ok(ms === undefined || (Number.isFinite(ms) && ms >= 0));
});
