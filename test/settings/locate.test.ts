import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Places } from '../../src/settings/locate.ts';

it('finds keys and values in every form that TOML has', () => {
  const text = [
    '# a = 1',
    'a = "x # = \\" [b]" # b = 2',
    "'quoted key' = '''",
    "a = 3'''''",
    '"\\u0062"."c d" = [ 1, # ]',
    '  "two",',
    '  { e = [3] } ]',
    '',
    '[ s . "t.u" ]',
    'v = """',
    '[s]',
    'v = 1 \\""""',
    '[[list]]',
    'w = 1979-05-27 07:32:00',
  ].join('\n');
  const places = new Places(text);
  expect(places.key(['a'])).toEqual({ line: 2, column: 1 });
  expect(places.value(['a'])).toEqual({ line: 2, column: 5 });
  expect(places.value(['quoted key'])).toEqual({ line: 3, column: 16 });
  expect(places.key(['b', 'c d'])).toEqual({ line: 5, column: 1 });
  expect(places.value(['b', 'c d', 1])).toEqual({ line: 6, column: 3 });
  expect(places.value(['b', 'c d', 2, 'e', 0])).toEqual({ line: 7, column: 10 });
  expect(places.key(['s', 't.u'])).toEqual({ line: 9, column: 3 });
  expect(places.value(['s', 't.u', 'v'])).toEqual({ line: 10, column: 5 });
  expect(places.value(['list', 'w'])).toEqual({ line: 14, column: 5 });
});

const key = fc.stringMatching(/^[a-z_][a-z0-9_-]{0,6}$/);
const value = fc.oneof(
  fc.integer().map(String),
  fc.string({ unit: 'grapheme-ascii' }).map((text) => JSON.stringify(text.replaceAll('\x7f', ''))),
  fc.constantFrom('true', '[1, [2], "]"]', '{ a = "}" }', "'''\n[x]\ny = 1\n'''", '"""a\\"""""'),
);

it('finds each value of a document that was made line by line', () => {
  const entries = fc.uniqueArray(fc.tuple(key, value, fc.nat(3)), { selector: ([name]) => name, minLength: 1 });
  fc.assert(
    fc.property(entries, (list) => {
      let text = '';
      const expected = list.map(([name, toml, blanks]) => {
        text += `${'\n'.repeat(blanks)}${' '.repeat(blanks)}${name} = `;
        const lines = text.split('\n');
        const place = { line: lines.length, column: lines.at(-1)!.length + 1 };
        text += `${toml} # "\n`;
        return place;
      });
      const places = new Places(text);
      expect(list.map(([name]) => places.value([name]))).toEqual(expected);
    }),
  );
});
