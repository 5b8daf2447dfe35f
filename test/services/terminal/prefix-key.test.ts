import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_PREFIX,
  type KeyEvent,
  PrefixKey,
  parsePrefixKey,
  prefixKeyName,
  TERMINAL_KEYS,
  terminalHelp,
} from '../../../src/services/terminal/prefix-key.ts';

const typed = (text: string) => Buffer.from(text, 'latin1');
/** As short texts: data as it is, commands in brackets, unknown keys as `?61`. */
const told = (events: readonly KeyEvent[]) =>
  events.map((event) => {
    if (event.kind === 'data') return Buffer.from(event.bytes).toString('latin1');
    return event.kind === 'command' ? `[${event.command}]` : `?${event.key.toString(16)}`;
  });

describe('keys', () => {
  it.each([
    ['plain', ['plain']],
    ['', []],
    ['\x14h', ['[hangUp]']],
    ['\x14H', ['[hangUp]']],
    ['\x14?', ['[help]']],
    ['a\x14qb', ['a', '[quit]', 'b']],
    ['\x14\x14', ['\x14']],
    ['a\x14\x14h', ['a', '\x14', 'h']],
    ['\x14x', ['?78']],
    ['\x14\x03a', ['?3', 'a']],
    // Arrow, function key, Alt and a letter, an umlaut: one key each, of which nothing leaks.
    ['\x14\x1b[Aa', ['?1b', 'a']],
    ['\x14\x1b[1;5Ca', ['?1b', 'a']],
    ['\x14\x1bOPa', ['?1b', 'a']],
    ['\x14\x1bxa', ['?1b', 'a']],
    ['\x14\xc3\xa4a', ['?c3', 'a']],
    ['\x14\x1b', ['?1b']],
    ['\x14\x1b[\ra', ['?1b', '\ra']],
    ['\x14\x1b[\x14q', ['?1b', '[quit]']],
    ['\x1b[A\xff\x00', ['\x1b[A\xff\x00']],
  ])('%j', (keys, events) => {
    expect(told(new PrefixKey().feed(typed(keys)))).toEqual(events);
  });

  it('wait for the second key however long it takes', () => {
    const keys = new PrefixKey();
    expect(keys.feed(typed('\x14'))).toEqual([]);
    expect(keys.isAwaiting).toBe(true);
    expect(told(keys.feed(typed('q')))).toEqual(['[quit]']);
    expect(keys.isAwaiting).toBe(false);
  });

  it('take a lone Escape for what it is', () => {
    const keys = new PrefixKey();
    keys.feed(typed('\x14\x1b'));
    expect(told(keys.feed(typed('[A')))).toEqual(['[A']);
  });

  it('have a prefix that can be changed', () => {
    expect(told(new PrefixKey(0x01).feed(typed('\x14h\x01h\x01\x01')))).toEqual(['\x14h', '[hangUp]', '\x01']);
  });
});

it('without the prefix every byte passes, whatever it is and however it comes', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 30 })), (chunks) => {
      const keys = new PrefixKey();
      const plain = chunks.map((chunk) => Buffer.from(chunk.filter((byte) => byte !== DEFAULT_PREFIX)));
      const passed = plain.flatMap((chunk) => keys.feed(chunk));
      expect(told(passed).join('')).toBe(Buffer.concat(plain).toString('latin1'));
    }),
  );
});

it('with every prefix doubled, too', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(60), (bytes, cut) => {
      const doubled = Buffer.from([...bytes].flatMap((byte) => (byte === DEFAULT_PREFIX ? [byte, byte] : [byte])));
      const keys = new PrefixKey();
      const passed = [...keys.feed(doubled.subarray(0, cut)), ...keys.feed(doubled.subarray(cut))];
      expect(told(passed).join('')).toBe(Buffer.from(bytes).toString('latin1'));
    }),
  );
});

describe('help', () => {
  it('has a line for each command, and no key twice', () => {
    expect(new Set(TERMINAL_KEYS.map(({ key }) => key)).size).toBe(TERMINAL_KEYS.length);
    expect(new Set(TERMINAL_KEYS.map(({ command }) => command)).size).toBe(TERMINAL_KEYS.length);
    expect(terminalHelp(0x01)).toContain('Ctrl-A h  hang up');
    expect(terminalHelp(DEFAULT_PREFIX).at(-1)).toBe('Ctrl-T Ctrl-T  send one Ctrl-T');
  });
});

describe('the prefix', () => {
  it.each([
    ['ctrl-a', 0x01, 'Ctrl-A'],
    ['Ctrl-T', 0x14, 'Ctrl-T'],
    ['C-b', 0x02, 'Ctrl-B'],
    ['^]', 0x1d, 'Ctrl-]'],
    ['ctrl+x', 0x18, 'Ctrl-X'],
  ])('%s', (text, code, name) => {
    expect(parsePrefixKey(text)).toBe(code);
    expect(prefixKeyName(code)).toBe(name);
  });

  it.each(['', 'a', 'ctrl-', 'ctrl-1', 'ctrl-m', '^J', '^[', 'ctrl-q', 'ctrl-s', 'ctrl-ab'])('is not %j', (text) => {
    expect(() => parsePrefixKey(text)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});
