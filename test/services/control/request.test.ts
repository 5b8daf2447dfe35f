import { describe, expect, it } from 'vitest';
import { isModemctlError } from '../../../src/core/errors.ts';
import type { SocketRequest } from '../../../src/native/line-server.ts';
import { parseRequest } from '../../../src/services/control/request.ts';

const codeOf = (request: SocketRequest) => {
  try {
    return parseRequest(request).do;
  } catch (error) {
    return isModemctlError(error) ? error.code : String(error);
  }
};

describe('a request on the control socket', () => {
  it('is one of a few', () => {
    for (const kind of ['status', 'info', 'hangup', 'reset', 'borrow']) expect(codeOf({ do: kind })).toBe(kind);
    expect(parseRequest({ do: 'at', commands: ['i3', 'AT+GMM'], timeout: 0.5 })).toMatchObject({
      commands: [{ line: 'ATi3' }, { line: 'AT+GMM' }],
      limitMs: 500,
    });
    expect(parseRequest({ do: 'reset', method: 'dtr' })).toEqual({ do: 'reset', method: 'dtr' });
  });

  it.each<[string, SocketRequest]>([
    ['nothing', {}],
    ['another', { do: 'quit' }],
    ['a property of objects', { do: 'constructor' }],
    ['a list', { do: ['at'] }],
    ['dial', { do: 'dial', number: '5550100' }],
    ['at without commands', { do: 'at' }],
    ['at with none', { do: 'at', commands: [] }],
    ['at with too many', { do: 'at', commands: Array(101).fill('AT') }],
    ['at with what is no text', { do: 'at', commands: [{ toString: 'ATI3' }] }],
    ['a call', { do: 'at', commands: ['ATDT5550100'] }],
    ['an answer', { do: 'at', commands: ['AT', 'ATA'] }],
    ['back online', { do: 'at', commands: ['ATO'] }],
    ['a voice phase', { do: 'at', commands: ['AT+VRX'] }],
    ['two commands in one', { do: 'at', commands: ['ATI3\rATDT5550100'] }],
    ['the flash loader', { do: 'at', commands: ['AT&&F'] }],
    ['no time', { do: 'at', commands: ['AT'], timeout: 0 }],
    ['all the time', { do: 'at', commands: ['AT'], timeout: 1e9 }],
    ['time in words', { do: 'at', commands: ['AT'], timeout: '5s' }],
    ['a step there is none', { do: 'reset', method: 'power' }],
  ])('is refused: %s', (_what, request) => {
    expect(codeOf(request)).toBe('USAGE');
  });

  it('names its asker for the eyes only', () => {
    expect(parseRequest({ do: 'borrow', by: '\x1b[2Jme' })).toEqual({ do: 'borrow', by: '^[[2Jme' });
    expect(parseRequest({ do: 'borrow', by: 'x'.repeat(5000) })).toEqual({ do: 'borrow', by: 'x'.repeat(80) });
    expect(parseRequest({ do: 'borrow', by: {} })).toEqual({ do: 'borrow', by: 'another program' });
  });
});
