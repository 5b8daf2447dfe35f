/** The end of what has come in, and what is looked for in it. As in chat, the eighth bit does not count: on old lines it is parity. */
const CAPACITY = 8192;

export class WatchedInput {
  readonly #bytes = Buffer.alloc(CAPACITY);
  #length = 0;

  /** Begins anew: what came before is not looked at again. */
  clear(): void {
    this.#length = 0;
  }

  push(byte: number): void {
    if (this.#length === CAPACITY) {
      // Longer than half of it nothing is looked for.
      this.#bytes.copyWithin(0, CAPACITY / 2);
      this.#length = CAPACITY / 2;
    }
    this.#bytes[this.#length++] = byte & 0x7f;
  }

  /** Whether it ends in this text. Any input ends in the empty one. */
  endsWith(text: string): boolean {
    const start = this.#length - text.length;
    if (start < 0) return false;
    for (let at = text.length - 1; at >= 0; at--) {
      if (this.#bytes[start + at] !== (text.charCodeAt(at) & 0x7f)) return false;
    }
    return true;
  }

  /** The last characters, for a report. */
  tail(max: number): string {
    return this.#bytes.toString('latin1', Math.max(0, this.#length - max), this.#length);
  }
}
