/** Messages of modemctl that the documentation quotes are its own, so that who searches for one finds it. */
import { expect, it } from 'vitest';
import { isErrorCode } from '../../src/core/errors.ts';
import { readSources } from '../support/source-files.ts';
import { readPage } from './pages.ts';

/** In the texts that are quoted, what differs from time to time. */
const VARIABLE = /\d[\d.]* s|ATI3|pppd$/;

const quoted = [...readPage('docs/troubleshooting.md').text.matchAll(/`([^`]*?)\.? ?\[([A-Z_]+)\]`/g)].map(
  ([, message, code]) => ({ message: message!, code: code! }),
);
const sources = readSources().map(({ text }) => text);

it('quotes messages', () => {
  expect(quoted.length).toBeGreaterThan(10);
});

it.each(quoted)('$message [$code]', ({ message, code }) => {
  expect(isErrorCode(code)).toBe(true);
  for (const part of message.split(VARIABLE)) {
    // From the beginning of a clause on it may be put together of several.
    for (const clause of part.split('. ')) {
      const text = clause.trim();
      expect(text.length < 4 || sources.some((source) => source.includes(text)), text).toBe(true);
    }
  }
});
