/**
 * Caller ID as modems print it: one field a line, between the first and the second RING. The dialects are those of the two chip families (`NMBR=5551234`, `NMBR = 5551234`) and those mgetty's users met.
 */

export type CallerIdField = 'date' | 'time' | 'number' | 'name' | 'message' | 'calledNumber';

const LABELS: ReadonlyArray<readonly [RegExp, CallerIdField]> = [
  [/^DATE ?= ?(.*)$/, 'date'],
  [/^TIME ?= ?(.*)$/, 'time'],
  [/^(?:NMBR|DDN|DDN_NMBR) ?= ?(.*)$/, 'number'],
  [/^NAME ?= ?(.*)$/, 'name'],
  [/^MESG ?= ?(.*)$/, 'message'],
  [/^NDID ?= ?(.*)$/, 'calledNumber'],
  [/^CALLER(?:'S)? NUMBER: ?(.*)$/, 'number'],
  [/^CALLER NAME: ?(.*)$/, 'name'],
  [/^REASON FOR NO CALLER NUMBER: ?(.*)$/, 'message'],
  [/^\+CLIP: ?(.*)$/, 'number'],
];

/** A line of caller ID, or null. The value is as sent, trailing blanks off. */
export function parseCallerIdLine(line: string): { field: CallerIdField; value: string } | null {
  for (const [pattern, field] of LABELS) {
    const match = pattern.exec(line);
    if (match) return { field, value: (match[1] ?? '').trimEnd() };
  }
  return null;
}
