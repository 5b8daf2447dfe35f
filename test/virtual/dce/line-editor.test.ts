import { describe, expect, test } from 'vitest';
import { type Edited, LineEditor } from '../../../src/virtual/dce/line-editor.ts';

const CHARACTERS = { terminator: 13, lineFeed: 10, erase: 8 };

function edit(text: string, characters = CHARACTERS, maxBody = 40): Edited[] {
  const editor = new LineEditor(maxBody);
  return [...Buffer.from(text, 'latin1')]
    .map((byte) => editor.feed(byte, characters))
    .filter(({ kind }) => kind !== 'none');
}

const line = (body: string | null): Edited => ({ kind: 'line', body });

describe('a command line (V.250 5.2)', () => {
  test.each([
    ['AT in capitals', 'ATI3\r', [line('I3')]],
    ['at in small letters', 'ati3\r', [line('i3')]],
    ['the prefix is not mixed', 'aTI3\r', []],
    ['nor the other way', 'AtI3\r', []],
    ['an empty body', 'AT\r', [line('')]],
    ['noise before the prefix', '\r\n~xyAT\r', [line('')]],
    ['an A too many', 'AAT\r', [line('')]],
    ['spaces are ignored', 'AT E1 V1\r', [line('E1V1')]],
    ['control characters are ignored', 'AT\x00E\x071\n\r', [line('E1')]],
    ['what is not of the alphabet is ignored', 'ATE\xff1\r', [line('E1')]],
    ['spaces in strings stay', 'AT+X="a b" ; E1\r', [line('+X="a b";E1')]],
    ['the erase character', 'ATI4\b3\r', [line('I3')]],
    ['the prefix cannot be erased', 'AT\b\b\bI3\r', [line('I3')]],
    ['A/ needs no terminator', 'A/', [{ kind: 'repeat' }]],
    ['a/ as well', 'a/', [{ kind: 'repeat' }]],
    ['A> is nothing', 'A>\rAT\r', [line('')]],
    ['forty characters', `AT${'E'.repeat(40)}\r`, [line('E'.repeat(40))]],
    ['forty-one', `AT${'E'.repeat(41)}\rAT\r`, [line(null), line('')]],
    ['several in one go', 'ATI\rATI3\r', [line('I'), line('I3')]],
  ] as const)('%s', (_name, typed, expected) => {
    expect(edit(typed)).toEqual(expected);
  });

  test('the terminator is S3 and is tested before the erase character S5', () => {
    expect(edit('ATI3\x08', { terminator: 8, lineFeed: 10, erase: 8 })).toEqual([line('I3')]);
  });

  test('echo is of every character; BS SP BS for the erase character, nothing where there is nothing to erase', () => {
    const editor = new LineEditor(40);
    const echoed = [...Buffer.from('xATE\b\b1\r')].flatMap((byte) => {
      const echo = editor.echo(byte, CHARACTERS);
      editor.feed(byte, CHARACTERS);
      return echo;
    });
    expect(Buffer.from(echoed).toString()).toBe('xATE\b \b1\r');
  });
});
