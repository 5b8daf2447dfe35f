import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callerIdValues, parseCallerIdLine } from '../../src/at/caller-id.ts';
import { type CallerId, CallerIdCollector } from '../../src/at/caller-id-collector.ts';
import { parseUnsolicited } from '../../src/at/unsolicited.ts';
import { maskNumbers } from '../../src/core/mask.ts';
import { callerIdLines } from '../../src/virtual/dce/caller-id-text.ts';
import { modelNamed } from '../../src/virtual/models/index.ts';
import type { Dialect } from '../../src/virtual/models/model.ts';

/** The lines of a call, as a collector makes them one value. */
function collected(lines: readonly string[]): CallerId | null {
  const collector = new CallerIdCollector();
  for (const line of lines) collector.take(line);
  return collector.callerId;
}

const NOBODY: CallerId = {
  number: null,
  name: null,
  date: null,
  time: null,
  presentation: 'unavailable',
  calledNumber: null,
};

describe('a line', () => {
  it.each([
    ['NMBR=5551234', 'number', '5551234'],
    ['NMBR = 5551234 ', 'number', '5551234'],
    ['NMBR  =  5551234', 'number', '5551234'],
    ['NBR=5551234', 'number', '5551234'],
    ['DDN_NMBR= 5551234', 'dialableNumber', '5551234'],
    ['CALLER NUMBER: 5551234', 'number', '5551234'],
    ["CALLER'S NUMBER: 5551234", 'number', '5551234'],
    ['CallerID: 5551234', 'number', '5551234'],
    ['CALLER NAME: SMITH', 'name', 'SMITH'],
    ['REASON FOR NO CALLER NUMBER: PRIVATE', 'noNumber', 'PRIVATE'],
    ['REASON FOR NO CALLER NAME: PRIVATE', 'noName', 'PRIVATE'],
    ['CALLED NUMBER: 100', 'calledNumber', '100'],
    ['NAME=WIRELESS CALLER', 'name', 'WIRELESS CALLER'],
    ['NAME = ', 'name', ''],
    ['NDID=100', 'calledNumber', '100'],
    ['DATE=0117', 'date', '0117'],
    ['TIME = 1452', 'time', '1452'],
    ['MESG = 06E7', 'message', '06E7'],
    ['+CLIP: "5551234",129', 'number', '"5551234",129'],
    ['RING;08912345;08765', 'number', '08912345'],
    ['FM:08912345 TO:08765', 'number', '08912345'],
    ['0412303332323234303539313435353132333435', 'message', '0412303332323234303539313435353132333435'],
  ])('%s', (line, field, value) => {
    expect(parseCallerIdLine(line)).toEqual({ field, value });
    expect(parseUnsolicited(line)).toEqual({ kind: 'callerId', text: line.trimEnd(), field, value });
  });

  it.each([
    'NAME',
    'UPDATE=1',
    'ERNAME = X',
    'OK',
    'TIME: 12:00',
    'Name=x',
    'RINGING',
    'RING:5',
    // A check sum, as ATI1 gives it, and something that only looks like a message.
    'CE3B',
    '8000',
    '04FF303332323234303539313435353132333435',
  ])('%s is no caller ID', (line) => {
    expect(parseCallerIdLine(line)).toBeNull();
  });
});

// From logs of a USR5637, users' dumps of Conexant sticks, the manuals of 3Com and Rockwell, and mgetty's list of dialects.
describe('who calls', () => {
  it.each([
    [
      ['DATE=0117', 'TIME=1452', 'NMBR=5551234', 'NAME=WIRELESS CALLER'],
      { date: '01-17', time: '14:52', number: '5551234', name: 'WIRELESS CALLER', presentation: 'allowed' },
    ],
    [
      ['DATE = 1015', 'TIME = 1310', 'NMBR = 5551234', 'NAME = SMITH JOHN'],
      { date: '10-15', time: '13:10', number: '5551234', name: 'SMITH JOHN', presentation: 'allowed' },
    ],
    [['NMBR = 504551234'], { number: '504551234', presentation: 'allowed' }],
    [['NMBR = P', 'NAME = P'], { presentation: 'private' }],
    [['NMBR = O', 'NAME = O'], { presentation: 'unavailable' }],
    [['NMBR = O', 'NAME = PAYPHONE'], { name: 'PAYPHONE', presentation: 'unavailable' }],
    [['NMBR = PRIVATE'], { presentation: 'private' }],
    [['NMBR = OUT OF AREA', 'NAME=UNAVAILABLE'], { presentation: 'unavailable' }],
    [['REASON FOR NO CALLER NUMBER: PRIVATE', 'CALLER NAME: SMITH'], { name: 'SMITH', presentation: 'private' }],
    [['DATE = 0321', 'TIME = 1405'], { date: '03-21', time: '14:05', presentation: 'unavailable' }],
    [['DDN_NMBR= 5551234'], { number: '5551234', presentation: 'allowed' }],
    [['DDN_NMBR= 5551234', 'NMBR = P'], { presentation: 'private' }],
    [['NMBR = (0151) 555-1234'], { number: '01515551234', presentation: 'allowed' }],
    [['+CLIP: "441515551234",145'], { number: '+441515551234', presentation: 'allowed' }],
    [['RING;08912345;08765'], { number: '08912345', calledNumber: '08765', presentation: 'allowed' }],
    [['FM:08912345 TO:08765'], { number: '08912345', calledNumber: '08765', presentation: 'allowed' }],
    [['NMBR=5551234', 'NDID=100'], { number: '5551234', calledNumber: '100', presentation: 'allowed' }],
  ] satisfies [string[], Partial<CallerId>][])('%j', (lines, told) => {
    expect(collected(lines)).toEqual({ ...NOBODY, ...told });
  });

  it('nobody has been told of before a line came, nor after the call', () => {
    const collector = new CallerIdCollector();
    expect(collector.take('RING')).toBe(false);
    expect(collector.callerId).toBeNull();
    expect(collector.take('NMBR=5551234')).toBe(true);
    expect(collector.callerId).not.toBeNull();
    collector.clear();
    expect(collector.callerId).toBeNull();
  });
});

describe('a message in hexadecimal', () => {
  it.each([
    // Single data message format, with check sum, as a reference prints it.
    [
      '041230393330313232343630393535353132313251',
      { date: '09-30', time: '12:24', number: '6095551212', presentation: 'allowed' },
    ],
    // The same of a caller who withholds his number; the reference's check sum is put right.
    ['04093039333031323234500E', { date: '09-30', time: '12:24', presentation: 'private' }],
    // Rockwell's manual, without check sum.
    [
      '0412303332323234303539313435353132333435',
      { date: '03-22', time: '24:05', number: '9145512345', presentation: 'allowed' },
    ],
    // 3Com's manual and the reference again, length and check sum put right: multiple data message format.
    [
      '802401083130313532303338020A37303835353530303031070C552E532E524F424F5449435338',
      { date: '10-15', time: '20:38', number: '7085550001', name: 'U.S.ROBOTICS', presentation: 'allowed' },
    ],
    [
      '80200108303332343039303207084A4F484E20444F45020A3830303535353132313284',
      { date: '03-24', time: '09:02', number: '8005551212', name: 'JOHN DOE', presentation: 'allowed' },
    ],
    // Bell Canada's, of which a Supra prints the parameter alone.
    ['030735353531323132', { number: '5551212', presentation: 'allowed' }],
    ['040150', { presentation: 'private' }],
    ['04014F', { presentation: 'unavailable' }],
  ] satisfies [string, Partial<CallerId>][])('%s', (hex, told) => {
    expect(collected([`MESG = ${hex}`])).toEqual({ ...NOBODY, ...told });
    if (hex.length > 20 && /^(04|80)/.test(hex)) expect(collected([hex])).toEqual({ ...NOBODY, ...told });
  });

  it.each([
    ['a wrong check sum', '041230393330313232343630393535353132313252'],
    ['one cut short', '041230393330'],
    ['an unknown tag, of an odd number of digits', '06034242431'],
    ['an unknown tag', '0603424243'],
    ['a message waiting indication', '820B0108303332343039303242'],
    ['no hexadecimal', 'XYZ'],
    ['nothing', ''],
  ])('%s tells nothing', (_what, hex) => {
    expect(callerIdValues(`MESG = ${hex}`)).toEqual([]);
  });
});

// The modems in the box were written without this parser.
it.each(['usr5637', 'tfm561u'])('of a virtual %s is understood, formatted and not', (model) => {
  const dialect = modelNamed(model).dialect as Dialect;
  const text = fc
    .stringMatching(/^[A-Z][A-Z .]{0,13}[A-Z]$/)
    .filter((name) => !/^(PRIV|UN|OUT|ANON|REST|BLOCK|WITH)/.test(name));
  const absent = fc.constantFrom('private' as const, null);
  const number = fc.oneof(fc.stringMatching(/^[0-9]{1,20}$/), absent);
  const date = fc.date({ min: new Date(2024, 0, 1), max: new Date(2026, 11, 31), noInvalidDate: true });
  fc.assert(
    fc.property(date, number, fc.oneof(text, absent), fc.constantFrom(1, 2), (when, from, name, mode) => {
      const told = collected(callerIdLines(dialect, { date: when, number: from, name }, mode));
      const withheld = from === 'private' ? 'private' : 'unavailable';
      expect(told).toMatchObject({
        number: from === 'private' ? null : from,
        name: name === 'private' ? null : (name?.replace(/ +/g, ' ') ?? null),
        presentation: from === null || from === 'private' ? withheld : 'allowed',
        calledNumber: null,
      });
      expect(told?.date).toMatch(/^[01]\d-[0-3]\d$/);
      expect(told?.time).toMatch(/^[0-2]\d:[0-5]\d$/);
    }),
  );
});

describe('a hostile caller', () => {
  it('cannot get a control character, a line or more than 50 characters into the name', () => {
    const name = `\x1b]0;x\x07${'A'.repeat(4000)}\x9b31m`;
    expect(collected([`NAME = ${name}`])?.name).toBe(`]0;x${'A'.repeat(46)}`);
  });

  it('cannot forge a number by a line in the name, nor have one that is contradicted', () => {
    expect(collected(['NMBR = P', 'NAME = X', 'NMBR = 5550100'])).toMatchObject({
      number: null,
      presentation: 'private',
    });
    expect(collected(['NMBR = 5550199', 'NAME = X', 'NMBR = 5550100'])).toMatchObject({
      number: null,
      presentation: 'unavailable',
    });
    expect(collected(['NMBR = 5550199', 'NMBR = 555-0199'])).toMatchObject({
      number: '5550199',
      presentation: 'allowed',
    });
  });

  it.each(['555$(reboot)', '`id`', '5"5', "5'5", '5;6', '5\n6', '5'.repeat(33), '%s', '../5'])(
    'has no number %j',
    (number) => {
      expect(collected([`NMBR = ${number}`])).toMatchObject({ number: null, presentation: 'unavailable' });
    },
  );
});

describe('rings', () => {
  it.each([
    ['RING', null],
    ['RING A', 'A'],
    ['RING 2', '2'],
  ])('%s', (text, distinctive) => {
    expect(parseUnsolicited(text)).toEqual({ kind: 'ring', text, distinctive });
  });

  it.each([
    ['DRON=20', true, 2000],
    ['DROF = 40', false, 4000],
  ])('%s', (text, ringing, ms) => {
    expect(parseUnsolicited(text)).toEqual({ kind: 'ringCadence', text, ringing, ms });
  });

  it.each(['RING Z', 'RINGS', 'DRON=', 'DRON=99999'])('%s is none', (text) => {
    expect(parseUnsolicited(text)).toBeNull();
  });
});

it.each([
  ['NMBR = 5551234^M^J', 'NMBR = *******^M^J'],
  ['+CLIP: "5551234",129', '+CLIP: *************'],
  ['CallerID: 5551234', 'CallerID: *******'],
  ['RING;08912345;08765', 'RING;**************'],
  ['0412303332323234303539313435353132333435^M', `${'*'.repeat(40)}^M`],
  ['U.S. Robotics 56K FAX USB V1.2.23', 'U.S. Robotics 56K FAX USB V1.2.23'],
])('a trace shows %s as %s', (line, shown) => {
  expect(maskNumbers(line)).toBe(shown);
});
