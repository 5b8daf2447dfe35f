/** How the modem has served the command that keeps it: facts that only the keeper can know, for `status` and so for `modemctl health`. */
import type { Session } from '../../modem/session.ts';

/** API: fields of `status`, and of `health --json`. Times are ISO 8601. */
export interface ServiceFacts {
  /** When the modem last answered AT. */
  readonly lastAnswerAt: string | null;
  /** When it last rang, or a call came up. */
  readonly lastCallAt: string | null;
  /** Rings of calls that brought no caller ID, since one last did. */
  readonly ringsWithoutCallerId: number;
  /** How often it was brought back in the last 24 hours. */
  readonly recoveries24h: number;
}

/** As much of an event of `answer` or `watch` as counts here. */
interface Happening {
  readonly kind: string;
  /** Of a ring: which of its call. */
  readonly count?: number;
}

const DAY_MS = 24 * 3_600_000;
/** One every minute and a half for a day: more is not told apart. */
const MAX_RECOVERIES = 1000;

export class ServiceRecord {
  readonly #session: Pick<Session, 'clock' | 'answeredAt'>;
  #calledAt: number | null = null;
  #rings = 0;
  /** The call that rings has told who calls. */
  #isIdentified = false;
  #previous = '';
  #recoveries: number[] = [];

  constructor(session: Pick<Session, 'clock' | 'answeredAt'>) {
    this.#session = session;
  }

  /** Takes each event that the keeper tells. */
  take({ kind, count = 0 }: Happening): void {
    const now = this.#session.clock.now();
    if (kind === 'ring') {
      // Some exchanges tell who calls before the first ring.
      if (count === 1 && this.#previous !== 'callerId') this.#isIdentified = false;
      if (!this.#isIdentified) this.#rings++;
    } else if (kind === 'callerId') {
      this.#rings = 0;
      this.#isIdentified = true;
    } else if (kind === 'recovered') {
      this.#recoveries = [...this.#recoveries.slice(1 - MAX_RECOVERIES), now];
    }
    if (kind === 'ring' || kind === 'connect') this.#calledAt = now;
    this.#previous = kind;
  }

  facts(): ServiceFacts {
    const now = this.#session.clock.now();
    const asDate = (at: number | null) => (at === null ? null : new Date(Date.now() - (now - at)).toISOString());
    return {
      lastAnswerAt: asDate(this.#session.answeredAt),
      lastCallAt: asDate(this.#calledAt),
      ringsWithoutCallerId: this.#rings,
      recoveries24h: this.#recoveries.filter((at) => now - at < DAY_MS).length,
    };
  }
}
