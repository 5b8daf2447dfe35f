/** How much of what was sent may still be in the modem: it takes bytes faster than the line does, and forgets them when it hangs up. An estimate, since no modem tells. */

/** What kernel, USB and modem hold at most, in bytes: cdc_acm has 16 buffers, the chips some kB; then flow control makes us wait. */
const HELD_BYTES = 16_384;
/** Start and stop bits included; error correction needs less, compression much less. */
const BITS_A_BYTE = 10;
/** Where the modem does not tell its rate: the slowest that is common. */
const UNKNOWN_RATE = 9600;
/** To make a frame of it, and to have it repeated once. */
const FRAME_MS = 500;

export class SendBacklog {
  readonly #byteMs: number;
  #emptyAt = Number.NEGATIVE_INFINITY;

  /** @param rateBps of the telephone line */
  constructor(rateBps: number | null) {
    this.#byteMs = (BITS_A_BYTE * 1000) / (rateBps ?? UNKNOWN_RATE);
  }

  sent(bytes: number, now: number): void {
    const full = now + HELD_BYTES * this.#byteMs;
    this.#emptyAt = Math.min(full, Math.max(now, this.#emptyAt) + bytes * this.#byteMs);
  }

  /** How long it takes until all is out. */
  restMs(now: number): number {
    return Math.max(0, this.#emptyAt + FRAME_MS - now);
  }
}
