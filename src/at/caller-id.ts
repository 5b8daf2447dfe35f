/**
 * Caller ID as modems print it: one field a line, between the first and the second RING. The dialects are those of the two chip families (`NMBR=5551234`, `NMBR = 5551234`) and those mgetty's users met.
 */
import type { CallerIdField, CallerIdValue } from './caller-id-field.ts';
import { decodeCallerIdMessage } from './caller-id-message.ts';

/** What stands before the value, with the `=` or `:` after it. */
const LABELS: ReadonlyMap<string, CallerIdField> = new Map([
  ['DATE=', 'date'],
  ['TIME=', 'time'],
  ['NMBR=', 'number'],
  ['NBR=', 'number'],
  ['DDN=', 'dialableNumber'],
  ['DDN_NMBR=', 'dialableNumber'],
  ['NAME=', 'name'],
  ['MESG=', 'message'],
  ['NDID=', 'calledNumber'],
  ['CALLER NUMBER:', 'number'],
  ["CALLER'S NUMBER:", 'number'],
  ['CallerID:', 'number'],
  ['CALLED NUMBER:', 'calledNumber'],
  ['CALLER NAME:', 'name'],
  ['REASON FOR NO CALLER NUMBER:', 'noNumber'],
  ['REASON FOR NO CALLER NAME:', 'noName'],
  ['+CLIP:', 'number'],
]);

/** What a line tells of the caller; empty: it is no caller ID. A message in hexadecimal is decoded. */
export function callerIdValues(line: string): CallerIdValue[] {
  const first = parseCallerIdLine(line);
  if (!first) return [];
  if (first.field === 'message') return decodeCallerIdMessage(first.value);
  const called = /^(?:RING;[^;]*;|FM:.* TO:)(.*)$/.exec(line)?.[1]?.trim();
  return called ? [first, { field: 'calledNumber', value: called }] : [first];
}

/** A line of caller ID, or null. The value is as sent, blanks around it off; of a line that tells two things, the caller's. */
export function parseCallerIdLine(line: string): CallerIdValue | null {
  const labelled = /^([A-Z_'+ ]*[A-Z]|CallerID) *([=:]) *(.*)$/s.exec(line);
  if (labelled) {
    const [, label = '', mark = '', value = ''] = labelled;
    const isIsdn = label === 'FM' && mark === ':';
    const field = isIsdn ? 'number' : LABELS.get(`${label}${mark}`);
    const own = isIsdn ? value.replace(/ TO:.*$/, '') : value;
    return field === undefined ? null : { field, value: own.trimEnd() };
  }
  const [, isdn] = /^RING;([^;]*)/.exec(line) ?? [];
  if (isdn !== undefined) return { field: 'number', value: isdn.trim() };
  // #CID=2 of Rockwell's and U.S. Robotics' modems gives the bare message; only a whole one is taken for it.
  const bare = line.trimEnd();
  if (/^(04|80)([0-9A-F]{2}){9,258}$/.test(bare) && decodeCallerIdMessage(bare).length > 0) {
    return { field: 'message', value: bare };
  }
  return null;
}
