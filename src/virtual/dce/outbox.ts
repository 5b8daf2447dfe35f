/**
 * What the modem has to say to its DTE, in order, until the DTE takes it: echo, texts and the far end's data. Data are bounded (the far end is told to wait); texts are small, and unsolicited ones are
 * dropped once nobody has read for a while, as a UART would. A gap makes the rest wait, for modems whose echo and answer come apart.
 */
import type { Clock } from '../../core/clock.ts';

/** How much of the far end's data waits here; the rest waits at the far end. */
const DATA_LIMIT = 16 * 1024;
/** How much text waits before unsolicited lines are dropped. */
const TEXT_LIMIT = 8 * 1024;

type Piece = Uint8Array | { readonly gapMs: number };

export class Outbox {
  readonly #clock: Clock;
  readonly #readable: () => void;
  #pieces: Piece[] = [];
  #size = 0;
  #cancelGap: (() => void) | null = null;

  /** @param readable called when {@link take} has something again */
  constructor(clock: Clock, readable: () => void) {
    this.#clock = clock;
    this.#readable = readable;
  }

  /** Bytes waiting, those behind a gap included. */
  get size(): number {
    return this.#size;
  }

  /** True if {@link take} would yield at least one byte now. */
  get ready(): boolean {
    return this.#cancelGap === null && this.#pieces[0] instanceof Uint8Array;
  }

  /** Adds what the DTE asked for: echo and answers. */
  say(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#pieces.push(bytes);
    this.#size += bytes.length;
    if (this.ready) this.#readable();
  }

  /** Adds what nobody asked for, unless too much waits already. */
  announce(bytes: Uint8Array): void {
    if (this.#size + bytes.length <= TEXT_LIMIT) this.say(bytes);
  }

  /** Adds data of the far end as far as there is room; returns how many bytes were taken. */
  relay(bytes: Uint8Array): number {
    const count = Math.min(bytes.length, Math.max(0, DATA_LIMIT - this.#size));
    if (count > 0) this.say(bytes.slice(0, count));
    return count;
  }

  /** What is said after this waits `gapMs` longer. */
  gap(gapMs: number): void {
    this.#pieces.push({ gapMs });
    this.#openGap();
  }

  /** Takes at most `max` bytes, in order. */
  take(max: number): Uint8Array {
    const taken: Uint8Array[] = [];
    let length = 0;
    while (length < max && this.ready) {
      const piece = this.#pieces.shift() as Uint8Array;
      const part = piece.length <= max - length ? piece : piece.subarray(0, max - length);
      if (part.length < piece.length) this.#pieces.unshift(piece.subarray(part.length));
      taken.push(part);
      length += part.length;
      this.#openGap();
    }
    this.#size -= length;
    return taken.length === 1 ? (taken[0] as Uint8Array) : Buffer.concat(taken);
  }

  clear(): void {
    this.#cancelGap?.();
    this.#cancelGap = null;
    this.#pieces = [];
    this.#size = 0;
  }

  #openGap(): void {
    const first = this.#pieces[0];
    if (first === undefined || first instanceof Uint8Array || this.#cancelGap) return;
    this.#cancelGap = this.#clock.after(first.gapMs, () => {
      this.#cancelGap = null;
      this.#pieces.shift();
      this.#openGap();
      if (this.ready) this.#readable();
    });
  }
}
