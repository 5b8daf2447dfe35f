import { expect, it } from 'vitest';
import { parseConnection } from '../../src/at/connect.ts';

it.each([
  ['CONNECT', [], null, null, null, null],
  ['CONNECT 33600/ARQ', [], 33600, null, 'ARQ', null],
  ['CONNECT 28800/ARQ/V34/LAPM/V42BIS', [], 28800, 'V.34', 'LAPM', 'V.42bis'],
  ['CONNECT 2400/NONE', [], 2400, null, 'none', null],
  ['CONNECT 50666/ARQ/V92/LAPM/V44', [], 50666, 'V.92', 'LAPM', 'V.44'],
  ['CONNECT 9600/PROTOCOL: NONE/COMPRESSION: NONE', [], 9600, null, 'none', 'none'],
  ['CONNECT 9600/V32/MNP/MNP5', [], 9600, 'V.32', 'MNP', 'MNP5'],
  ['CONNECT 115200', ['CARRIER 28800', 'PROTOCOL: LAPM', 'COMPRESSION: V.42BIS'], 28800, null, 'LAPM', 'V.42bis'],
  ['CONNECT 57600', ['COMPRESSION: CLASS 5'], 57600, null, null, 'MNP5'],
  ['CONNECT 57600', ['+MCR: V34', '+MRR: 31200', '+ER: LAPM', '+DR: V42B'], 31200, 'V.34', 'LAPM', 'V.42bis'],
  ['CONNECT FAX', ['noise'], null, null, null, null],
])('%s %j', (text, before, rateBps, modulation, protocol, compression) => {
  expect(parseConnection(text, before)).toEqual({ rateBps, modulation, protocol, compression });
});
