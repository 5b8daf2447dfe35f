/**
 * Makes calls that come in of what the modem says: rings counted, the lines of caller ID gathered to one value, the end of ringing noticed. No I/O and no timer: it is told the time, and tells when it wants to be asked
 * again.
 */
import type { CallerId } from '../at/caller-id-collector.ts';
import { CallerIdCollector } from '../at/caller-id-collector.ts';
import type { Unsolicited } from '../at/unsolicited.ts';

export type RingEvent =
  /** `distinctive`: which of the line's numbers is called, where the modem tells. */
  | { readonly kind: 'ring'; readonly count: number; readonly distinctive: string | null }
  /** All that was told of the caller; once a call. */
  | { readonly kind: 'callerId'; readonly callerId: CallerId }
  /** Nobody rings any more: the caller gave up, or another telephone was picked up. `rings` is 0 where a caller ID was not followed by one. */
  | { readonly kind: 'ended'; readonly rings: number; readonly callerId: CallerId | null };

/** The longest cadence known is 6 s from ring to ring (North America, ANSI T1.401); V.250 6.3.9 forgets its ring count after 8 s. */
const RING_MEMORY_MS = 8000;
/** The lines of caller ID come in one piece; a modem that reports line by line as it decodes has them all within this. */
const CALLER_ID_REST_MS = 500;

export class RingWatch {
  readonly #caller = new CallerIdCollector();
  #rings = 0;
  /** The last ring, or where there was none yet, the last line of caller ID. */
  #lastAt: number | null = null;
  #lastRingAt: number | null = null;
  #callerIdAt: number | null = null;
  #callerId: CallerId | null = null;

  /** A call is coming in. */
  get ringing(): boolean {
    return this.#lastAt !== null;
  }

  /** Rings of this call so far. */
  get rings(): number {
    return this.#rings;
  }

  /** When the last ring of this call began; null: none yet. */
  get lastRingAt(): number | null {
    return this.#lastRingAt;
  }

  /** Who calls, as far as told; null: nothing was told. */
  get callerId(): CallerId | null {
    return this.#callerId ?? this.#caller.callerId;
  }

  /** When {@link pass} has something to tell if nothing else comes; null: never. */
  get dueAt(): number | null {
    if (this.#lastAt === null) return null;
    const endsAt = this.#lastAt + RING_MEMORY_MS;
    return this.#callerIdAt === null ? endsAt : Math.min(endsAt, this.#callerIdAt + CALLER_ID_REST_MS);
  }

  /** Takes what the modem said. */
  take(event: Unsolicited, now: number): RingEvent[] {
    const events = this.pass(now);
    if (event.kind === 'callerId' && this.#caller.take(event.text)) {
      this.#lastAt ??= now;
      if (this.#callerId === null) this.#callerIdAt = now;
      else this.#callerId = this.#caller.callerId;
    }
    if (event.kind === 'ringCadence' && this.ringing) this.#lastAt = now;
    if (!isRing(event)) return events;
    // What was told of the caller is told whole before the next ring.
    events.push(...this.#tellCaller());
    this.#rings++;
    this.#lastAt = now;
    this.#lastRingAt = now;
    events.push({ kind: 'ring', count: this.#rings, distinctive: event.kind === 'ring' ? event.distinctive : null });
    return events;
  }

  /** Time has passed. */
  pass(now: number): RingEvent[] {
    const events: RingEvent[] = [];
    if (this.#callerIdAt !== null && now - this.#callerIdAt >= CALLER_ID_REST_MS) events.push(...this.#tellCaller());
    if (this.#lastAt !== null && now - this.#lastAt >= RING_MEMORY_MS) {
      events.push(...this.#tellCaller(), { kind: 'ended', rings: this.#rings, callerId: this.callerId });
      this.clear();
    }
    return events;
  }

  /** The call was answered, or is nobody's business any more: what comes next is another one. */
  clear(): void {
    this.#caller.clear();
    this.#rings = 0;
    this.#lastAt = null;
    this.#lastRingAt = null;
    this.#callerIdAt = null;
    this.#callerId = null;
  }

  #tellCaller(): RingEvent[] {
    if (this.#callerIdAt === null) return [];
    this.#callerIdAt = null;
    this.#callerId = this.#caller.callerId;
    return this.#callerId ? [{ kind: 'callerId', callerId: this.#callerId }] : [];
  }
}

/** ISDN adapters ring and tell who calls in one line: `RING;08912345;08765`. */
function isRing(event: Unsolicited): boolean {
  return event.kind === 'ring' || (event.kind === 'callerId' && event.text.startsWith('RING;'));
}
