import { describe, expect, it } from 'vitest';
import { readExpected, readSent } from '../../../src/modem/chat/escapes.ts';
import { type ChatStep, parseChatScript } from '../../../src/modem/chat/script.ts';
import { readWords } from '../../../src/modem/chat/words.ts';

describe('words', () => {
  it.each([
    ['a  b\tc', ['a', 'b', 'c']],
    ['\'a b\' "c d"', ['a b', 'c d']],
    ["''", ['']],
    ["'a'b", ['a', 'b']],
    ["a'b c'", ["a'b", "c'"]],
    ["'a\\'b' c", ["a\\'b", 'c']],
    ['a\\ b', ['a\\', 'b']],
    ['# a comment\nb # c', ['b', '#', 'c']],
    ['a\r\nb\r\n', ['a', 'b']],
    ['', []],
  ])('%j', (script, words) => {
    expect(readWords(script).map(({ text }) => text)).toEqual(words);
  });

  it('knows the line of each, and of a quotation mark that is not closed', () => {
    expect(readWords('a\n#\n b c')).toEqual([
      { text: 'a', line: 1 },
      { text: 'b', line: 3 },
      { text: 'c', line: 3 },
    ]);
    expect(() => readWords("ok\n'open\nclosed'")).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining('line 2') }),
    );
  });
});

describe('escapes', () => {
  it.each([
    ['ogin:', 'ogin:'],
    ['a\\sb\\tc\\rd\\ne\\bf', 'a b\tc\rd\ne\bf'],
    ['^A^z^[', '\x01\x1a\x1b'],
    ['\\101\\7\\0\\400x', 'A\x07x'],
    ['\\d\\K\\p\\N\\c\\x', 'dKpNcx'],
    ['\\\\', '\\'],
    ['\\T\\U', '\\T\\U'],
    ['a\\', 'a'],
    ['a^', 'a^'],
  ])('expected: %j', (word, text) => {
    expect(readExpected(word, { phone: '555' })).toBe(text);
  });

  it('sent: delays and breaks stand between the bytes, and a carriage return at the end', () => {
    expect(readSent('a\\db\\pc\\Kd').parts).toEqual([
      { kind: 'bytes', text: 'a' },
      { kind: 'delay', ms: 1000 },
      { kind: 'bytes', text: 'b' },
      { kind: 'delay', ms: 100 },
      { kind: 'bytes', text: 'c' },
      { kind: 'break' },
      { kind: 'bytes', text: 'd\r' },
    ]);
    expect(readSent('\\c')).toEqual({ parts: [], secret: false });
  });

  it('a password from the environment goes as it is, backslashes and all', () => {
    const password = 'p\\d^$x';
    expect(readSent('$PASSWORD', { environment: { PASSWORD: password } })).toEqual({
      parts: [{ kind: 'bytes', text: `${password}\r` }],
      secret: true,
    });
    expect(readSent('$__proto__$constructor', { environment: {} }).parts).toEqual([{ kind: 'bytes', text: '\r' }]);
  });
});

describe('steps', () => {
  const steps = (script: string): readonly ChatStep[] => parseChatScript(script).steps;

  it('keywords take the next word, in capitals and in place of what is expected only', () => {
    expect(steps('ABORT BUSY TIMEOUT 3 TIMEOUT 0 ECHO ON HANGUP OFF')).toEqual([
      { kind: 'abort', text: 'BUSY' },
      { kind: 'timeout', ms: 3000 },
      { kind: 'timeout', ms: 45_000 },
      { kind: 'echo', on: true },
      { kind: 'hangup', on: false },
    ]);
    expect(steps("'' ABORT abort x").map(({ kind }) => kind)).toEqual(['expect', 'send', 'expect', 'send']);
  });

  it('attempts stand between dashes', () => {
    const [step] = steps('ogin:-BREAK-o\\-gin:--x');
    expect(step).toEqual({
      kind: 'expect',
      attempts: [
        { expected: 'ogin:', reply: { parts: [{ kind: 'break' }], secret: false } },
        { expected: 'o-gin:', reply: { parts: [{ kind: 'bytes', text: '\r' }], secret: false } },
        { expected: 'x', reply: null },
      ],
    });
  });

  it('tells the files it sends from', () => {
    expect(parseChatScript('ogin: me ssword: @/run/secret x-@b-x @c').files).toEqual(['/run/secret', 'b', 'c']);
  });

  it.each([
    ["'' \\qhunter2", true],
    ["'' hunter2", false],
    ['ssword: hunter2', true],
    ["'Enter PIN:' 1234", true],
    ['Passphrase: hunter2', true],
    ['spinning x', false],
  ])('%j has a secret: %s', (script, secret) => {
    expect(steps(script).at(-1)).toMatchObject({ kind: 'send', reply: { secret } });
  });

  it.each(['ABORT', 'a b TIMEOUT', '"open', `${'x'.repeat(1025)} y`, `ABORT ${'x'.repeat(1025)}`, ' '.repeat(65_537)])(
    'is told before the call: %j',
    (script) => {
      expect(() => parseChatScript(script)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    },
  );
});
