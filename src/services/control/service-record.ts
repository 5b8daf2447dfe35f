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
export interface Happening {
  readonly kind: string;
  /** Of a recovery: the step that did it, or null. */
  readonly by?: string | null;
  /** Of giving up. */
  readonly why?: string | null;
  /** Of a ring: which of its call. */
  readonly count?: number;
}

/** What recoveries are counted by. */
export function recoveredBy(step: string | null): string {
  return `recovered by ${step ?? 'itself'}`;
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
  #isUp = false;
  readonly #counts = new Map<string, number>();

  constructor(session: Pick<Session, 'clock' | 'answeredAt'>) {
    this.#session = session;
  }

  /** Takes each event that the keeper tells. */
  take({ kind, count = 0, by = null }: Happening): void {
    const now = this.#session.clock.now();
    const counted = kind === 'recovered' ? recoveredBy(by) : kind;
    this.#counts.set(counted, this.count(counted) + 1);
    if (kind === 'waiting' || kind === 'recovered') this.#isUp = true;
    else if (kind === 'hung' || kind === 'unplugged') this.#isUp = false;
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

  /** It was there and answered when last asked. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** How often this has happened; recoveries by {@link recoveredBy}. */
  count(what: string): number {
    return this.#counts.get(what) ?? 0;
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
