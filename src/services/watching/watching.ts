/**
 * The watching service: keeps one modem for as long as asked, tells what happens on it, and lends it between calls. It answers no call. Whatever befalls the modem (a reset, a replug, a hang, a loan), it is taken
 * up again and caller ID switched on anew.
 */
import { sleep, toNextSecond } from '../../core/clock.ts';
import { isModemctlError, type ModemctlError } from '../../core/errors.ts';
import { initialise } from '../../modem/initialise.ts';
import { PROOF_LIMIT_MS } from '../../modem/proof.ts';
import { notRecovered, recover } from '../../modem/recover.ts';
import type { Session } from '../../modem/session.ts';
import type { PowerPolicy } from '../../usb/power/plan.ts';
import type { Errands } from '../control/errands.ts';
import { powerUp, withPower } from '../power-up.ts';
import { requirePlugged } from '../require-plugged.ts';
import { resetSuspect, type SuspectOptions } from '../reset-suspect.ts';
import { RingListener } from '../ring-listener.ts';
import type { RingEvent } from '../ring-watch.ts';
import { Suspicion } from '../suspicion.ts';
import { takeUp } from '../take-up.ts';
import type { SetUpAfter, WatchingEvent } from './watching-event.ts';

export interface WatchingOptions {
  readonly errands: Errands;
  /** How often an idle modem is asked whether it still answers. */
  readonly checkEveryMs: number;
  /** Bring a modem back that hangs. */
  readonly recover: boolean;
  readonly suspect: SuspectOptions;
  /** How a modem's power may be switched, where nothing gentler helps; null: it may not. */
  readonly power: PowerPolicy | null;
  readonly signal: AbortSignal;
  readonly tell: (event: WatchingEvent) => void;
  /** What stands in the way, for people. */
  readonly note: (text: string) => void;
}

/** Between two tries to bring back a modem that cannot be opened. */
const RETRY_MS = 60_000;
/**
 * Watches until aborted. A session that is not open is taken up as soon as that can be done; afterwards it may be closed.
 * @throws ModemctlError IN_CALL: the session is open, and a call is up to begin with, or the modem shows carrier always
 */
export async function watchModem(session: Session, options: WatchingOptions): Promise<void> {
  if (session.isOpen) await session.refuseCall();
  const watching = new Watching(session, options);
  try {
    await watching.run();
  } finally {
    watching.close();
  }
}

class Watching {
  readonly #session: Session;
  readonly #options: WatchingOptions;
  readonly #rings: RingListener;
  /** Why it has to be set up; null: it is. */
  #unset: SetUpAfter | null = 'start';
  #connectedAt: number | null = null;
  #isHung = false;
  readonly #suspicion: Suspicion;
  /** It is to be reset although it answers. */
  #isSuspect = false;
  #checkAt = 0;

  constructor(session: Session, options: WatchingOptions) {
    this.#session = session;
    this.#options = options;
    this.#suspicion = new Suspicion(options.suspect.after);
    this.#rings = new RingListener(session, (event) => this.#rang(event));
  }

  close(): void {
    this.#rings.close();
  }

  async run(): Promise<void> {
    const { signal } = this.#options;
    while (!signal.aborted) {
      try {
        if (!this.#session.isOpen) await this.#takeUp();
        else if (this.#unset) await this.#setUp(this.#unset);
        else await this.#attend();
      } catch (error) {
        if (signal.aborted) return;
        if (isModemctlError(error, 'GONE')) await this.#lost();
        else if (isModemctlError(error, 'NOT_RESPONDING')) await this.#hangs();
        else throw error;
      }
    }
  }

  /** One thing at a time, a look at the carrier before each: errands, the question whether it still answers, else waiting for what the modem says. */
  async #attend(): Promise<void> {
    const { errands, signal } = this.#options;
    const session = this.#session;
    const { clock } = session;
    await this.#look();
    if (this.#unset) return;
    const state = this.#connectedAt !== null ? 'inCall' : this.#rings.ringing ? 'ringing' : 'idle';
    errands.become(state, this.#isHung ? 'it does not answer' : null);
    if (errands.waiting) {
      await errands.serve(session);
      this.#unset = session.isOpen ? 'request' : 'loan';
    } else if (this.#isSuspect && state === 'idle') {
      await this.#resetSuspect();
    } else if (clock.now() >= this.#nextCheckAt) {
      await this.#check();
    } else {
      // Circuits do not tell by themselves; once a second is often enough, and all that an idle service may wake.
      const look = clock.now() + toNextSecond(clock.now());
      await this.#rings.listen(Math.min(look, this.#nextCheckAt), errands.wake(signal));
    }
  }

  async #resetSuspect(): Promise<void> {
    this.#isSuspect = false;
    this.#suspicion.clear();
    this.#options.errands.become('recovering');
    await resetSuspect(this.#session, this.#options);
    this.#unset = 'recovered';
  }

  /** Nothing is written into a call, and a modem that rings is alive. */
  get #nextCheckAt(): number {
    return this.#connectedAt !== null || this.#rings.ringing ? Number.POSITIVE_INFINITY : this.#checkAt;
  }

  async #look(): Promise<void> {
    const { clock } = this.#session;
    const carrier = (await this.#session.hasCarrier()) ?? false;
    if (carrier && this.#connectedAt === null) {
      this.#connectedAt = clock.now();
      this.#rings.forget();
      this.#options.tell({ kind: 'connect' });
    } else if (!carrier && this.#connectedAt !== null) {
      this.#disconnected();
      this.#unset = 'disconnect';
    }
  }

  #disconnected(): void {
    if (this.#connectedAt === null) return;
    this.#options.tell({ kind: 'disconnect', connectedMs: this.#session.clock.now() - this.#connectedAt });
    this.#connectedAt = null;
  }

  async #check(): Promise<void> {
    const answers = await this.#session.answers(PROOF_LIMIT_MS, this.#options.signal);
    this.#checked();
    if (answers && this.#isHung) this.#recovered(null);
    else if (!answers && !this.#options.signal.aborted) await this.#hangs();
  }

  #checked(): void {
    this.#checkAt = this.#session.clock.now() + this.#options.checkEveryMs;
  }

  async #setUp(after: SetUpAfter): Promise<void> {
    const { errands, tell, note } = this.#options;
    if (await this.#session.hasCarrier()) {
      // Later: a call came up before it could be done.
      this.#unset = null;
      return;
    }
    errands.become('busy');
    const { items, fit } = await initialise(this.#session, { purpose: 'callerId' });
    if (this.#isHung) this.#recovered(null);
    this.#unset = null;
    this.#checked();
    const refused = items.find(({ required, result }) => required && result !== 'OK');
    if (refused && after === 'start') note(`it refused ${refused.command} (${refused.sets}): calls come without it`);
    if (after !== 'request') tell({ kind: 'waiting', callerId: fit, after });
  }

  async #hangs(): Promise<void> {
    const { errands, tell, signal, power } = this.#options;
    const isNews = !this.#isHung;
    this.#isHung = true;
    this.#checked();
    this.#rings.forget();
    if (isNews) tell({ kind: 'hung' });
    if (!this.#options.recover) {
      this.#unset = null;
      return;
    }
    errands.become('recovering');
    try {
      // One that cannot even be opened is not reset again and again.
      if (!isNews && !this.#session.isOpen) await sleep(this.#session.clock, RETRY_MS, signal);
      const report = await recover(this.#session, { signal, ...withPower(power) });
      if (report.recoveredBy) this.#recovered(report.recoveredBy);
      else if (!signal.aborted) {
        requirePlugged(this.#session, report);
        if (isNews) tell({ kind: 'gaveUp', why: notRecovered(this.#session, report).message });
      }
    } catch (error) {
      if (!isModemctlError(error) || error.code === 'GONE') throw error;
      if (isNews) tell({ kind: 'gaveUp', why: error.message });
    }
    this.#checked();
    if (this.#isHung) this.#unset = null;
  }

  #recovered(by: Extract<WatchingEvent, { kind: 'recovered' }>['by']): void {
    this.#isHung = false;
    this.#unset = 'recovered';
    this.#options.tell({ kind: 'recovered', by });
  }

  /** Its port died: a reset, or it was pulled out. */
  async #lost(): Promise<void> {
    this.#disconnected();
    this.#rings.forget();
    await this.#session.close();
  }

  async #takeUp(): Promise<void> {
    const { errands, signal, tell, note, recover: recovers, power } = this.#options;
    errands.become('busy');
    const before = this.#unset;
    const onAway = () => {
      errands.become('away', 'unplugged');
      tell({ kind: 'unplugged' });
    };
    const onObstacle = (error: ModemctlError) => {
      errands.become(error.code === 'IN_USE' ? 'taken' : 'away', error.message);
      note(`${error.message}; waiting`);
    };
    const onStillAway = power && recovers ? () => powerUp(this.#session, { power, signal, tell }) : undefined;
    const taken = await takeUp(this.#session, { signal, onAway, onObstacle, onStillAway });
    if (taken === 'aborted') return;
    errands.become('busy');
    this.#isHung = false;
    this.#unset = taken === 'replugged' ? 'plugged' : before === 'loan' || before === 'start' ? before : 'reset';
    if (this.#unset === 'plugged' || this.#unset === 'reset') tell({ kind: this.#unset });
  }

  #rang(event: RingEvent): void {
    const { tell } = this.#options;
    // What a caller sends may look like a ring.
    if (this.#connectedAt !== null) return;
    if (event.kind !== 'ended') {
      tell(event);
      return;
    }
    if (event.rings === 0 && !event.callerId) return;
    tell({ ...event, kind: 'ringEnded' });
    const suspect = this.#suspicion.called(event.callerId !== null, event.rings);
    if (!suspect) return;
    this.#isSuspect = this.#options.suspect.reset;
    tell(suspect);
  }
}
