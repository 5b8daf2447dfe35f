/** The escapes in a chat script's words, as chat(8) understands them. What it says of a backslash and of `^` holds for both directions; delays, breaks and numbers only for what is sent. */

/** What a script may refer to. */
export interface ChatSubstitutions {
  /** `\T` and `\U`. */
  readonly phone?: string | undefined;
  readonly phone2?: string | undefined;
  /** `$NAME`; undefined: `$` is a character like any other, as in chat without -E. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
}

/** A step of sending. */
export type SendPart =
  | { readonly kind: 'bytes'; readonly text: string }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'break' };

export interface SendWord {
  readonly parts: readonly SendPart[];
  /** `\q`, or something from the environment: not to be shown to anybody. */
  readonly secret: boolean;
}

/** `\d`, and `\p`, which is a tenth of a second in chat's manual and a hundredth in its source. */
const DELAY_MS = 1000;
const PAUSE_MS = 100;

const PLAIN: Readonly<Record<string, string>> = { b: '\b', r: '\r', n: '\n', s: ' ', t: '\t' };

/** What both directions make of a word: characters, and escapes that are left to the direction. */
type Piece =
  | { readonly text: string; readonly from?: 'environment' }
  | { readonly letter: string; readonly last: boolean };

/** The text to wait for. NUL cannot be waited for. */
export function readExpected(word: string, substitutions: ChatSubstitutions = {}): string {
  const pieces = readPieces(word, substitutions.environment);
  return pieces
    .map((piece) => ('text' in piece ? piece.text.replaceAll('\0', '') : expectedEscape(piece.letter)))
    .join('');
}

function expectedEscape(letter: string): string {
  if (letter === 'q' || letter === '') return '';
  return letter === 'T' || letter === 'U' ? `\\${letter}` : letter;
}

/** What to send, with the carriage return that ends it unless `\c` does. */
export function readSent(word: string, substitutions: ChatSubstitutions = {}): SendWord {
  const parts: SendPart[] = [];
  const add = (text: string) => {
    const before = parts.at(-1);
    if (before?.kind === 'bytes') parts[parts.length - 1] = { kind: 'bytes', text: before.text + text };
    else if (text !== '') parts.push({ kind: 'bytes', text });
  };
  let secret = false;
  let end = '\r';
  for (const piece of readPieces(word, substitutions.environment)) {
    if ('text' in piece) {
      add(piece.text);
      secret ||= piece.from === 'environment';
      continue;
    }
    const { letter } = piece;
    if (letter === 'q') secret = true;
    else if (letter === 'd') parts.push({ kind: 'delay', ms: DELAY_MS });
    else if (letter === 'p') parts.push({ kind: 'delay', ms: PAUSE_MS });
    else if (letter === 'K') parts.push({ kind: 'break' });
    else if (letter === 'N') add('\0');
    else if (letter === 'c' && piece.last) end = '';
    else if (letter === 'T') add(substitutions.phone ?? 'T');
    else if (letter === 'U') add(substitutions.phone2 ?? 'U');
    else add(letter || '\\');
  }
  add(end);
  return { parts, secret };
}

function readPieces(word: string, environment?: ChatSubstitutions['environment']): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < word.length; ) {
    const mark = word[at++];
    if (mark === '^') {
      const control = word.charCodeAt(at++) & 0x1f;
      if (at > word.length) pieces.push({ text: '^' });
      else if (control !== 0) pieces.push({ text: String.fromCharCode(control) });
    } else if (mark === '$' && environment) {
      const [name] = /^[A-Za-z0-9_]*/.exec(word.slice(at)) ?? [''];
      at += name.length;
      pieces.push({ text: (Object.hasOwn(environment, name) && environment[name]) || '', from: 'environment' });
    } else if (mark === '\\') {
      const [octal] = /^[0-7]{1,3}/.exec(word.slice(at)) ?? [];
      const letter = octal ?? word[at] ?? '';
      at += letter.length;
      if (octal !== undefined) pieces.push({ text: String.fromCharCode(Number.parseInt(octal, 8) & 0xff) });
      else if (letter in PLAIN) pieces.push({ text: PLAIN[letter] ?? '' });
      else pieces.push({ letter, last: at >= word.length });
    } else pieces.push({ text: mark ?? '' });
  }
  return pieces;
}
