/**
 * Cuts the bytes a modem sends into lines. A line is told the moment its carriage return comes, because a numeric result code (V.250 5.7.1) has nothing after it; a line feed that follows is told of on its own.
 */
import { fromBytes } from '../core/text.ts';

const CR = 0x0d;
const LF = 0x0a;

/** The longest line kept, in bytes; no modem's help screen comes near. What is longer is told in pieces. */
export const MAX_LINE_BYTES = 4096;

export type LineToken =
  /** A line, its control characters (line noise, XON) taken out. `ended`: false when only the length cut it. */
  | { readonly kind: 'line'; readonly text: string; readonly ended: boolean }
  /** The line feed after the carriage return that ended the last line. */
  | { readonly kind: 'lineFeed' };

export class LineReader {
  #held: string[] = [];
  #heldBytes = 0;
  #afterReturn = false;

  /**
   * Takes bytes from `start` up to and including the first that completes a token.
   * @returns the token, or null when the bytes ran out; and where to go on
   */
  next(bytes: Uint8Array, start: number): { token: LineToken | null; end: number } {
    if (start >= bytes.length) return { token: null, end: start };
    if (this.#afterReturn) {
      this.#afterReturn = false;
      if (bytes[start] === LF) return { token: { kind: 'lineFeed' }, end: start + 1 };
    }
    let end = start;
    const limit = Math.min(bytes.length, start + MAX_LINE_BYTES - this.#heldBytes);
    while (end < limit && bytes[end] !== CR && bytes[end] !== LF) end++;
    this.#hold(bytes.subarray(start, end));
    if (end < limit) {
      this.#afterReturn = bytes[end] === CR;
      return { token: this.#take(true), end: end + 1 };
    }
    if (this.#heldBytes >= MAX_LINE_BYTES) return { token: this.#take(false), end };
    return { token: null, end };
  }

  /** What has come of a line that is not ended: a prompt, or the start of something. */
  get partial(): string {
    return clean(this.#held.join(''));
  }

  /** Forgets the unfinished line. */
  reset(): void {
    this.#held = [];
    this.#heldBytes = 0;
    this.#afterReturn = false;
  }

  #hold(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#held.push(fromBytes(bytes));
    this.#heldBytes += bytes.length;
  }

  #take(ended: boolean): LineToken {
    const text = clean(this.#held.length === 1 ? (this.#held[0] ?? '') : this.#held.join(''));
    this.#held = [];
    this.#heldBytes = 0;
    return { kind: 'line', text, ended };
  }
}

function clean(text: string): string {
  return /[\x00-\x08\x0b-\x1f\x7f]/.test(text) ? text.replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '') : text;
}
