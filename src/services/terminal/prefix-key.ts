/** The terminal's own keys: a prefix key, then one that says what to do. All else goes to the far end as typed. Bytes in, events out. */
import { ModemctlError } from '../../core/errors.ts';

export type TerminalCommand =
  | 'help'
  | 'hangUp'
  | 'dial'
  | 'reset'
  | 'break'
  | 'details'
  | 'log'
  | 'timeStamps'
  | 'localEcho'
  | 'characterSet'
  | 'sendFile'
  | 'getFile'
  | 'quit';

/** The keys after the prefix, in the order of the help screen. Capitals count as well. */
export const TERMINAL_KEYS: readonly {
  readonly key: string;
  readonly command: TerminalCommand;
  readonly about: string;
}[] = [
  { key: '?', command: 'help', about: 'this help' },
  { key: 'd', command: 'dial', about: 'dial a number' },
  { key: 'h', command: 'hangUp', about: 'hang up' },
  { key: 'i', command: 'details', about: 'details of the connection, and the circuits' },
  { key: 'b', command: 'break', about: 'send a break' },
  { key: 's', command: 'sendFile', about: 'send a file: ZMODEM, YMODEM, XMODEM' },
  { key: 'g', command: 'getFile', about: 'get a file' },
  { key: 'c', command: 'characterSet', about: 'character set: UTF-8, code page 437, Latin-1' },
  { key: 'e', command: 'localEcho', about: 'local echo on or off' },
  { key: 'l', command: 'log', about: 'log to a file, or end the log' },
  { key: 't', command: 'timeStamps', about: 'time stamps in the log on or off' },
  { key: 'r', command: 'reset', about: 'reset the modem' },
  { key: 'q', command: 'quit', about: 'quit' },
];

export type KeyEvent =
  /** For the far end. */
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | { readonly kind: 'command'; readonly command: TerminalCommand }
  /** No command has this key; nothing was sent. */
  | { readonly kind: 'unknown'; readonly key: number };

/** Ctrl-T, as tio has it. */
export const DEFAULT_PREFIX = 0x14;

const COMMANDS: ReadonlyMap<number, TerminalCommand> = new Map(
  TERMINAL_KEYS.flatMap(({ key, command }) => [
    [key.charCodeAt(0), command] as const,
    [key.toUpperCase().charCodeAt(0), command] as const,
  ]),
);

const ESCAPE = 0x1b;

export class PrefixKey {
  readonly #prefix: number;
  /** `awaiting`: the prefix came. The others: the rest of a key that came as several bytes, and was none of ours. */
  #state: 'plain' | 'awaiting' | 'escape' | 'sequence' | 'character' = 'plain';

  constructor(prefix = DEFAULT_PREFIX) {
    this.#prefix = prefix;
  }

  /** Whether the next key is a command's. */
  get isAwaiting(): boolean {
    return this.#state === 'awaiting';
  }

  /** Takes what was typed. */
  feed(typed: Uint8Array): KeyEvent[] {
    const events: KeyEvent[] = [];
    let from = 0;
    const plainUntil = (end: number) => {
      if (end > from) events.push({ kind: 'data', bytes: typed.subarray(from, end) });
    };
    for (const [at, byte] of typed.entries()) {
      if (this.#state === 'awaiting') events.push(this.#key(byte));
      else if (this.#state === 'plain' || !this.#isRest(byte)) {
        this.#state = 'plain';
        if (byte !== this.#prefix) continue;
        plainUntil(at);
        this.#state = 'awaiting';
      }
      from = at + 1;
    }
    plainUntil(typed.length);
    // Nothing came with it: the Escape key itself.
    if (this.#state === 'escape') this.#state = 'plain';
    return events;
  }

  #key(byte: number): KeyEvent {
    this.#state = byte === ESCAPE ? 'escape' : byte >= 0xc0 ? 'character' : 'plain';
    if (byte === this.#prefix) return { kind: 'data', bytes: Uint8Array.of(byte) };
    const command = COMMANDS.get(byte);
    return command ? { kind: 'command', command } : { kind: 'unknown', key: byte };
  }

  /** Whether a byte still belongs to a key that was none of ours: an arrow (ECMA-48 5.4, `ESC [ A`), Alt and a letter, an umlaut in UTF-8. */
  #isRest(byte: number): boolean {
    if (this.#state === 'character') return byte >= 0x80 && byte < 0xc0;
    if (this.#state === 'escape') {
      this.#state = byte === 0x5b || byte === 0x4f ? 'sequence' : 'plain';
      return byte >= 0x20;
    }
    if (byte >= 0x40 && byte < 0x7f) this.#state = 'plain';
    return byte >= 0x20 && byte < 0x7f;
  }
}

/** Not to be had as prefix: Enter, line feed, Escape, XON and XOFF. */
const NO_PREFIX = new Set([0x0a, 0x0d, 0x11, 0x13, ESCAPE]);

/**
 * A prefix key as people write it: `ctrl-a`, `C-a`, `^A`.
 * @throws ModemctlError USAGE
 */
export function parsePrefixKey(text: string): number {
  const [, letter] = /^(?:ctrl[-+]|c-|\^)([a-z\]\\^_])$/i.exec(text.trim()) ?? [];
  const code = letter === undefined ? 0 : letter.toUpperCase().charCodeAt(0) & 0x1f;
  if (code !== 0 && !NO_PREFIX.has(code)) return code;
  throw new ModemctlError('USAGE', `"${text.slice(0, 40)}" cannot be the prefix key`, {
    hint: 'Write it as ctrl-t: Ctrl and a letter, but not Enter (ctrl-m, ctrl-j), ctrl-q or ctrl-s.',
  });
}

/** `Ctrl-T`. */
export function prefixKeyName(prefix: number): string {
  return `Ctrl-${String.fromCharCode(prefix + 0x40)}`;
}

/**
 * The help screen, a key a line.
 * @param isThere whether a command can be had now
 */
export function terminalHelp(prefix: number, isThere: (command: TerminalCommand) => boolean = () => true): string[] {
  const name = prefixKeyName(prefix);
  const lines = TERMINAL_KEYS.filter(({ command }) => isThere(command)).map(
    ({ key, about }) => `${name} ${key}  ${about}`,
  );
  return [...lines, `${name} ${name}  send one ${name}`];
}
