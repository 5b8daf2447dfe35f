import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isModemctlError } from '../../../src/core/errors.ts';
import { type ChatScript, parseChatScript } from '../../../src/modem/chat/script.ts';
import { drive } from './driver.ts';
import { runRealChat, whyNotComparable } from './real-chat.ts';

const reason = await whyNotComparable();
if (reason !== null) process.stderr.write(`not compared with the real chat: ${reason}\n`);

/** Scripts, and what the far end says to them. */
const CASES: readonly (readonly [string, string])[] = [
  [
    "ABORT BUSY ABORT 'NO CARRIER' '' ATZ OK ATDT5551212 CONNECT \\c ogin: ppp ssword: hello2u2",
    'OK\r\nCONNECT 33600\r\nlogin:Password:~\x7f}#',
  ],
  ["ABORT BUSY ABORT 'NO CARRIER' '' ATZ OK ATDT5551212 CONNECT", 'OK\r\nNO CARRIER\r\nmore'],
  ["ABORT BUSY ABORT 'NO CARRIER' '' ATZ OK ATDT5551212 CONNECT", 'OK\r\nBUSY'],
  ['ABORT A ABORT B ABORT A ABORT C CLR_ABORT A x y', 'zzC'],
  ['ABORT A ABORT B ABORT A CLR_ABORT A x y', 'zzA'],
  ["ABORT '' a b", 'xa'],
  ['TIMEOUT 1 ogin:--ogin: ppp', 'noise'],
  ['TIMEOUT 1 ogin:--ogin: ppp', 'noise login: x'],
  ['TIMEOUT 1 ogin:-BREAK-ogin: ppp', 'noise'],
  ['TIMEOUT 1 a-x c d e f', 'c'],
  ['TIMEOUT 1 a-EOT- c d e f', 'cde'],
  ['- a -x b -- c', 'abc'],
  ['a\\-b c', 'a-b'],
  ["TIMEOUT 1 a''b c", 'a'],
  ["'a'b c", 'ac'],
  ['"a\\"b" c', 'a"b'],
  ["'a b' c\\sd", 'a b'],
  ['# comment\na b\n#x\n # d', 'a#rest'],
  ['\ta\t b  \n\n\n c   d', 'a c rest'],
  ["'' ^A^z^@^^^?^", ''],
  ["'' \\b\\n\\r\\s\\t\\\\\\K\\p\\N\\0\\101\\1012\\377\\777\\400\\-\\x\\^A\\c", ''],
  ["'' a\\cb\\c", ''],
  ["'' \\T\\U\\q\\$HOME$HOME", ''],
  ["'' a\\", ''],
  ["'' ''", ''],
  ["'' EOT '' BREAK '' EOT\\s", ''],
  ['\\101\\n\\r\\s\\t\\b b', 'A\n\r \t\bc'],
  ['\\K\\p\\d\\c\\N\\q\\x\\\\ b', 'KpdcNx\\'],
  ['TIMEOUT 1 \\Ta b', 'Ta'],
  ['\\Ta b', '\\Ta'],
  ['a\\', 'a'],
  ['^Ab^ c', '\x01b^'],
  ['a b', '\xe1rest'],
  ["REPORT CONNECT '' AT CONNECT \\c", 'CONNECT 33600/ARQ\r\nlogin:'],
  ["REPORT CONNECT '' AT OK \\c", 'CONNECT 33600/ARQ\r\nOK'],
  ["REPORT A REPORT A '' AT OK", 'A1\rA2\nA3\rOK'],
  ['REPORT A CLR_REPORT A x y', 'A1\rx'],
  ["REPORT CONNECT '' AT CONNECT", 'CONNECT'],
  ['ECHO ON x y ECHO OFF z \\c', 'a\x01\x7f\xe1\r\nx no z'],
  ['ECHO ON x y', 'a\nx'],
  ["SAY 'hello\\n' '' x SAY \"bye\\sbye\\c\"", ''],
  ['TIMEOUT 1 x y', ''],
  ['TIMEOUT 1s x y', ''],
  ['HANGUP OFF a b HANGUP ON c d', 'ac'],
  ["TIMEOUT 2 '' a\\db x y", 'x'],
  ["TIMEOUT 1 '' a\\d\\d\\db x y", 'x'],
  ["'' @script", ''],
  ["'' '@ script' a b", 'a'],
  ["'' @missing a b", 'a'],
  ["'' @ a b", 'a'],
  ['abort x', 'abort'],
];

describe.skipIf(reason !== null)('as the real chat does it', () => {
  it.concurrent.each(CASES)('%j, told %j', async (script, said) => {
    const ours = drive(parseChatScript(script), said, { script: script });
    expect(ours).toEqual(await runRealChat(script, said));
  });

  it.concurrent.each([
    ["'' \\T,\\U,$WHO,\\$WHO,$NOBODY,$WHO\\sx", ''],
    ['$WHO b', 'mead'],
    ['$WHO-\\c-\\$ b', 'me$'],
    ['TIMEOUT $ONE x y', ''],
  ])('numbers and environment: %j, told %j', async (script, said) => {
    process.env.WHO = 'me';
    process.env.ONE = '1';
    const substitutions = { phone: '555', phone2: '666', environment: process.env };
    const ours = drive(parseChatScript(script, substitutions), said);
    expect(ours).toEqual(await runRealChat(script, said, ['-E', '-T', '555', '-U', '666']));
  });

  // Without SAY, in which chat leaves the backslash of most escapes.
  it('whatever is in the script', async () => {
    const piece = fc.constantFrom(
      ...[
        'a',
        'b',
        'ab',
        '-',
        '--',
        '\\-',
        '\\s',
        '\\r',
        '\\c',
        '\\\\',
        '\\',
        '^A',
        '^',
        '\\101',
        '\\q',
        '\\p',
        '\\N',
        '#',
      ],
      ...["'", '"', "''", ' ', ' ', ' ', '\t', '\n', 'ABORT ', 'REPORT ', 'CLR_ABORT ', 'ECHO ON ', 'EOT', 'BREAK'],
    );
    const script = fc.array(piece, { minLength: 1, maxLength: 25 }).map((pieces) => `TIMEOUT 1\n${pieces.join('')}`);
    const said = fc.string({ unit: fc.constantFrom(...'ab \r\n\x01A-\\cs'), maxLength: 40 });
    const pairs = fc.sample(fc.tuple(script, said), { numRuns: 150, seed: 20260117 });
    const parsed = pairs.flatMap(([text, heard]) => {
      const ours = parsedOrNull(text);
      return ours ? [{ text, heard, ours: drive(ours, heard) }] : [];
    });
    expect(parsed.length).toBeGreaterThan(50);
    // One after the other in each of a few lanes: most of the time they wait.
    const lanes = Array.from({ length: 24 }, (_, lane) => parsed.filter((_pair, index) => index % 24 === lane));
    await Promise.all(
      lanes.map(async (lane) => {
        for (const { text, heard, ours } of lane)
          expect({ text, heard, ...ours }).toEqual({ text, heard, ...(await runRealChat(text, heard)) });
      }),
    );
  }, 60_000);
});

/** Faults that we tell before the start chat meets on the way. */
function parsedOrNull(text: string): ChatScript | null {
  try {
    return parseChatScript(text);
  } catch (error) {
    if (isModemctlError(error, 'CONFIG_INVALID')) return null;
    throw error;
  }
}
