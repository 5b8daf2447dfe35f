/**
 * The escape sequence in online data state: three S2 characters with silence of S12 fiftieths of a second before, between at most, and after (the guard times of Hayes). The characters are data all the same
 * and cross the line; only their timing is watched.
 */
import type { Clock } from '../../core/clock.ts';

export class EscapeDetector {
  readonly #clock: Clock;
  readonly #escaped: () => void;
  #last = 0;
  #count = 0;
  #cancel: (() => void) | null = null;

  /** @param escaped called when the sequence is complete, guard time and all */
  constructor(clock: Clock, escaped: () => void) {
    this.#clock = clock;
    this.#escaped = escaped;
  }

  /** Starts anew: entering data state counts as a character sent. */
  reset(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#count = 0;
    this.#last = this.#clock.now();
  }

  /**
   * Looks at bytes of the DTE.
   * @param character S2; above 127 nothing is an escape
   * @param guardMs S12 in milliseconds
   */
  watch(bytes: Uint8Array, character: number, guardMs: number): void {
    const now = this.#clock.now();
    for (const byte of bytes) {
      const quietMs = now - this.#last;
      this.#last = now;
      if (character > 127 || byte !== character || this.#count === 3) this.#count = 0;
      else if (this.#count === 0) this.#count = quietMs >= guardMs ? 1 : 0;
      else this.#count = quietMs <= guardMs || guardMs === 0 ? this.#count + 1 : 1;
      this.#cancel?.();
      this.#cancel = null;
      if (this.#count === 3) this.#cancel = this.#clock.after(guardMs, () => this.#complete());
    }
  }

  #complete(): void {
    this.#cancel = null;
    this.#count = 0;
    this.#escaped();
  }
}
