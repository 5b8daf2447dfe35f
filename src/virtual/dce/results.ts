/** How the modem words its answers: result codes in text or numbers (V.250 5.7.1, 6.2.5, 6.2.6), information text (5.7.2), all with S3 and S4 for CR and LF. */
import { type Configuration, S } from './configuration.ts';

/** Numbers of the results every modem numbers alike (V.250 table 1). */
const COMMON_CODES: Readonly<Record<string, number>> = {
  OK: 0,
  CONNECT: 1,
  RING: 2,
  'NO CARRIER': 3,
  ERROR: 4,
  'NO DIALTONE': 6,
  BUSY: 7,
  'NO ANSWER': 8,
};

const ascii = (text: string) => Buffer.from(text, 'latin1');

function terminators(configuration: Configuration): [string, string] {
  return [
    String.fromCharCode(configuration.register(S.terminator)),
    String.fromCharCode(configuration.register(S.lineFeed)),
  ];
}

/** A result code on the wire; empty under Q1, and where a chip has no number for a text under V0. */
export function resultBytes(configuration: Configuration, text: string, connectRate: number | null = null): Uint8Array {
  if (configuration.setting('Q') !== 0) return new Uint8Array();
  const [cr, lf] = terminators(configuration);
  if (configuration.setting('V', 1) !== 0) return ascii(`${cr}${lf}${text}${cr}${lf}`);
  const { connectCodes, otherCodes } = configuration.dialect;
  const code = connectRate === null ? (otherCodes[text] ?? COMMON_CODES[text]) : (connectCodes[connectRate] ?? 1);
  return code === undefined ? new Uint8Array() : ascii(`${code}${cr}`);
}

/** Lines of information text on the wire. Q does not silence it (V.250 6.2.5). */
export function informationBytes(configuration: Configuration, lines: readonly string[]): Uint8Array {
  if (lines.length === 0) return new Uint8Array();
  const [cr, lf] = terminators(configuration);
  const header = configuration.setting('V', 1) !== 0 ? cr + lf : '';
  return ascii(header + lines.map((line) => `${line}${cr}${lf}`).join(''));
}
