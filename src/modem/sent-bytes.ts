/** What was last sent in a call, to know a modem's echo by. */

/** What may be on its way when the modem falls into command state: a chunk of a pipe, and what the kernel and the modem hold. */
const KEPT_BYTES = 128 * 1024;

export class SentBytes {
  #chunks: Uint8Array[] = [];
  #length = 0;

  add(bytes: Uint8Array): void {
    // Copied: whoever sent it may use its buffer again.
    this.#chunks.push(Uint8Array.from(bytes));
    this.#length += bytes.length;
    while (this.#chunks.length > 1 && this.#length - this.#chunks[0]!.length >= KEPT_BYTES) {
      this.#length -= this.#chunks.shift()!.length;
    }
  }

  /** Whether these bytes were sent, in one piece. Where `words` were sent too, nobody can say what is an echo of what: false. */
  echoes(bytes: Uint8Array, words: string): boolean {
    const sent = Buffer.concat(this.#chunks);
    return sent.indexOf(bytes) >= 0 && !sent.includes(words, 0, 'latin1');
  }
}
