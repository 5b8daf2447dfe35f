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

export class Errands {
  #state: HolderState = 'busy';
  /** Who has it while it is lent, or why it is away; in words. */
  #why: string | null = null;
  #waiting: Errand[] = [];
  #arrival = new AbortController();
  #name: string;

  /** @param name of the modem, for messages */
  constructor(name: string) {
    this.#name = name;
  }

  get state(): HolderState {
    return this.#state;
  }

  get why(): string | null {
    return this.#why;
  }

  /** Aborted when something waits to be done. Another one after each {@link serve}. */
  get arrival(): AbortSignal {
    return this.#arrival.signal;
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
    this.become('away', 'being let go');
  }

  #refusal(evenInCall: boolean): ModemctlError | null {
    const details = { state: this.#state };
    switch (this.#state) {
      case 'ringing':
      case 'inCall': {
        if (evenInCall) return null;
        const what = this.#state === 'ringing' ? 'rings: a call is coming in' : 'has a call';
        const hint = this.#state === 'ringing' ? 'Try again when the ringing has stopped.' : 'End it: modemctl hangup';
        return new ModemctlError('IN_CALL', `${this.#name} ${what}`, { hint, details });
      }
      case 'lent':
        return new ModemctlError('IN_USE', `${this.#name} is lent to ${this.#why}`, { details });
      case 'taken':
        return new ModemctlError('IN_USE', this.#why ?? `${this.#name} is in use`, { details });
      case 'away':
        return new ModemctlError('GONE', `${this.#name} is ${this.#why ?? 'away'}`, { details });
      default:
        return null;
    }
  }
}
