/** Caller ID as the chips print it: formatted (+VCID=1), or the received message in hexadecimal (+VCID=2). */
import type { CallerRecord } from '../exchange/line.ts';
import type { Dialect } from '../models/model.ts';

const two = (number: number) => String(number).padStart(2, '0');

/** `P`: withheld; `O`: out of area (Bellcore SR-TSV-002476). */
const shown = (value: string | null) => (value === 'private' ? 'P' : (value ?? 'O'));

/** Longest fields of the multiple data message format. What is printed formatted is not cut: it also serves to play hostile callers. */
const MAX_NAME = 15;
const MAX_NUMBER = 20;

/**
 * @param mode the value of +VCID or #CID: 1 or 2
 */
export function callerIdLines(dialect: Dialect, record: CallerRecord, mode: number): string[] {
  const { date } = record;
  const day = two(date.getMonth() + 1) + two(date.getDate());
  const time = two(date.getHours()) + two(date.getMinutes());
  const is = dialect.callerIdSeparator;
  const number = shown(record.number);
  const name = shown(record.name);
  if (mode === 2) return [`MESG${is}${hexMessage(day + time, record.number, record.name)}`];
  return [`DATE${is}${day}`, `TIME${is}${time}`, `NMBR${is}${number}`, `NAME${is}${name}`];
}

/** The multiple data message format: type 0x80, then date and time (1), number (2) or the reason it is missing (4), name (7) or the reason (8), and a check sum. */
function hexMessage(when: string, number: string | null, name: string | null): string {
  const parameter = (type: number, text: string) =>
    Buffer.concat([Buffer.from([type, text.length]), Buffer.from(text, 'latin1')]);
  const isKnown = (value: string | null): value is string => value !== null && value !== 'private';
  const body = Buffer.concat([
    parameter(0x01, when),
    isKnown(number) ? parameter(0x02, number.slice(0, MAX_NUMBER)) : parameter(0x04, shown(number)),
    isKnown(name) ? parameter(0x07, name.slice(0, MAX_NAME)) : parameter(0x08, shown(name)),
  ]);
  const message = Buffer.concat([Buffer.from([0x80, body.length]), body]);
  const sum = message.reduce((total, byte) => total + byte, 0);
  return Buffer.concat([message, Buffer.from([-sum & 0xff])])
    .toString('hex')
    .toUpperCase();
}
