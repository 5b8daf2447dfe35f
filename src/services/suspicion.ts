/** Notices a modem that answers AT and has stopped working all the same: calls in a row without caller ID on a line that had it, or that it picks up without ever connecting. Without I/O. */

/** Once, when it becomes so; anew when there was a call in between that was as it should be, or after {@link Suspicion.clear}. */
export interface Suspect {
  readonly kind: 'suspect';
  /** API. */
  readonly why: 'noCallerId' | 'noConnection';
  /** In a row. */
  readonly calls: number;
}

/** Voice calls and fax machines do not connect either, and some callers are not told: a few of these are no reason for suspicion. */
export const SUSPECT_AFTER = 5;

export class Suspicion {
  readonly #after: number;
  /** There was caller ID on this line, so that it can be missed. */
  #hadCallerId = false;
  #withoutCallerId = 0;
  #withoutConnection = 0;

  /** @param after so many calls in a row */
  constructor(after: number) {
    this.#after = after;
  }

  /**
   * A call came in, answered or not.
   * @param rings caller ID comes before the second: a call that ends before it tells nothing
   */
  called(withCallerId: boolean, rings: number): Suspect | null {
    if (!withCallerId && rings < 2) return null;
    this.#hadCallerId ||= withCallerId;
    this.#withoutCallerId = withCallerId || !this.#hadCallerId ? 0 : this.#withoutCallerId + 1;
    return this.#at(this.#withoutCallerId, 'noCallerId');
  }

  /** A call was picked up. */
  answered(connected: boolean): Suspect | null {
    this.#withoutConnection = connected ? 0 : this.#withoutConnection + 1;
    return this.#at(this.#withoutConnection, 'noConnection');
  }

  /** The modem was reset: it has its chance. */
  clear(): void {
    this.#withoutCallerId = 0;
    this.#withoutConnection = 0;
  }

  #at(calls: number, why: Suspect['why']): Suspect | null {
    return calls === this.#after ? { kind: 'suspect', why, calls } : null;
  }
}

/** For people. */
export function describeSuspect({ why, calls }: Suspect): string {
  return why === 'noCallerId'
    ? `${calls} calls in a row without caller ID`
    : `${calls} calls in a row that did not connect`;
}
