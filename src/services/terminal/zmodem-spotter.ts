/** Notices a far end that wants to transfer files by ZMODEM, so that the user can be told which key does it. Nothing is begun by itself: what comes from a far end is not to write files. Pure. */
import { fromBytes } from '../../core/text.ts';

/** The far end `sends`, or waits to `get`. */
export type ZmodemOffer = 'sends' | 'gets';

/** A hexadecimal header of type ZRQINIT (00) or ZRINIT (01): ZPAD ZPAD ZDLE B (the protocol's description, section 8). */
const HEADER = /\*\*\x18B0([01])/g;
/** One less than a header's beginning, for one that is cut in two. */
const TAIL = 5;
/** Whoever waits repeats it every ten seconds. */
const AGAIN_MS = 60_000;

export class ZmodemSpotter {
  readonly #now: () => number;
  #tail = '';
  #toldAt = Number.NEGATIVE_INFINITY;

  /** @param now in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Looks at what came; null: nothing new. */
  look(bytes: Uint8Array): ZmodemOffer | null {
    const text = this.#tail + fromBytes(bytes);
    this.#tail = text.slice(-TAIL);
    const [, type] = [...text.matchAll(HEADER)].at(-1) ?? [];
    if (type === undefined || this.#now() - this.#toldAt < AGAIN_MS) return null;
    this.#toldAt = this.#now();
    return type === '0' ? 'sends' : 'gets';
  }

  /** A transfer was made: the next offer is a new one. */
  done(): void {
    this.#toldAt = Number.NEGATIVE_INFINITY;
  }
}
