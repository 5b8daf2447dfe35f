/** Dial strings (V.250 6.3.1): what a person typed, checked and made into `ATDT5550137` before the modem hears of it. */
import { ModemctlError } from '../core/errors.ts';

/**
 * The longest body of a dial command taken, in characters after AT: what the USR5637's guide promises; Conexant's siblings take 58. V.250 5.2.1 asks only {@link STANDARD_BODY} of a modem. More than it takes it
 * refuses with ERROR, and dials nothing.
 */
const MAX_BODY = 60;
/** What every modem must take (V.250 5.2.1). */
const STANDARD_BODY = 40;
/** Nobody types more; what is longer is not looked at. */
const MAX_TYPED = 256;

/** A digit or code: tone and pause of 95 ms each, the longest default of S11; ten pulses and the pause after them. */
const TONE_MS = 190;
const PULSED_MS = 1700;
/** `,` takes S8: 2 s on the U.S. Robotics and in V.250 6.3.11, 1 s on Conexant. `!` is half a second on both. */
const COMMA_MS = 2000;
const FLASH_MS = 500;
/** `W` and `@` wait as long as for a carrier, at most (S7, V.250 6.3.10): 50 s on Conexant, 60 s on the U.S. Robotics. */
const TONE_WAIT_MS = 60_000;

export interface DialOptions {
  /** How digits are dialled where the string does not say so itself by a leading T or P. Without it: tone. */
  readonly method?: 'tone' | 'pulse' | undefined;
  /** Dialled first, to get an outside line: `9,` or `0W`. */
  readonly outsideLine?: string | undefined;
  /** What people are told instead of the number, which is secret then: `@pi17`. */
  readonly name?: string | undefined;
}

/** A dial string that is fit to be sent. */
export interface DialString {
  /** For people: what is dialled, without the marks that were only for the eye: `9,5550137`; or its name. */
  readonly number: string;
  /** The same for traces, reports and progress that others may see: `*,*******`. */
  readonly masked: string;
  /** The longest time dialling itself can take, in ms, before the wait for a carrier begins. */
  readonly longestMs: number;
  /** Longer than V.250 asks of a modem: a refusal (ERROR) may mean that. */
  readonly isLong: boolean;
  /** The AT command: `ATDT5550137`. */
  toCommand(): string;
}

/** Between digits, for the eye: blanks, dashes, dots, parentheses, also as word processors write them. */
const FOR_THE_EYE = /[\s().\u2010-\u2015\u2212-]/g;

/** What people write that V.250 has no use for, and what to write instead. */
const MISTAKES: ReadonlyArray<readonly [RegExp, string]> = [
  [/^\+/, 'a telephone line knows no +; write the international prefix that is dialled here, such as 00 or 011'],
  [/;/, 'a ; would keep the modem from connecting; leave it out'],
  [/^ATD|^D[TP]/, 'the AT command is not part of it; write the number alone'],
  [/^L\??$|^S=?\d*$/, 'stored numbers are not dialled; write the number itself'],
];

/**
 * Reads a number as people write it: digits, `* # A-D`, `,` pause, `W` wait for a dial tone, `@` wait for a quiet answer, `!` flash, `T` tone, `P` pulse from here on; spaces, dashes, dots and parentheses do not count.
 * @throws ModemctlError USAGE with a sentence that says what to write instead
 */
export function parseDialString(text: string, options: DialOptions = {}): DialString {
  const prefix = clean(options.outsideLine ?? '', 'the outside-line prefix');
  const main = clean(text, 'the number');
  if (!/[0-9A-D*#]/.test(main)) throw refusal('the number has no digit; write the number to dial');
  const [, lead = options.method === 'pulse' ? 'P' : 'T', rest = ''] = /^([TP])?(.*)$/.exec(prefix + main) ?? [];
  const dialled = `D${lead}${rest}`;
  if (dialled.length > MAX_BODY) throw tooLong(dialled.length - MAX_BODY);
  return {
    number: options.name ?? rest,
    masked: options.name ?? rest.replace(/[0-9A-D]/g, '*'),
    longestMs: longest(lead, rest),
    isLong: dialled.length > STANDARD_BODY,
    toCommand: () => `AT${dialled}`,
  };
}

function clean(text: string, what: string): string {
  if (text.length > MAX_TYPED) throw tooLong(text.length - MAX_TYPED);
  const bare = text.replace(FOR_THE_EYE, '').toUpperCase();
  for (const [pattern, why] of MISTAKES) {
    if (pattern.test(bare)) throw refusal(why);
  }
  const bad = /[^0-9A-D*#,W@!TP]/u.exec(bare)?.[0];
  if (bad !== undefined) {
    const shown = /^[\x20-\x7e]$/.test(bad)
      ? bad
      : `U+${bad.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
    throw refusal(`${shown} cannot stand in ${what}; write digits, * # A-D, and , W @ ! T P where they are needed`);
  }
  return bare;
}

/** Walks the string, pulse or tone as it stands at each place. */
function longest(method: string, rest: string): number {
  let total = 0;
  let pulse = method === 'P';
  for (const sign of rest) {
    if (sign === 'T' || sign === 'P') pulse = sign === 'P';
    else if (sign === ',') total += COMMA_MS;
    else if (sign === '!') total += FLASH_MS;
    else if (sign === 'W' || sign === '@') total += TONE_WAIT_MS;
    else if (!pulse) total += TONE_MS;
    else if (/\d/.test(sign)) total += PULSED_MS;
    else throw refusal(`${sign} has no pulses; put a T before it, or leave --pulse out`);
  }
  return total;
}

function tooLong(excess: number): ModemctlError {
  return refusal(`it is ${excess} ${excess === 1 ? 'character' : 'characters'} too long for any modem; shorten it`);
}

function refusal(why: string): ModemctlError {
  return new ModemctlError('USAGE', `this cannot be dialled: ${why}`);
}
