/** What was last sent in a call, to know a modem's echo by. */

/** What may be on its way when the modem falls into command state: a chunk of a pipe, and what the kernel and the modem hold. */
const KEPT_BYTES = 128 * 1024;

export class SentBytes {
  #chunks: Uint8Array[] = [];
  #length = 0;

  add(bytes: Uint8Array): void {
    // Copied: whoever sent it may use its buffer again.
    this.#chunks.push(new Uint8Array(bytes));
    this.#length += bytes.length;
    while (this.#chunks.length > 1 && this.#length - this.#chunks[0]!.length >= KEPT_BYTES) {
      this.#length -= this.#chunks.shift()!.length;
    }
  }

  /** Whether these bytes, which follow a NO CARRIER, can be a modem's echo: they were sent, in one piece. Not where a NO CARRIER was sent too: a far end that echoes would send that back. */
  echo(bytes: Uint8Array): boolean {
    const sent = Buffer.concat(this.#chunks);
    return sent.indexOf(bytes) >= 0 && !sent.includes('NO CARRIER', 0, 'latin1');
  }
}
