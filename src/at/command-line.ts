/**
 * AT command lines: what a person or script typed, checked and read so far as we must know it (V.250 5.2 to 5.4): does it dial, answer or go online, does it change echo or result codes, is it one we never send.
 */
import { ModemctlError } from '../core/errors.ts';
import { shellWord } from '../core/shell-word.ts';
import { printable } from '../core/text.ts';

/**
 * The longest body taken. V.250 5.2.1 asks 40 characters of a modem, the chips take 50 to 60 and answer ERROR to more; none takes this many.
 */
export const MAX_BODY_CHARACTERS = 256;

/** One checked AT command. */
export interface AtCommand {
  /** As sent, with AT and without the carriage return. */
  readonly line: string;
  /** Dials, answers or goes back online: any byte sent to the modem aborts it (V.250 5.6.1), and it takes as long as a call takes to come up. */
  readonly call: boolean;
  /** It can end with CONNECT: the calls, and the data phases of fax (T.31) and voice (V.253). */
  readonly mayConnect: boolean;
  /** It resets settings or changes echo or result codes: afterwards the dialogue must be set up again. */
  readonly changesDialogue: boolean;
  /** It turns result codes off (Q1): none comes for this line either, unless it fails before. */
  readonly silences: boolean;
}

/** Parts of the never-sent commands, why, and what to do instead. */
const FORBIDDEN: ReadonlyArray<readonly [part: RegExp, why: string, instead: (given: string) => string]> = [
  [/&&/, 'AT&& starts the flash loader of U.S. Robotics modems', (given) => tryInstead(given.replaceAll('&&', '&'))],
  [/~S/i, 'AT~S belongs to the flash loader of U.S. Robotics modems', () => 'What the modem can do: modemctl info'],
  [
    /A>/i,
    'A> repeats the last command for ever',
    () => 'Give the command once, without A>, and again when it is done.',
  ],
  [/^A\//i, 'A/ repeats the last command, which need not be yours', () => 'Give the command itself again.'],
];

/** The data phases of T.31 (+FTM, +FRM, +FTH, +FRH) and V.253 (+VTX, +VRX, +VTR). */
const DATA_PHASES = /^\+(F[TR][MH]|V[TR]X|VTR)$/;

/**
 * Checks a command; `AT` is put in front if it is missing.
 * @throws ModemctlError USAGE if it is not of V.250's form, or on the forbidden list
 */
export function parseAtCommand(text: string): AtCommand {
  const given = text.trim();
  refuseBadCharacters(given);
  const mixed = /^(aT|At)/.test(given);
  if (mixed) throw refusal(given, 'V.250 knows AT and at, nothing between', tryInstead(`AT${given.slice(2)}`));
  const bare = /^AT/i.test(given) ? given.slice(2) : given;
  const line = `${given.startsWith('at') ? 'at' : 'AT'}${bare}`;
  if (bare.length > MAX_BODY_CHARACTERS) {
    const why = `it has ${bare.length} characters; no modem takes more than ${MAX_BODY_CHARACTERS}`;
    throw refusal(given, why, 'Split it; each part is an argument of its own: modemctl at ATX4 ATM0');
  }
  for (const form of [given, bare]) {
    const unspaced = outsideQuotes(form).replaceAll(' ', '');
    for (const [pattern, why, instead] of FORBIDDEN) {
      if (pattern.test(unspaced)) throw refusal(given, `${why}; modemctl never sends it`, instead(given));
    }
  }
  if ((bare.match(/"/g)?.length ?? 0) % 2 === 1)
    throw refusal(given, 'a quotation mark is not closed', tryInstead(`${given}"`));
  return { line, ...readBody(bare) };
}

function refuseBadCharacters(given: string): void {
  const bad = /[^\x20-\x7e]/u.exec(given)?.[0];
  if (bad === undefined) return;
  const why = `${JSON.stringify(bad)} cannot stand in an AT command (V.250 5.2.1: printable ASCII only)`;
  const hint = /[\r\n]/.test(bad)
    ? 'Several commands are several arguments: modemctl at ATI0 ATI3'
    : 'Leave it out, or type it anew: quotation marks and dashes that were pasted may be other characters than those of the keyboard.';
  throw refusal(given, why, hint);
}

function refusal(given: string, why: string, hint: string): ModemctlError {
  const shown = given.length > 40 ? `${given.slice(0, 40)}...` : given;
  return new ModemctlError('USAGE', `the AT command "${printable(shown)}" is refused: ${why}`, { hint });
}

function tryInstead(command: string): string {
  return `Try: modemctl at ${shellWord(command)}`;
}

function outsideQuotes(text: string): string {
  return text.replace(/"[^"]*"/g, '""');
}

/** Walks the body command by command (V.250 5.3 basic, 5.4 extended) and notes what matters. */
function readBody(body: string): Omit<AtCommand, 'line'> {
  const text = outsideQuotes(body).replaceAll(' ', '').toUpperCase();
  const found = { call: false, mayConnect: false, changesDialogue: false, silences: false };
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const head = rest[0] ?? '';
    if (head === 'D') {
      // Dialling takes the rest of the line (V.250 6.3.1).
      return { ...found, call: true, mayConnect: true };
    }
    if (head === 'A' || head === 'O') found.call = found.mayConnect = true;
    if ('EQVZ'.includes(head) || /^&[FY]/.test(rest)) found.changesDialogue = true;
    if (/^Q0*[1-9]/.test(rest)) found.silences = true;
    const length = commandLength(rest);
    if (DATA_PHASES.test(/^\+[A-Z0-9]+/.exec(rest)?.[0] ?? '')) found.mayConnect = true;
    at += length;
  }
  return found;
}

/** How far one command reaches: extended and vendor commands to their semicolon, S-parameters with value, basic commands with number. */
function commandLength(rest: string): number {
  const pattern = /^[+#\-!~*$^@]/.test(rest)
    ? /^[^;]*;?/
    : rest.startsWith('S')
      ? /^S\d*(=\d*|\?|\$)?/
      : /^[&%\\]/.test(rest)
        ? /^[&%\\].?(\d*(=[^;]*;?|\?)?)/
        : /^.(\d*(=\?|=\d*|\?)?)/;
  return Math.max(1, pattern.exec(rest)?.[0].length ?? 1);
}
