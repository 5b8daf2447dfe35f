import { expect, it } from 'vitest';
import { printable, shortened } from '../../src/core/text.ts';

it.each([
  ['plain, ä and \u{1f600}\tstay', 'plain, ä and \u{1f600}\tstay'],
  ['\x1b[31m\r\n\x7f\x9b', '^[[31m^M^J^?\\x9b'],
  ['a\u202eb\u2066c\u200fd\u2028', 'a\\u202eb\\u2066c\\u200fd\\u2028'],
  ['\u061c', '\\u061c'],
])('%j is shown as %s', (text, shown) => {
  expect(printable(text)).toBe(shown);
});

it('a text that is too long keeps both its ends', () => {
  expect(shortened('short', 5)).toBe('short');
  expect(shortened(`${'a'.repeat(50)}${'b'.repeat(50)}`, 13)).toBe('aaaaa...bbbbb');
});
