/**
 * Tells the NO CARRIER that ends a call from what the far end sent before it. What may be the beginning of it is held back until more bytes, or a silence, decide; nothing else is, and no byte is lost or added.
 *
 * A modem that has said it is in command state and echoes what is still sent to it. Where no DCD tells, that echo must not be taken for more of the far end's: it is held back with the NO CARRIER.
 */

/** V.250 5.7.1: a result code in words between `<CR><LF>`s. */
const TAIL = Buffer.from('\r\nNO CARRIER\r\n', 'latin1');

export class CarrierTail {
  #held: Uint8Array = new Uint8Array();

  /**
   * Takes bytes from the modem; returns those that are the far end's for sure.
   * @param isEcho whether the modem's echo can be these bytes; null: what follows a NO CARRIER is the far end's
   */
  take(bytes: Uint8Array, isEcho: ((bytes: Uint8Array) => boolean) | null = null): Uint8Array {
    const all = this.#held.length > 0 ? Buffer.concat([this.#held, bytes]) : bytes;
    const kept = (isEcho && lengthOfEchoedTail(all, isEcho)) || lengthOfBeginning(all);
    // Copied: the buffer it was read into may be used again.
    this.#held = Uint8Array.from(all.subarray(all.length - kept));
    return all.subarray(0, all.length - kept);
  }

  /** Something is held back. */
  get holds(): boolean {
    return this.#held.length > 0;
  }

  /** What is held back is the whole NO CARRIER, perhaps with an echo after it. */
  get isWhole(): boolean {
    return this.#held.length >= TAIL.length;
  }

  /** How many bytes of an echo are held back. */
  get echoed(): number {
    return Math.max(0, this.#held.length - TAIL.length);
  }

  /** Gives out what was held back: it was the far end's. */
  release(): Uint8Array {
    const held = this.#held;
    this.#held = new Uint8Array();
    return held;
  }
}

/** How many bytes at the end of `bytes` are the beginning of the tail. */
function lengthOfBeginning(bytes: Uint8Array): number {
  for (let length = Math.min(TAIL.length, bytes.length); length > 0; length--) {
    // In a stream of data this is all that is looked at.
    if (bytes[bytes.length - length] !== TAIL[0]) continue;
    if (TAIL.subarray(0, length).equals(bytes.subarray(bytes.length - length))) return length;
  }
  return 0;
}

/** How many bytes at the end of `bytes` are a whole tail and an echo after it; 0: there is none. */
function lengthOfEchoedTail(bytes: Uint8Array, isEcho: (bytes: Uint8Array) => boolean): number {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).lastIndexOf(TAIL);
  if (at < 0 || !isEcho(bytes.subarray(at + TAIL.length))) return 0;
  return bytes.length - at;
}
