/** The terminal of a modem that the user commands himself: calls come and go in it. */
import { describeConnection } from '../../at/connect.ts';
import { parseDialString } from '../../at/dial-string.ts';
import { ModemctlError } from '../../core/errors.ts';
import { freeLine } from '../../modem/free-line.ts';
import type { Attempt } from '../../modem/place-call.ts';
import { recover, type StepReport } from '../../modem/recover.ts';
import type { Session } from '../../modem/session.ts';
import { placeCall } from '../placing.ts';
import { describeCircuits } from './circuits.ts';
import type { TerminalHost } from './host.ts';
import type { ModemLink } from './modem-link.ts';

/** How the user is told. */
export interface ModemHostTalk {
  say(line: string): void;
  /** Something takes time: at most so much, where that is known; null: it is done. */
  progress(what: string | null, limitMs?: number): void;
  /** Why a call did not come up, and what to try; null: it did, or was broken off. */
  whyNot(number: string, attempt: Attempt): ModemctlError | null;
  step(report: StepReport): void;
}

export class ModemHost implements TerminalHost {
  readonly #session: Session;
  readonly #link: ModemLink;
  readonly #talk: ModemHostTalk;

  constructor(session: Session, link: ModemLink, talk: ModemHostTalk) {
    this.#session = session;
    this.#link = link;
    this.#talk = talk;
  }

  async details(): Promise<readonly string[]> {
    const { call, received, sent } = this.#link;
    const bytes = `${received} bytes received, ${sent} sent`;
    if (!this.#session.isOpen) return [`${this.#session.name} is away`, bytes];
    const connection = call.connection ? `: ${describeConnection(call.connection)}` : '';
    return [
      this.#session.name,
      call.isUp ? `a call is up${connection}` : 'no call that we know of',
      bytes,
      describeCircuits(await this.#session.port.circuits()),
    ];
  }

  async sendBreak(): Promise<boolean> {
    return this.#session.isOpen && (await this.#session.port.sendBreak());
  }

  async hangUp(signal: AbortSignal): Promise<boolean> {
    this.#requireModem();
    await this.#showing('hanging up', freeLine(this.#session, signal));
    this.#link.call.over();
    this.#talk.say('line is on-hook, the modem is ready');
    return true;
  }

  async dial(text: string, signal: AbortSignal): Promise<Uint8Array> {
    const session = this.#requireModem();
    if (this.#link.call.isUp) throw new ModemctlError('IN_CALL', 'a call is up: hang up first');
    const number = parseDialString(text);
    // The user may have changed echo and result codes by hand.
    session.conversation.backToCommandState();
    const attempt = await this.#showing(
      'preparing the modem',
      placeCall(session, {
        number,
        call: {},
        tries: 1,
        retryDelayMs: 0,
        retryOn: [],
        signal,
        onDial: (_count, limitMs) =>
          this.#talk.progress(`dialling ${number.number} ... waiting for carrier (Ctrl-C breaks it off)`, limitMs),
      }),
    );
    if (attempt.kind !== 'connected') {
      const failure = this.#talk.whyNot(number.number, attempt);
      if (failure) throw failure;
      this.#talk.say('dialling broken off');
      return new Uint8Array();
    }
    const { connection } = attempt.call;
    this.#link.call.connected(connection);
    this.#talk.say(`Connected: ${describeConnection(connection)}`);
    return (await attempt.call.read(AbortSignal.abort())) ?? new Uint8Array();
  }

  async reset(signal: AbortSignal): Promise<void> {
    const session = this.#session;
    if (session.isOpen) session.conversation.backToCommandState();
    const report = await this.#showing(
      'resetting',
      recover(session, {
        force: true,
        signal,
        onStep: (step) => this.#talk.progress(`step ${step}`),
        onStepDone: (done) => this.#talk.step(done),
      }),
    );
    this.#link.call.over();
    if (report.recovered) this.#talk.say(`${session.name} answers (step ${report.recoveredBy})`);
    else if (!signal.aborted) {
      throw new ModemctlError('NOT_RECOVERED', `${session.name} does not answer, whatever was tried`, {
        hint: 'Unplug it, wait 10 s, and plug it in again: this terminal goes on then.',
      });
    }
  }

  #requireModem(): Session {
    if (this.#session.isOpen) return this.#session;
    throw new ModemctlError('GONE', `${this.#session.name} is away`);
  }

  async #showing<T>(what: string, work: Promise<T>): Promise<T> {
    this.#talk.progress(what);
    try {
      return await work;
    } finally {
      this.#talk.progress(null);
    }
  }
}
