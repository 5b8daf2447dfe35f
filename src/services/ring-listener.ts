/** Listens to an idle modem for calls that come in. It writes nothing, and what to do about a call is not its business. */
import type { CallerId } from '../at/caller-id-collector.ts';
import type { Session } from '../modem/session.ts';
import { type RingEvent, RingWatch } from './ring-watch.ts';

export class RingListener {
  readonly #session: Session;
  readonly #watch = new RingWatch();
  readonly #tell: (event: RingEvent) => void;
  readonly #end: () => void;

  /** From here on rings are told, also those that come while the modem answers a command, or after a reset. */
  constructor(session: Session, tell: (event: RingEvent) => void) {
    this.#session = session;
    this.#tell = tell;
    this.#end = session.onUnsolicited((event) => this.#told(this.#watch.take(event, session.clock.now())));
  }

  /** A call is coming in. */
  get ringing(): boolean {
    return this.#watch.ringing;
  }

  /** Rings of this call so far. */
  get rings(): number {
    return this.#watch.rings;
  }

  /** When the last ring of this call began, by the session's clock; null: none yet. */
  get lastRingAt(): number | null {
    return this.#watch.lastRingAt;
  }

  /** Who calls; null: nothing was told. */
  get callerId(): CallerId | null {
    return this.#watch.callerId;
  }

  /**
   * Waits until something came, something is to be told, or the time is there.
   * @param until by the session's clock; finite
   * @throws ModemctlError GONE
   */
  async listen(until: number, signal?: AbortSignal): Promise<void> {
    const { clock, conversation } = this.#session;
    this.#told(this.#watch.pass(clock.now()));
    const waitMs = Math.min(until, this.#watch.dueAt ?? until) - clock.now();
    if (waitMs > 0) await conversation.listen(waitMs, signal);
    this.#told(this.#watch.pass(clock.now()));
  }

  /** The call that rang is answered, or lost with the modem. */
  forget(): void {
    this.#watch.clear();
  }

  close(): void {
    this.#end();
  }

  #told(events: readonly RingEvent[]): void {
    for (const event of events) this.#tell(event);
  }
}
