import fc from 'fast-check';
import { expect, it } from 'vitest';
import { execProgram, execWord, isOneLine, listedPath, wholeValue } from '../../src/setup/unit-words.ts';

/** What systemd makes of a line of ExecStart=, by the rules of systemd.syntax(7) "Quoting", systemd.unit(5) "Specifiers" and systemd.service(5) "Command lines"; it throws where systemd would do something else than pass a word on. */
function read(line: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!;
    if (character === '\n') throw new Error('the line ends');
    if (character === '\\') {
      const [all = '', hex] = /^\\(?:x([0-9a-f]{2})|[\\"'abfnrstv])/.exec(line.slice(at)) ?? [];
      if (all === '') throw new Error('an escape that there is not');
      if (hex === undefined && !/["\\]/.test(all[1]!)) throw new Error('an escape that this reader does not know');
      word = (word ?? '') + (hex === undefined ? all[1]! : String.fromCharCode(Number.parseInt(hex, 16)));
      at += all.length - 1;
    } else if (quote !== '') {
      if (character === quote) quote = '';
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (character === ' ') {
      if (word !== null) words.push(word);
      word = null;
    } else {
      if (character === ';' && (line[at + 1] ?? ' ') === ' ' && word === null)
        throw new Error('another command begins');
      word = (word ?? '') + character;
    }
  }
  if (quote !== '') throw new Error('a quote is open');
  if (word !== null) words.push(word);
  return words.map((text) => text.replace(/%(.?)/gs, specifier).replace(/\$(.?)/gs, variable));
}

function specifier(all: string, name: string): string {
  if (name !== '%') throw new Error(`the specifier ${all}`);
  return '%';
}

function variable(all: string, name: string): string {
  // A lone $ stays what it is; a name after it does not.
  if (name !== '$') throw new Error(`the variable ${all}`);
  return '$';
}

const TEXT = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !text.includes('\0')),
  fc.string({ unit: fc.constantFrom(...'%$"\'\\;{} \t\n~#=-:@!+|abc1'), maxLength: 40 }),
);

it('arguments reach the program as they are', () => {
  fc.assert(
    fc.property(fc.array(TEXT, { maxLength: 5 }), (words) => {
      expect(read(words.map(execWord).join(' '))).toEqual(words);
    }),
  );
});

it.each([
  ['plain', 'plain'],
  ['--exec', '--exec'],
  ['', '""'],
  [';', '";"'],
  ['50%', '"50%%"'],
  ['$HOME', '"$$HOME"'],
  ['a "b" \'c\' \\d', '"a \\"b\\" \'c\' \\\\d"'],
  ['two\nlines\t.', '"two\\x0alines\\x09."'],
])('the argument %j is written %s', (text, written) => {
  expect(execWord(text)).toBe(written);
});

it('in the name of the program, and in paths, a dollar is a dollar', () => {
  expect(execProgram('/opt/my $5 modem/50%')).toBe('"/opt/my $5 modem/50%%"');
  expect(listedPath('/var/lib/a b')).toBe('"/var/lib/a b"');
  expect(wholeValue('a "b" 50% $x')).toBe('a "b" 50%% $x');
});

it.each([
  ['/home/pi/a b', true],
  ['/home/pi/a\nb', false],
  ['/home/pi/a\\', false],
  ['/home/pi/a ', false],
])('%j can stand in a line of its own: %s', (text, can) => {
  expect(isOneLine(text)).toBe(can);
});
