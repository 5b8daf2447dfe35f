/** What the far end's bytes mean, and how what is typed is told to it. The user's own terminal is UTF-8. */
import { fromBytes, toBytes } from '../../core/text.ts';
import { Cp437Keyboard, decodeCp437 } from './cp437.ts';

/** `utf8`: every byte as it is, both ways. */
export const CHARACTER_SETS = ['utf8', 'cp437', 'latin1'] as const;
export type CharacterSet = (typeof CHARACTER_SETS)[number];

export const CHARACTER_SET_NAMES: Readonly<Record<CharacterSet, string>> = {
  utf8: 'UTF-8 (bytes as they are)',
  cp437: 'code page 437',
  latin1: 'Latin-1',
};

/** Both ways for one character set, a few bytes at a time. */
export interface Translation {
  /** What came, for the screen. */
  toScreen(bytes: Uint8Array): Uint8Array;
  /** What was typed, for the far end. */
  toLine(typed: Uint8Array): Uint8Array;
}

export function translationFor(set: CharacterSet): Translation {
  if (set === 'utf8') return { toScreen: (bytes) => bytes, toLine: (typed) => typed };
  if (set === 'cp437') {
    const keyboard = new Cp437Keyboard();
    return {
      toScreen: (bytes) => Buffer.from(decodeCp437(bytes)),
      toLine: (typed) => keyboard.encode(typed),
    };
  }
  const decoder = new TextDecoder();
  return {
    toScreen: (bytes) => Buffer.from(fromBytes(bytes)),
    toLine: (typed) =>
      toBytes(
        decoder
          .decode(typed, { stream: true })
          .normalize('NFC')
          .replace(/[^\0-\xff]/gu, '?'),
      ),
  };
}

/** The one after it, for a key that goes through them. */
export function nextCharacterSet(set: CharacterSet): CharacterSet {
  return CHARACTER_SETS[(CHARACTER_SETS.indexOf(set) + 1) % CHARACTER_SETS.length] ?? 'utf8';
}
