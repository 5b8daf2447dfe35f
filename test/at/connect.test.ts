import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Connection, describeConnection, parseConnection } from '../../src/at/connect.ts';

const UNTOLD: Connection = {
  rateBps: null,
  sentBps: null,
  portBps: null,
  modulation: null,
  protocol: null,
  compression: null,
};

// Texts of the USR5637's firmware, of Conexant's and Lucent's manuals, and of users' logs.
it.each([
  ['CONNECT', [], {}, 'the modem does not say how'],
  ['CONNECT 1200', [], { rateBps: 1200 }, '1200 bit/s'],
  ['CONNECT 33600/ARQ', [], { rateBps: 33600, protocol: 'ARQ' }, '33600 bit/s, with error correction'],
  [
    'CONNECT 28800/ARQ/V34/LAPM/V42BIS',
    [],
    { rateBps: 28800, modulation: 'V.34', protocol: 'LAPM', compression: 'V.42bis' },
    '28800 bit/s, V.34, LAPM, V.42bis',
  ],
  ['CONNECT 2400/NONE', [], { rateBps: 2400, protocol: 'none' }, '2400 bit/s, no error correction'],
  [
    'CONNECT 50666/ARQ/V92/LAPM/V44',
    [],
    { rateBps: 50666, modulation: 'V.92', protocol: 'LAPM', compression: 'V.44' },
    '50666 bit/s, V.92, LAPM, V.44',
  ],
  [
    'CONNECT 28800/ARQ/V34/LAPM',
    [],
    { rateBps: 28800, modulation: 'V.34', protocol: 'LAPM' },
    '28800 bit/s, V.34, LAPM',
  ],
  [
    'CONNECT 9600/PROTOCOL: NONE/COMPRESSION: NONE',
    [],
    { rateBps: 9600, protocol: 'none', compression: 'none' },
    '9600 bit/s, no error correction',
  ],
  [
    'CONNECT 9600/V32/MNP/MNP5',
    [],
    { rateBps: 9600, modulation: 'V.32', protocol: 'MNP', compression: 'MNP5' },
    '9600 bit/s, V.32, MNP, MNP5',
  ],
  [
    'CONNECT 1200/BELL212A/NONE',
    [],
    { rateBps: 1200, modulation: 'Bell 212A', protocol: 'none' },
    '1200 bit/s, Bell 212A, no error correction',
  ],
  [
    'CONNECT 14400/V32BIS/LAPM/V42',
    [],
    { rateBps: 14400, modulation: 'V.32bis', protocol: 'LAPM' },
    '14400 bit/s, V.32bis, LAPM',
  ],
  [
    'CONNECT 28800 V42bis',
    [],
    { rateBps: 28800, protocol: 'LAPM', compression: 'V.42bis' },
    '28800 bit/s, LAPM, V.42bis',
  ],
  [
    'CONNECT 14400 REL-LAPM V.42BIS',
    [],
    { rateBps: 14400, protocol: 'LAPM', compression: 'V.42bis' },
    '14400 bit/s, LAPM, V.42bis',
  ],
  ['CONNECT 115200', [], { portBps: 115200 }, 'the modem does not say how'],
  [
    'CONNECT 33600/ARQ/V34/LAPM/NONE',
    [],
    { rateBps: 33600, modulation: 'V.34', protocol: 'LAPM', compression: 'none' },
    '33600 bit/s, V.34, LAPM, no compression',
  ],
  ['CONNECT 75TX/1200RX', [], { rateBps: 1200, sentBps: 75 }, '1200 bit/s (75 sending)'],
  ['CONNECT 14400', ['PROTOCOL: LAP-M'], { rateBps: 14400, protocol: 'LAPM' }, '14400 bit/s, LAPM'],
  [
    'CONNECT 2400',
    ['PROTOCOL: ALTERNATE, + CLASS 5'],
    { rateBps: 2400, protocol: 'MNP', compression: 'MNP5' },
    '2400 bit/s, MNP, MNP5',
  ],
  ['CONNECT 2400', ['PROTOCOL: ALTERNATE, + CLASS 4'], { rateBps: 2400, protocol: 'MNP' }, '2400 bit/s, MNP'],
  [
    'CONNECT 115200/V34/LAPM/V42BIS/33600:TX/31200:RX',
    [],
    { portBps: 115200, rateBps: 31200, sentBps: 33600, modulation: 'V.34', protocol: 'LAPM', compression: 'V.42bis' },
    '31200 bit/s (33600 sending), V.34, LAPM, V.42bis',
  ],
  [
    'CONNECT 115200',
    ['CARRIER 28800', 'PROTOCOL: LAPM', 'COMPRESSION: V.42BIS'],
    { rateBps: 28800, portBps: 115200, protocol: 'LAPM', compression: 'V.42bis' },
    '28800 bit/s, LAPM, V.42bis',
  ],
  [
    'CONNECT 57600',
    ['CARRIER 2400', 'PROTOCOL: ALT', 'COMPRESSION: CLASS 5'],
    { rateBps: 2400, portBps: 57600, protocol: 'MNP', compression: 'MNP5' },
    '2400 bit/s, MNP, MNP5',
  ],
  [
    'CONNECT 57600',
    ['CARRIER 9600', 'PROTOCOL: LAPM', 'COMPRESSION: NONE'],
    { rateBps: 9600, portBps: 57600, protocol: 'LAPM', compression: 'none' },
    '9600 bit/s, LAPM, no compression',
  ],
  [
    'CONNECT 57600',
    ['+MCR: V34', '+MRR: 31200', '+ER: LAPM', '+DR: V42B'],
    { rateBps: 31200, portBps: 57600, modulation: 'V.34', protocol: 'LAPM', compression: 'V.42bis' },
    '31200 bit/s, V.34, LAPM, V.42bis',
  ],
  [
    'CONNECT 48000',
    ['+MCR: V90', '+MRR: 31200,48000', '+ER: LAPM', '+DR: V44'],
    { rateBps: 48000, sentBps: 31200, modulation: 'V.90', protocol: 'LAPM', compression: 'V.44' },
    '48000 bit/s (31200 sending), V.90, LAPM, V.44',
  ],
  [
    'CONNECT 1200',
    ['+MCR: B212', '+ER: NONE', '+DR: NONE'],
    { rateBps: 1200, modulation: 'Bell 212A', protocol: 'none', compression: 'none' },
    '1200 bit/s, Bell 212A, no error correction',
  ],
  [
    'CONNECT 1200',
    ['+DR: V42B RD', '+ER: ALT'],
    { rateBps: 1200, protocol: 'MNP', compression: 'V.42bis' },
    '1200 bit/s, MNP, V.42bis',
  ],
  ['CONNECT FAX', ['noise'], {}, 'the modem does not say how'],
] satisfies [string, string[], Partial<Connection>, string][])('%s %j', (text, before, told, words) => {
  const connection = parseConnection(text, before);
  expect(connection).toEqual({ ...UNTOLD, ...told });
  expect(describeConnection(connection)).toBe(words);
});

it('takes any text without a fault', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'CONNECT ',
      '/',
      '+MRR: ',
      '33600',
      'CARRIER ',
      ':TX',
      'NONE',
      'V42',
      ',',
      '__proto__',
      'constructor',
    ),
    fc.string({ maxLength: 20 }),
  );
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(text, fc.array(text, { maxLength: 4 }), (connect, before) => {
      const connection = parseConnection(connect, before);
      expect(describeConnection(connection)).not.toBe('');
      for (const rate of [connection.rateBps, connection.sentBps, connection.portBps]) {
        expect(rate === null || (rate >= 0 && rate < 1_000_000)).toBe(true);
      }
    }),
  );
});
