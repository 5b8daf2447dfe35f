/**
 * Result codes: what a modem says at the end of a command line (V.250 table 1, 6.3.1, 6.3.5), in words and as numbers, with the spellings real modems use.
 */
import type { ErrorCode } from '../core/errors.ts';

/** What a result code means to us, whatever its spelling. */
export type ResultKind =
  | 'ok'
  | 'error'
  | 'connect'
  | 'noCarrier'
  | 'noDialtone'
  | 'lineInUse'
  | 'busy'
  | 'noAnswer'
  | 'delayed'
  | 'blacklisted';

/** A result code as it came. */
export interface ResultCode {
  readonly kind: ResultKind;
  /** In words even when the modem sent a number: `OK`, `CONNECT 33600/ARQ`, `+CME ERROR: 30`. */
  readonly text: string;
}

const WORDS: ReadonlyMap<string, ResultKind> = new Map([
  ['OK', 'ok'],
  ['ERROR', 'error'],
  ['NO CARRIER', 'noCarrier'],
  ['NO DIALTONE', 'noDialtone'],
  ['NO DIAL TONE', 'noDialtone'],
  // Silicon Labs' modems measure the telephone line before they go off-hook (AN93, table of result codes); Conexant's have the second as well.
  ['NO LINE', 'noDialtone'],
  ['LINE IN USE', 'lineInUse'],
  // U.S. Robotics' Courier, code 12: a person has answered, and the modem has hung up.
  ['VOICE', 'noCarrier'],
  ['BUSY', 'busy'],
  ['NO ANSWER', 'noAnswer'],
  ['DELAYED', 'delayed'],
  ['BLACKLISTED', 'blacklisted'],
  ['BLACKLIST FULL', 'blacklisted'],
  // T.31 6.4: heard another modulation than the one asked for.
  ['+FCERROR', 'error'],
  // Some voice modems answer the off-hook command so (V.253).
  ['VCON', 'connect'],
]);

/**
 * V.250 table 1, and the CONNECT codes on which chip makers agree. Above 12 they do not: 13 is 14400 on Agere chips and 7200 on Conexant's, 24 is 7200 and DELAYED.
 */
const NUMBERS: ReadonlyMap<string, ResultCode> = new Map([
  ['0', { kind: 'ok', text: 'OK' }],
  ['1', { kind: 'connect', text: 'CONNECT' }],
  ['3', { kind: 'noCarrier', text: 'NO CARRIER' }],
  ['4', { kind: 'error', text: 'ERROR' }],
  ['5', { kind: 'connect', text: 'CONNECT 1200' }],
  ['6', { kind: 'noDialtone', text: 'NO DIALTONE' }],
  ['7', { kind: 'busy', text: 'BUSY' }],
  ['8', { kind: 'noAnswer', text: 'NO ANSWER' }],
  ['10', { kind: 'connect', text: 'CONNECT 2400' }],
  ['11', { kind: 'connect', text: 'CONNECT 4800' }],
  ['12', { kind: 'connect', text: 'CONNECT 9600' }],
]);

/** The number of RING (V.250 table 1), which is never a final result. */
export const NUMERIC_RING = '2';

/** A whole line as a result code in words, or null. Never matches a part of a line. */
export function resultInWords(line: string): ResultCode | null {
  const text = line.trimEnd();
  const kind = WORDS.get(text);
  if (kind !== undefined) return { kind, text };
  if (/^CONNECT($|[ /])/.test(text)) return { kind: 'connect', text };
  if (/^\+CM[ES] ERROR(:|$)/.test(text)) return { kind: 'error', text };
  return null;
}

/** A whole line as a numeric result code, or null. `call`: the command can connect, so that a number of the modem's own is a CONNECT with a rate we do not know. */
export function resultInNumbers(line: string, call: boolean): ResultCode | null {
  const known = NUMBERS.get(line);
  if (known) return known;
  return call && /^\d{2,3}$/.test(line) ? { kind: 'connect', text: 'CONNECT' } : null;
}

/** The two kinds every command can end with; the others are the outcome of a call. */
export function endsAnyCommand(kind: ResultKind): boolean {
  return kind === 'ok' || kind === 'error';
}

const ERRORS: Readonly<Partial<Record<ResultKind, ErrorCode>>> = {
  error: 'MODEM_ERROR',
  noCarrier: 'NO_CARRIER',
  noDialtone: 'NO_DIALTONE',
  lineInUse: 'NO_DIALTONE',
  busy: 'BUSY',
  noAnswer: 'NO_ANSWER',
  delayed: 'REFUSED',
  blacklisted: 'REFUSED',
};

/** What a result is for a script, by the table of exit codes; null: no error. */
export function errorOfResult(kind: ResultKind): ErrorCode | null {
  return ERRORS[kind] ?? null;
}
