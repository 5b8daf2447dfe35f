import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Command, parseBody } from '../../../src/virtual/dce/command-parser.ts';

/** Commands in a short notation. */
function read(body: string): string[] {
  return parseBody(body).map((command) => notation(command));
}

function notation(command: Command): string {
  if (command.kind === 'basic') return `${command.name}:${command.number ?? '-'}`;
  if (command.kind === 'dial') return `D:${command.string}${command.stay ? ';' : ''}`;
  if (command.kind === 'store') return `&Z${command.slot}:${command.string}`;
  if (command.kind === 'invalid') return '!';
  const value = command.action === 'write' ? `:${command.value}` : '';
  const name = command.kind === 'register' ? `S${command.number ?? '-'}` : command.name;
  return `${name}:${command.action}${value}`;
}

describe('the commands of a line (V.250 5.3, 5.4)', () => {
  test.each([
    ['', []],
    ['E1V1Q0', ['E:1', 'V:1', 'Q:0']],
    ['H', ['H:-']],
    ['X04', ['X:4']],
    ['&C1&D2\\N3%C0', ['&C:1', '&D:2', '\\N:3', '%C:0']],
    ['S0?', ['S0:read']],
    ['S0=1S7=60', ['S0:write:1', 'S7:write:60']],
    ['S0=', ['S0:write:0']],
    ['S7?E1', ['S7:read', 'E:1']],
    ['S8=5?', ['S8:write:5', '!']],
    ['DT5550100', ['D:T5550100']],
    ['X3DT5550100;H', ['X:3', 'D:T5550100;', 'H:-']],
    ['DT 9W555', ['D:T 9W555']],
    ['+GMI', ['+GMI:run']],
    ['+VCID=1', ['+VCID:write:1']],
    ['+MS=V34,1,9600,33600;+ER=1', ['+MS:write:V34,1,9600,33600', '+ER:write:1']],
    ['+FCLASS=?', ['+FCLASS:test']],
    ['E1+MS?;S0=1', ['E:1', '+MS:read', 'S0:write:1']],
    ['+GMIE1', ['+GMIE1:run']],
    ['+GMI?E1', ['!']],
    ['+X="a;b";E0', ['+X:write:"a;b"', 'E:0']],
    ['#CID=1', ['#CID:write:1']],
    ['-STE=3;+VCID=1', ['-STE:write:3', '+VCID:write:1']],
    ['&Z1=5550100', ['&Z1:5550100']],
    ['E1?V1', ['E:1', '!']],
    ['+', ['!']],
    ['123', ['!']],
    ['S99999999999=1', ['!']],
    ['X999999999999', ['!']],
  ])('%s', (body, expected) => {
    expect(read(body)).toEqual(expected);
  });

  test('any text is cut up without fail, and nothing of it is lost before what is invalid', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ADEHSZ&+#-=?;0123456789", \\%$/'), maxLength: 60 }), (body) => {
        const commands = parseBody(body);
        const valid = commands.filter(({ kind }) => kind !== 'invalid');
        const written = valid.map(({ text }) => text).join(';');
        expect(body.replaceAll(';', '').startsWith(written.replaceAll(';', ''))).toBe(true);
      }),
    );
  });
});
