/** What `--json` prints, against what the documentation lists. */
import { expect } from 'vitest';
import { DOCUMENTS, ENVELOPE } from '../../src/cli/documents.ts';

/** It has the fields that the documentation lists for it, and no others. */
// biome-ignore lint/suspicious/noExplicitAny: what JSON.parse gives
export function expectAsListed(name: string, document: any): void {
  const { error: _error, ...envelope } = ENVELOPE;
  const listed = Object.keys(DOCUMENTS[name]!);
  const own = listed.filter((field) => !field.includes('[]'));
  const told = Object.keys(document).filter((field) => field !== 'error');
  expect(told.sort()).toEqual([...Object.keys(envelope), ...own].sort());
  for (const list of own.filter((field) => listed.some((other) => other.startsWith(`${field}[].`)))) {
    const ofEach = listed.filter((field) => field.startsWith(`${list}[].`));
    expect(Object.keys(document[list][0]).sort()).toEqual(ofEach.map((field) => field.split('.')[1]).sort());
  }
}
