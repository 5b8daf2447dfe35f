/**
 * A recorded dialogue: a superset of umockdev's script format (its docs/script-format.txt), so that what `umockdev-record` wrote can be read too. A line is an operation: `w 12 ATI3^M` (host to modem, 12 ms after the
 * operation before), `r 3 ATI3^M^M^J` (modem to host); bytes below 32 are `^A` to `^_`, a caret is ``^` ``, bytes from 127 on stand as they are. `#` begins a comment. Lines that begin with `!` are ours and tell
 * what a tty does not carry: `! 5 dtr off` (we dropped it), `! 0 circuits dsr dcd` (what the modem showed when we looked, if it had changed), `! 0 handed over`, `! 3 closed`.
 */
import { type NumberNames, StreamMask } from '../core/mask.ts';
import { fromBytes } from '../core/text.ts';
import type { PortObserver } from './observed-port.ts';
import type { Circuits } from './port.ts';

export type Operation =
  | { readonly kind: 'read' | 'write'; readonly afterMs: number; readonly bytes: string }
  | { readonly kind: 'event'; readonly afterMs: number; readonly text: string };

/** A longer one is written in pieces, so that a call does not gather in memory. */
const MAX_DATA = 1024;
/** Where a modem pauses within a line for longer, that is told; reading byte by byte takes less. */
const PAUSE_MS = 20;

/** Writes what a port does as a transcript. One operation gathers the bytes of one direction; with telephone numbers masked unless asked otherwise. */
export class TranscriptWriter implements PortObserver {
  readonly #write: (text: string) => void;
  readonly #now: () => number;
  readonly #masks: Readonly<Record<'r' | 'w', StreamMask>> | null;
  #direction: 'r' | 'w' = 'w';
  #held = '';
  #heldAt = 0;
  #heldUntil = 0;
  #last: number;
  #circuits = '';

  /**
   * @param write takes text in Latin-1, whole lines
   * @param header what was recorded, told in comments
   * @param mask null: telephone numbers are shown; else those that have a name, by the command that dials them
   */
  constructor(write: (text: string) => void, now: () => number, header: string, mask: NumberNames | null) {
    this.#write = write;
    this.#now = now;
    this.#masks = mask && { r: new StreamMask(mask), w: new StreamMask(mask) };
    this.#last = now();
    write(`# modem: ${header}\n`);
  }

  sent(bytes: Uint8Array): void {
    this.#hold('w', bytes);
  }

  received(bytes: Uint8Array): void {
    this.#hold('r', bytes);
  }

  dtr(up: boolean, done: boolean): void {
    this.#event(`dtr ${up ? 'on' : 'off'}${done ? '' : ' failed'}`);
  }

  circuits(circuits: Circuits): void {
    const on = Object.entries(circuits).flatMap(([name, isOn]) => (isOn ? [name] : []));
    const text = ['circuits', ...on].join(' ');
    if (text !== this.#circuits) this.#event(text);
    this.#circuits = text;
  }

  handedOver(): void {
    this.#event('handed over');
  }

  closed(): void {
    this.#event('closed');
  }

  #hold(direction: 'r' | 'w', bytes: Uint8Array): void {
    const now = this.#now();
    const pauses = now - this.#heldUntil > PAUSE_MS;
    if (direction !== this.#direction || pauses || this.#held.length > MAX_DATA) this.#flush();
    if (this.#held === '') this.#heldAt = now;
    this.#heldUntil = now;
    this.#direction = direction;
    this.#held += fromBytes(bytes);
    // A command or a line at a time.
    if (this.#held.endsWith(direction === 'w' ? '\r' : '\n')) this.#flush();
  }

  #event(text: string): void {
    this.#flush();
    this.#heldAt = this.#now();
    this.#write(`! ${this.#elapsed()} ${text}\n`);
  }

  #flush(): void {
    if (this.#held === '') return;
    const text = this.#held;
    this.#held = '';
    const shown = this.#masks?.[this.#direction].mask(text) ?? text;
    this.#write(`${this.#direction} ${this.#elapsed()} ${encode(shown)}\n`);
  }

  #elapsed(): number {
    const elapsed = Math.max(0, Math.round(this.#heldAt - this.#last));
    this.#last = this.#heldAt;
    return elapsed;
  }
}

/** Bytes (as Latin-1 text) the way they stand in a transcript. */
export function encode(text: string): string {
  return text.replace(/[\x00-\x1f^]/g, (character) =>
    character === '^' ? '^`' : `^${String.fromCharCode(character.charCodeAt(0) + 0x40)}`,
  );
}

/** The inverse of {@link encode}; a caret before anything else stands for itself. */
export function decode(text: string): string {
  return text.replace(/\^([@-`])/g, (_whole, name: string) =>
    name === '`' ? '^' : String.fromCharCode(name.charCodeAt(0) - 0x40),
  );
}

const OPERATION = /^([rw]) (\d{1,9}) (.*)$/;
const EVENT = /^! (\d{1,9}) (.*)$/;

/** Reads a transcript (Latin-1 text), also one that was mailed with line ends of another system. Lines of umockdev's that say nothing about a dialogue (`d`, `f`, `Q`) are passed over, like whatever else is not known. */
export function parseTranscript(text: string): Operation[] {
  const operations: Operation[] = [];
  for (const line of text.split(/\r?\n|\r$/)) {
    const data = OPERATION.exec(line);
    const event = EVENT.exec(line);
    if (data) {
      const [, kind, afterMs, bytes] = data;
      operations.push({ kind: kind === 'r' ? 'read' : 'write', afterMs: Number(afterMs), bytes: decode(bytes ?? '') });
    } else if (event) {
      operations.push({ kind: 'event', afterMs: Number(event[1]), text: event[2] ?? '' });
    }
  }
  return operations;
}
