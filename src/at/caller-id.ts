/**
 * Caller ID as modems print it: one field a line, between the first and the second RING. The dialects are those of the two chip families (`NMBR=5551234`, `NMBR = 5551234`) and those mgetty's users met.
 */

export type CallerIdField = 'date' | 'time' | 'number' | 'name' | 'message' | 'calledNumber';

/** What stands before the value, with the `=` or `:` after it. */
const LABELS: ReadonlyMap<string, CallerIdField> = new Map([
  ['DATE=', 'date'],
  ['TIME=', 'time'],
  ['NMBR=', 'number'],
  ['DDN=', 'number'],
  ['DDN_NMBR=', 'number'],
  ['NAME=', 'name'],
  ['MESG=', 'message'],
  ['NDID=', 'calledNumber'],
  ['CALLER NUMBER:', 'number'],
  ["CALLER'S NUMBER:", 'number'],
  ['CALLER NAME:', 'name'],
  ['REASON FOR NO CALLER NUMBER:', 'message'],
  ['+CLIP:', 'number'],
]);

/** A line of caller ID, or null. The value is as sent, trailing blanks off. */
export function parseCallerIdLine(line: string): { field: CallerIdField; value: string } | null {
  const [, label, mark, value = ''] = /^([A-Z_'+ ]*[A-Z])( ?=|:) ?(.*)$/.exec(line) ?? [];
  const field = mark === undefined ? undefined : LABELS.get(`${label}${mark.trim()}`);
  return field === undefined ? null : { field, value: value.trimEnd() };
}
