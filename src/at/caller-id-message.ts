/** The caller ID message itself, as modems pass it on in hexadecimal: single and multiple data message format (Bellcore GR-30, TR-NWT-000031 and -001188; ETSI EN 300 659-3 has the second). */
import type { CallerIdField, CallerIdValue } from './caller-id-field.ts';

const SINGLE = 0x04;
const MULTIPLE = 0x80;

/** Parameters of the multiple format. 0x03 is the dialable number of Bellcore; where ETSI's networks use it, it is the called one, so that it counts only in want of a better. */
const PARAMETERS: ReadonlyMap<number, CallerIdField> = new Map([
  [0x02, 'number'],
  [0x03, 'dialableNumber'],
  [0x04, 'noNumber'],
  [0x07, 'name'],
  [0x08, 'noName'],
]);
/** Month, day, hour, minute: two digits each. */
const DATE_AND_TIME = 0x01;
const DATE_AND_TIME_LENGTH = 8;

/**
 * Reads a message, or a single parameter of one (what a modem prints after MESG if it does not know the tag).
 * @returns what it tells; nothing, if it is none, is cut short, or its check sum is wrong
 */
export function decodeCallerIdMessage(hex: string): CallerIdValue[] {
  if (!/^([0-9A-F]{2}){2,520}$/i.test(hex)) return [];
  const bytes = Buffer.from(hex, 'hex');
  const length = bytes[1]!;
  const body = bytes.subarray(2, 2 + length);
  if (body.length < length) return [];
  const type = bytes[0];
  // 0x04 is also the parameter for a number that is missing, whose value is one letter.
  const isWhole = type === MULTIPLE || (type === SINGLE && length > DATE_AND_TIME_LENGTH);
  if (!isWhole) return parameters(bytes.subarray(0, 2 + length));
  // Some modems leave the check sum out, some add what came after it.
  const sum = bytes.subarray(0, 3 + length).reduce((total, byte) => total + byte, 0) & 0xff;
  if (bytes.length > 2 + length && sum !== 0) return [];
  return type === SINGLE ? single(body.toString('latin1')) : parameters(body);
}

function single(text: string): CallerIdValue[] {
  const number = text.slice(DATE_AND_TIME_LENGTH);
  return [
    ...dateAndTime(text.slice(0, DATE_AND_TIME_LENGTH)),
    { field: number === 'P' || number === 'O' ? 'noNumber' : 'number', value: number },
  ];
}

function parameters(body: Buffer): CallerIdValue[] {
  const values: CallerIdValue[] = [];
  for (let at = 0; at + 2 <= body.length; ) {
    const end = at + 2 + body[at + 1]!;
    if (end > body.length) break;
    const text = body.toString('latin1', at + 2, end);
    const field = PARAMETERS.get(body[at]!);
    if (body[at] === DATE_AND_TIME) values.push(...dateAndTime(text));
    else if (field !== undefined) values.push({ field, value: text.trim() });
    at = end;
  }
  return values;
}

function dateAndTime(text: string): CallerIdValue[] {
  return [
    { field: 'date', value: text.slice(0, 4) },
    { field: 'time', value: text.slice(4, 8) },
  ];
}
