/**
 * What others ask of the process that holds a modem, done one by one and between calls: whoever runs the modem says when it is free for them, and serves them there. Nobody waits long: what cannot be done now is
 * refused, with the reason.
 */
import { ModemctlError } from '../../core/errors.ts';
import type { Session } from '../../modem/session.ts';

/** What the modem is doing. The names are API (`status`). */
export type HolderState =
  /** Being opened, set up or asked something: soon idle. */
  | 'busy'
  | 'idle'
  | 'ringing'
  | 'inCall'
  /** Another program has it, and gives it back. */
  | 'lent'
  /** Being brought back. */
  | 'recovering'
  /** Another program took it, and is waited for. */
  | 'taken'
  /** Unplugged; it is waited for. */
  | 'away';

type Work<T> = (session: Session) => Promise<T>;

interface Errand {
  readonly evenInCall: boolean;
  readonly work: Work<void>;
  readonly refuse: (error: ModemctlError) => void;
}

type CallOver = (trouble: string | null) => void;

export class Errands {
  #state: HolderState = 'busy';
  /** Who has it while it is lent, or why it is away; in words. */
  #why: string | null = null;
  #waiting: Errand[] = [];
  #arrival = new AbortController();
  #wake: { readonly arrival: AbortSignal; readonly signal: AbortSignal; readonly either: AbortSignal } | null = null;
  #call: { readonly end: AbortController; readonly over: Promise<string | null>; readonly tell: CallOver } | null =
    null;
  readonly #modem: Pick<Session, 'id' | 'name'>;

  constructor(modem: Pick<Session, 'id' | 'name'>) {
    this.#modem = modem;
  }

  get state(): HolderState {
    return this.#state;
  }

  get why(): string | null {
    return this.#why;
  }

  /** Something waits to be done. */
  get waiting(): boolean {
    return this.#arrival.signal.aborted;
  }

  /** For waiting at the modem: aborted when `signal` is, or when something waits to be done. Another one after each {@link serve}. */
  wake(signal: AbortSignal): AbortSignal {
    const arrival = this.#arrival.signal;
    if (this.#wake?.arrival !== arrival || this.#wake.signal !== signal) {
      this.#wake = { arrival, signal, either: AbortSignal.any([signal, arrival]) };
    }
    return this.#wake.either;
  }

  /**
   * A call of the holder's begins, which others may have ended.
   * @returns aborted when `signal` is, or when the call is to end
   */
  startCall(signal: AbortSignal): AbortSignal {
    const end = new AbortController();
    let tell: CallOver = () => {};
    const over = new Promise<string | null>((resolve) => {
      tell = resolve;
    });
    this.#call = { end, over, tell };
    this.become('inCall');
    return AbortSignal.any([signal, end.signal]);
  }

  /**
   * The holder's call is over. Safe to call twice.
   * @param trouble why the line is not free; null: it is
   */
  callOver(trouble: string | null): void {
    if (!this.#call) return;
    this.#call.tell(trouble);
    this.#call = null;
    this.become('busy');
  }

  /**
   * Has the holder's call ended, and waits until the line is free.
   * @returns false: it has none
   * @throws ModemctlError NOT_RESPONDING
   */
  async endCall(): Promise<boolean> {
    if (!this.#call) return false;
    this.#call.end.abort();
    const trouble = await this.#call.over;
    if (trouble === null) return true;
    throw new ModemctlError('NOT_RESPONDING', `the line may still be off-hook: ${trouble}`);
  }

  /** Says what the modem is doing. Those who wait for what will not come soon are refused. */
  become(state: HolderState, why: string | null = null): void {
    this.#state = state;
    this.#why = why;
    for (const errand of this.#waiting.splice(0)) {
      const refusal = this.#refusal(errand.evenInCall);
      if (refusal) errand.refuse(refusal);
      else this.#waiting.push(errand);
    }
    if (this.#waiting.length === 0 && this.waiting) this.#arrival = new AbortController();
  }

  /**
   * Has something done with the modem.
   * @param evenInCall a call that is up, or comes in, is no reason against it
   * @throws ModemctlError IN_CALL, IN_USE (lent), GONE; what `work` throws
   */
  do<T>(work: Work<T>, evenInCall = false): Promise<T> {
    return new Promise((resolve, reject) => {
      const errand: Errand = {
        evenInCall,
        work: (session) => work(session).then(resolve, reject),
        refuse: reject,
      };
      const refusal = this.#refusal(evenInCall);
      if (refusal) {
        reject(refusal);
        return;
      }
      this.#waiting.push(errand);
      this.#arrival.abort();
    });
  }

  /** Does what waits; the session may be closed afterwards (lent), and the modem may have been told anything. Never throws. */
  async serve(session: Session): Promise<void> {
    this.#arrival = new AbortController();
    for (let errand = this.#waiting.shift(); errand; errand = this.#waiting.shift()) {
      if (!session.isOpen) {
        this.#waiting.unshift(errand);
        // Served as soon as it is open again.
        this.#arrival.abort();
        return;
      }
      this.become('busy');
      await errand.work(session);
    }
  }

  /** The holder ends. */
  close(): void {
    this.callOver('its holder ends');
    this.become('away', 'being let go');
  }

  #refusal(evenInCall: boolean): ModemctlError | null {
    const { id, name } = this.#modem;
    const details = { modem: id, state: this.#state };
    switch (this.#state) {
      case 'ringing':
      case 'inCall': {
        if (evenInCall) return null;
        const what = this.#state === 'ringing' ? 'rings: a call is coming in' : 'has a call';
        const hint =
          this.#state === 'ringing' ? 'Try again when the ringing has stopped.' : `End it: modemctl hangup -d ${id}`;
        return new ModemctlError('IN_CALL', `${name} ${what}`, { hint, details });
      }
      case 'lent':
        return new ModemctlError('IN_USE', `${name} is lent to ${this.#why}`, { details });
      case 'taken':
        return new ModemctlError('IN_USE', this.#why ?? `${name} is in use`, { details });
      case 'away':
        return new ModemctlError('GONE', `${name} is away${this.#why ? `: ${this.#why}` : ''}`, { details });
      default:
        return null;
    }
  }
}
