/**
 * Cuts the bytes a modem sends into lines. A line is told the moment its carriage return comes, because a numeric result code (V.250 5.7.1) has nothing after it; a line feed that follows is told of on its own.
 */
const CR = 0x0d;
const LF = 0x0a;

/** The longest line kept, in bytes; no modem's help screen comes near. What is longer is told in pieces. */
export const MAX_LINE_BYTES = 4096;

export type LineToken =
  /** A line, or a piece of one that is too long; its control characters (line noise, XON) are taken out. */
  | { readonly kind: 'line'; readonly text: string }
  /** The line feed after the carriage return that ended the last line. */
  | { readonly kind: 'lineFeed' };

export class LineReader {
  /** The unfinished line. A modem sends a few bytes at a time: copying each is cheaper than making a piece of text of each. */
  readonly #held = Buffer.allocUnsafe(MAX_LINE_BYTES);
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
    const held = this.#held;
    const limit = Math.min(bytes.length, start + MAX_LINE_BYTES - this.#heldBytes);
    let length = this.#heldBytes;
    for (let at = start; at < limit; at++) {
      const byte = bytes[at]!;
      if (byte === CR || byte === LF) {
        this.#heldBytes = length;
        this.#afterReturn = byte === CR;
        return { token: this.#take(), end: at + 1 };
      }
      held[length++] = byte;
    }
    this.#heldBytes = length;
    return { token: length >= MAX_LINE_BYTES ? this.#take() : null, end: limit };
  }

  /** What has come of a line that is not ended: a prompt, or the start of something. */
  get partial(): string {
    return clean(this.#held.toString('latin1', 0, this.#heldBytes));
  }

  /** Forgets the unfinished line. */
  reset(): void {
    this.#heldBytes = 0;
    this.#afterReturn = false;
  }

  #take(): LineToken {
    const text = this.partial;
    this.#heldBytes = 0;
    return { kind: 'line', text };
  }
}

function clean(text: string): string {
  return /[\x00-\x08\x0b-\x1f\x7f]/.test(text) ? text.replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '') : text;
}
