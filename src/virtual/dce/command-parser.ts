/**
 * A command line's body, cut into its commands (V.250 5.3 and 5.4). What is not of the standard's form becomes `invalid`, at its place: the commands before it are still executed (5.5).
 */

/** One command of a line. */
export type Command =
  /** A letter, or `&`, `\`, `%`, `*` and a letter, with its number; `number` null: none was given, which means 0 to most. */
  | { readonly kind: 'basic'; readonly name: string; readonly number: number | null }
  /** `Sn`, `Sn=v`, `Sn?`; `number` null: the register selected before. `value` null: missing, hence 0. */
  | { readonly kind: 'register'; readonly number: number | null; readonly action: 'select' | 'read' }
  | { readonly kind: 'register'; readonly number: number | null; readonly action: 'write'; readonly value: number }
  /** `D` and all that follows, up to `;` or the end. */
  | { readonly kind: 'dial'; readonly string: string; readonly stay: boolean }
  /** `+NAME`, and with it `#NAME` and `-NAME` of some makers. */
  | { readonly kind: 'extended'; readonly name: string; readonly action: 'run' | 'read' | 'test' }
  | { readonly kind: 'extended'; readonly name: string; readonly action: 'write'; readonly value: string }
  /** `&Zn=dialstring`: a number to store. */
  | { readonly kind: 'store'; readonly slot: number; readonly string: string }
  | { readonly kind: 'invalid' };

/** A command with the characters it was made of, for those who look at them (and for the log). */
export type WrittenCommand = Command & { readonly text: string };

/** More digits than any value has; a longer run is not a number. */
const MAX_DIGITS = 8;

export function parseBody(body: string): WrittenCommand[] {
  const commands: WrittenCommand[] = [];
  let rest = body;
  while (rest !== '') {
    const [command, remainder] = parseOne(rest);
    const text = rest
      .slice(0, rest.length - remainder.length)
      .replace(/;$/, '')
      .toUpperCase();
    commands.push({ ...command, text });
    if (command.kind === 'invalid') break;
    rest = remainder;
  }
  return commands;
}

const INVALID: [Command, string] = [{ kind: 'invalid' }, ''];

function parseOne(rest: string): [Command, string] {
  const first = rest.charAt(0).toUpperCase();
  if (first === '+' || first === '#' || first === '-') return parseExtended(rest);
  if (first === 'D') return parseDial(rest.slice(1));
  if (first === 'S') return parseRegister(rest.slice(1));
  const match =
    /^(?:&Z(?<slot>\d?)=(?<stored>.*)|(?<name>[&\\%*]?[A-Z])(?<number>\d*)|(?<help>[$])(?<after>.*))/is.exec(rest);
  const groups = match?.groups;
  if (!match || !groups) return INVALID;
  if (groups.stored !== undefined)
    return [{ kind: 'store', slot: Number(groups.slot ?? 0), string: groups.stored }, ''];
  if (groups.name === undefined) return [{ kind: 'basic', name: '$', number: null }, groups.after ?? ''];
  const number = parseNumber(groups.number ?? '');
  if (number === 'too long') return INVALID;
  return [{ kind: 'basic', name: groups.name.toUpperCase(), number }, rest.slice(match[0].length)];
}

function parseNumber(digits: string): number | null | 'too long' {
  if (digits === '') return null;
  const plain = digits.replace(/^0+(?=\d)/, '');
  return plain.length > MAX_DIGITS ? 'too long' : Number(plain);
}

function parseDial(rest: string): [Command, string] {
  const end = rest.indexOf(';');
  if (end < 0) return [{ kind: 'dial', string: rest, stay: false }, ''];
  return [{ kind: 'dial', string: rest.slice(0, end), stay: true }, rest.slice(end + 1)];
}

function parseRegister(rest: string): [Command, string] {
  const match = /^(\d*)(?:(=)(\d*)|(\?))?/.exec(rest) as RegExpExecArray;
  const number = parseNumber(match[1] ?? '');
  if (number === 'too long' || match[0] === '') return INVALID;
  const remainder = rest.slice(match[0].length);
  if (match[4]) return [{ kind: 'register', number, action: 'read' }, remainder];
  if (!match[2]) return [{ kind: 'register', number, action: 'select' }, remainder];
  const value = parseNumber(match[3] ?? '');
  if (value === 'too long') return INVALID;
  return [{ kind: 'register', number, action: 'write', value: value ?? 0 }, remainder];
}

function parseExtended(rest: string): [Command, string] {
  const match = /^([+#-][A-Z][A-Z0-9!%./:_-]{0,15})(=\?|\?|=)?/i.exec(rest);
  if (!match) return INVALID;
  const name = (match[1] as string).toUpperCase();
  const afterName = rest.slice(match[0].length);
  if (match[2] === '=') {
    const end = endOfValue(afterName);
    const value = afterName.slice(0, end);
    return [{ kind: 'extended', name, action: 'write', value }, afterName.slice(end + 1)];
  }
  // Between an extended command and whatever follows a semicolon is required (V.250 5.4).
  if (afterName !== '' && !afterName.startsWith(';')) return INVALID;
  const action = match[2] === '=?' ? 'test' : match[2] === '?' ? 'read' : 'run';
  return [{ kind: 'extended', name, action }, afterName.slice(1)];
}

/** Where the value ends: at the first semicolon outside a string. */
function endOfValue(text: string): number {
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '"') inString = !inString;
    else if (text[index] === ';' && !inString) return index;
  }
  return text.length;
}
