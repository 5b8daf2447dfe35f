/** The answering service: waits for calls, picks up, gives each to its taker, and is ready for the next. */
import type { CallerId } from '../../at/caller-id-collector.ts';
import { isModemctlError, ModemctlError } from '../../core/errors.ts';
import type { Call } from '../../modem/call.ts';
import type { CallOptions } from '../../modem/call-settings.ts';
import { endCall } from '../../modem/end-call.ts';
import { freeLine } from '../../modem/free-line.ts';
import type { Attempt } from '../../modem/place-call.ts';
import { PROOF_LIMIT_MS } from '../../modem/proof.ts';
import type { Session } from '../../modem/session.ts';
import type { PowerPolicy } from '../../usb/power/plan.ts';
import type { Errands } from '../control/errands.ts';
import { CARRIER_WAIT_MS, prepare } from '../prepare.ts';
import { resetSuspect, type SuspectOptions } from '../reset-suspect.ts';
import { RingListener } from '../ring-listener.ts';
import type { RingEvent } from '../ring-watch.ts';
import { type Suspect, Suspicion } from '../suspicion.ts';
import type { Taken, Taker } from '../taker.ts';
import type { AnsweringEvent } from './answering-event.ts';
import { bringBack, isTrouble, takeUpAgain } from './bring-back.ts';
import { pickUp } from './pick-up.ts';

export interface AnsweringOptions {
  readonly call: CallOptions;
  readonly country?: string | undefined;
  /** Picks up at this ring; 0: at once, without waiting for any. */
  readonly rings: number;
  /** Ends after the first call that was answered. */
  readonly once: boolean;
  /** Why a caller is not to be answered, in words; null: to be answered. */
  readonly refuses: ((caller: CallerId | null) => string | null) | null;
  readonly taker: Taker;
  /** How often an idle modem is asked whether it is still there. */
  readonly checkEveryMs: number;
  /** Brings a hung modem back, and waits for one that was unplugged. */
  readonly recover: boolean;
  readonly suspect: SuspectOptions;
  /** How a modem's power may be switched, where nothing gentler helps; null: it may not. */
  readonly power: PowerPolicy | null;
  readonly signal: AbortSignal;
  readonly tell: (event: AnsweringEvent) => void;
  /** What others ask to be done between calls. */
  readonly errands: Errands;
}

/** What became of a call that was answered. */
export type Answered =
  | { readonly kind: 'taken'; readonly taken: Taken }
  | { readonly kind: 'noConnection'; readonly attempt: Exclude<Attempt, { kind: 'connected' }> };

/**
 * Answers calls until aborted, or with `once` one. The session is open. The line is left as it is: whoever called ends the last call.
 * @returns the call; null when aborted
 * @throws ModemctlError MODEM_ERROR (it refused what answering needs), NOT_RESPONDING and GONE (not with `recover`), NOT_RECOVERED, DENIED
 */
export async function answerCalls(session: Session, options: AnsweringOptions): Promise<Answered | null> {
  const service = new Answering(session, options);
  try {
    return await service.run();
  } finally {
    service.close();
  }
}

/** Makes good what the modem was set to for answering and others would stumble over: escape sequences work again. Never throws. */
export async function stopAnswering(session: Session): Promise<void> {
  if (!session.isOpen || !session.conversation.inStep) return;
  // V.250 and both families have + for it.
  await session.conversation.ask('ATS2=43', { limitMs: PROOF_LIMIT_MS }).catch(() => {});
}

class Answering {
  readonly #session: Session;
  readonly #options: AnsweringOptions;
  readonly #rings: RingListener;
  readonly #carrierWaitMs: number;
  /** The call that rings is not to be answered. */
  #isRefused = false;
  #calls = 0;
  readonly #suspicion: Suspicion;
  /** It is to be reset although it answers. */
  #isSuspect = false;

  constructor(session: Session, { tell, ...options }: AnsweringOptions) {
    this.#session = session;
    this.#suspicion = new Suspicion(options.suspect.after);
    this.#options = {
      ...options,
      tell: (event) => {
        tell(event);
        const suspect = this.#judge(event);
        if (!suspect) return;
        this.#isSuspect = options.suspect.reset;
        tell(suspect);
      },
    };
    this.#carrierWaitMs = options.call.carrierWaitMs ?? CARRIER_WAIT_MS;
    this.#rings = new RingListener(session, (event) => this.#rang(event));
  }

  close(): void {
    this.#rings.close();
  }

  async run(): Promise<Answered | null> {
    const { signal, once, recover, errands } = this.#options;
    let isFree = false;
    while (!signal.aborted) {
      try {
        errands.become('busy');
        if (!isFree) await freeLine(this.#session, signal);
        await this.#arm();
        const called = await this.#untilCalled();
        if (called === 'aborted') return null;
        isFree = false;
        if (called === 'errand') await this.#runErrands();
        else if (called === 'suspect') await this.#resetSuspect();
        else {
          const answered = await this.#answerOne();
          if (!answered || once || signal.aborted) return answered;
          isFree = await this.#endCall();
        }
      } catch (error) {
        if (isModemctlError(error)) errands.callOver(error.message);
        if (signal.aborted) return null;
        if (!recover || !isTrouble(error)) throw error;
        this.#rings.forget();
        this.#isRefused = false;
        isFree = false;
        await bringBack(this.#session, error, this.#options);
      }
    }
    return null;
  }

  /** Nothing of the last call, or of whoever had it, is left: every setting is made anew. */
  async #arm(): Promise<void> {
    const { call, country, refuses, tell } = this.#options;
    const { items } = await prepare(this.#session, {
      purpose: 'answer',
      country,
      call: {
        ...call,
        carrierWaitMs: this.#carrierWaitMs,
        // The caller must not reach the modem's command state.
        noEscape: true,
        // Who decides by it must have it; else it is only wished for.
        ...(refuses ? { callerId: true } : {}),
      },
    });
    const callerId = items.some(({ command, result }) => command === 'AT+VCID=1' && result === 'OK');
    tell({ kind: 'waiting', callerId, afterCall: this.#calls > 0 });
  }

  /** Null: aborted before the next call was answered. */
  async #answerOne(): Promise<Answered | null> {
    const { tell, errands } = this.#options;
    const signal = errands.startCall(this.#options.signal);
    const caller = this.#rings.callerId;
    tell({ kind: 'answering', callerId: caller, limitMs: this.#carrierWaitMs });
    const options = { carrierWaitMs: this.#carrierWaitMs, caller, signal };
    const attempt = await pickUp(this.#session, this.#rings, options);
    this.#rings.forget();
    this.#calls++;
    if (attempt.kind === 'aborted' && this.#options.signal.aborted) return null;
    if (attempt.kind !== 'connected') {
      tell({ kind: 'noConnection', attempt });
      return { kind: 'noConnection', attempt };
    }
    const { call } = attempt;
    tell({ kind: 'connect', call });
    const taken = await this.#give(call, signal);
    tell({ kind: 'disconnect', call, taken, elapsedMs: call.elapsedMs });
    return { kind: 'taken', taken };
  }

  /** What goes wrong with one call must not cost the next. */
  async #give(call: Call, signal: AbortSignal): Promise<Taken> {
    try {
      const taken = await this.#options.taker(this.#session, call, signal);
      // `modemctl hangup` in another terminal is as good as ours.
      const isHungUp = taken.endedBy === 'signal' && !this.#options.signal.aborted;
      return isHungUp ? { ...taken, endedBy: 'us' } : taken;
    } catch (error) {
      if (isModemctlError(error, 'GONE')) return { endedBy: 'modemGone', unfinished: true, failure: null };
      if (isModemctlError(error)) return { endedBy: 'us', unfinished: false, failure: error };
      throw error;
    }
  }

  /** Waits until a call is to be answered, or something else to be done. */
  async #untilCalled(): Promise<'called' | 'errand' | 'suspect' | 'aborted'> {
    const { signal, rings: wanted, refuses, checkEveryMs, tell, errands } = this.#options;
    const { clock } = this.#session;
    const rings = this.#rings;
    let checkAt = clock.now() + checkEveryMs;
    while (!signal.aborted) {
      if (rings.rings >= wanted && !this.#isRefused) {
        const why = refuses?.(rings.callerId) ?? null;
        if (why === null) return 'called';
        this.#isRefused = true;
        tell({ kind: 'refused', callerId: rings.callerId, why });
      }
      if (!rings.ringing && clock.now() >= checkAt) {
        await this.#check();
        checkAt = clock.now() + checkEveryMs;
      }
      if (!rings.ringing && this.#isSuspect) return 'suspect';
      errands.become(rings.ringing ? 'ringing' : 'idle');
      if (errands.waiting) return 'errand';
      await rings.listen(rings.ringing ? clock.now() + checkEveryMs : checkAt, errands.wake(signal));
    }
    return 'aborted';
  }

  /** What others want of the modem; they get it as they know it. */
  async #runErrands(): Promise<void> {
    await stopAnswering(this.#session);
    await this.#options.errands.serve(this.#session);
    if (!this.#session.isOpen) await takeUpAgain(this.#session, this.#options);
  }

  /** It answers, so that no gentler step would do anything. */
  async #resetSuspect(): Promise<void> {
    this.#isSuspect = false;
    this.#suspicion.clear();
    this.#options.errands.become('recovering');
    await resetSuspect(this.#session, this.#options);
  }

  /** @throws ModemctlError NOT_RESPONDING */
  async #check(): Promise<void> {
    if (await this.#session.answers(PROOF_LIMIT_MS, this.#options.signal)) return;
    throw new ModemctlError('NOT_RESPONDING', `${this.#session.name} no longer answers`, {
      hint: `Bring it back: modemctl reset -d ${this.#session.id}`,
      details: { modem: this.#session.id },
    });
  }

  /** @throws ModemctlError NOT_RESPONDING, GONE, IN_USE (a program that had the call left a process behind) */
  async #endCall(): Promise<true> {
    if (!this.#session.isOpen) await this.#session.open();
    // One that hangs is brought back like one that hangs while it waits: told of, and with all that is permitted.
    const line = await endCall(this.#session, { recover: false });
    this.#options.errands.callOver(line.free ? null : line.why);
    if (line.free) return true;
    const code = line.code === 'GONE' ? 'GONE' : 'NOT_RESPONDING';
    throw new ModemctlError(code, `the line may still be off-hook: ${line.why}`, {
      hint: `modemctl reset -d ${this.#session.id}`,
      details: { modem: this.#session.id },
    });
  }

  #rang(event: RingEvent): void {
    const { tell } = this.#options;
    if (event.kind !== 'ended') {
      tell(event);
      return;
    }
    if (!this.#isRefused) tell({ kind: 'missed', rings: event.rings, callerId: event.callerId });
    this.#isRefused = false;
  }

  #judge(event: AnsweringEvent): Suspect | null {
    switch (event.kind) {
      case 'missed':
        return this.#suspicion.called(event.callerId !== null, event.rings);
      case 'refused':
      case 'answering':
        return this.#suspicion.called(event.callerId !== null, this.#rings.rings);
      case 'connect':
        return this.#suspicion.answered(true);
      case 'noConnection':
        return this.#suspicion.answered(false);
      default:
        return null;
    }
  }
}
