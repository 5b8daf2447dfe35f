/**
 * The modem's telephone: hook, dialling, answering, ringing, carrier and their timers (S0, S1, S6 to S8, S10, S11). It knows the line and the configuration, but neither AT nor the DTE; it reports what
 * happened and leaves the wording to others.
 */
import type { Clock } from '../../core/clock.ts';
import type { CallerRecord, LineSound, Link, Telephone, TelephoneLine } from '../exchange/line.ts';
import { type Configuration, S } from './configuration.ts';
import { DialRun } from './dial-run.ts';
import { parseDialString } from './dial-string.ts';
import { carrierOffer } from './negotiate.ts';

/** How an attempt at a call failed; the words are V.250's. */
export type CallFailure = 'NO CARRIER' | 'BUSY' | 'NO ANSWER' | 'NO DIALTONE';

/** What the call control reports. */
export interface CallEvents {
  /** A ring burst begins; `count` is S1, `silenceMs` how long ago the one before ended, if there was one. */
  rang(count: number, silenceMs: number | null): void;
  /** A ring burst ends. */
  rangOut(burstMs: number): void;
  callerId(record: CallerRecord): void;
  connected(link: Link): void;
  failed(result: CallFailure): void;
  /** A dial string that ended in `;` is through. */
  dialled(): void;
  /** An established call is over: the carrier stayed away for S10. */
  lost(): void;
  /** Data of the far end; returns how many bytes were taken. */
  received(bytes: Uint8Array): number;
  /** The far end takes bytes again. */
  room(): void;
  /** DCD, RI or the hook changed. */
  changed(): void;
}

/** The ring count is forgotten after this long without a ring (V.250 6.3.9: S1). */
const RING_MEMORY_MS = 8000;
/** Blind dialling waits at least so long (V.250 6.3.9: S6). */
const BLIND_WAIT_MIN_S = 2;

type Phase = 'on-hook' | 'off-hook' | 'dialling' | 'waiting' | 'connected' | 'lost';

export class CallControl implements Telephone {
  readonly #clock: Clock;
  readonly #configuration: Configuration;
  readonly #events: CallEvents;
  readonly #line: TelephoneLine;
  #phase: Phase = 'on-hook';
  #ringing = false;
  #ringChangedAt: number | null = null;
  #liftAfterRing = false;
  #isCalling = false;
  #heard: LineSound = 'nothing';
  #run: DialRun | null = null;
  #cancel: (() => void) | null = null;
  #cancelRingMemory: (() => void) | null = null;

  constructor(
    clock: Clock,
    configuration: Configuration,
    plugIn: (me: Telephone) => TelephoneLine,
    events: CallEvents,
  ) {
    this.#clock = clock;
    this.#configuration = configuration;
    this.#events = events;
    this.#line = plugIn(this);
  }

  get number(): string {
    return this.#line.number;
  }

  get phase(): Phase {
    return this.#phase;
  }

  get offHook(): boolean {
    return this.#phase !== 'on-hook' && !this.#liftAfterRing;
  }

  /** A carrier is, or was a moment ago, on the line. */
  get hasCarrier(): boolean {
    return this.#phase === 'connected' || this.#phase === 'lost';
  }

  /** Ring voltage is on the line now. */
  get ringing(): boolean {
    return this.#ringing;
  }

  /** `D`: lifts, waits, dials, and unless told to stay in command state waits for a carrier. */
  dial(string: string, stay: boolean): void {
    const config = this.#configuration;
    const level = config.setting('X', 4);
    const toneWanted = level === 2 || level >= 4;
    const dialToneMs = Math.max(config.register(S.dialToneWait) * 1000, config.dialect.dialToneWaitMs);
    const blindMs = Math.max(config.register(S.dialToneWait), BLIND_WAIT_MIN_S) * 1000;
    const steps = parseDialString(string, {
      toneMs: config.register(S.toneDuration),
      commaMs: config.register(S.comma) * 1000,
    });
    // Without digits the modem goes straight to its carrier (V.250 6.3.1).
    const dials = steps.some((step) => step.kind === 'digit');
    const wasOffHook = this.#phase === 'off-hook';
    if (dials && !wasOffHook && steps[0]?.kind !== 'dial-tone') {
      steps.unshift(toneWanted ? { kind: 'dial-tone' } : { kind: 'pause', ms: blindMs });
    }
    const limits = { dialToneMs, quietMs: this.#carrierWaitMs() };
    this.#phase = 'dialling';
    this.#isCalling = true;
    this.#run = new DialRun(this.#clock, this.#line, steps, limits, (outcome) => {
      this.#run = null;
      if (outcome !== 'dialled') this.#fail(outcome);
      else if (stay) {
        this.#phase = 'off-hook';
        this.#events.dialled();
      } else this.#awaitCarrier();
    });
    if (wasOffHook) this.#run.hear(this.#heard);
    else this.#lift();
    this.#run?.start();
  }

  /** `A`, or S0: lifts and waits for a carrier. */
  answer(): void {
    this.#isCalling = false;
    if (this.#ringing && !this.#configuration.dialect.offHookDuringRing) {
      this.#liftAfterRing = true;
      this.#phase = 'waiting';
      return;
    }
    this.#lift();
    this.#awaitCarrier();
  }

  /** `H1`. */
  lift(): void {
    if (this.#phase !== 'on-hook') return;
    this.#phase = 'off-hook';
    this.#lift();
  }

  /** Puts down the receiver, whatever goes on. Reports nothing. */
  hangUp(): void {
    this.#stopTimers();
    const wasOffHook = this.offHook;
    this.#phase = 'on-hook';
    this.#liftAfterRing = false;
    if (wasOffHook) {
      this.#line.modulate(null);
      this.#line.hook(false);
    }
    this.#heard = 'nothing';
    this.#events.changed();
  }

  /** For misbehaviours: goes off-hook as if in a call that nobody is at the other end of, with a carrier or without. */
  pretend(withCarrier: boolean): void {
    this.#stopTimers();
    this.#phase = withCarrier ? 'lost' : 'off-hook';
    this.#lift();
  }

  /** For misbehaviours: the carrier is gone, here and now. */
  dropCarrier(): void {
    if (this.#phase === 'connected') this.#end();
  }

  /** Data for the far end; returns how many bytes were taken. Into a carrier that is gone bytes vanish, as they do in the air. */
  send(bytes: Uint8Array): number {
    return this.#phase === 'connected' ? this.#line.send(bytes) : bytes.length;
  }

  /** There is room for the far end's data again. */
  hasRoom(): void {
    if (this.#phase === 'connected') this.#line.room();
  }

  ring(on: boolean): void {
    if (on === this.#ringing) return;
    const now = this.#clock.now();
    const lastedMs = this.#ringChangedAt === null ? null : now - this.#ringChangedAt;
    this.#ringing = on;
    this.#ringChangedAt = now;
    this.#events.changed();
    if (on) this.#ringBegins(lastedMs);
    else this.#ringEnds(lastedMs ?? 0);
  }

  callerId(record: CallerRecord): void {
    this.#events.callerId(record);
  }

  hear(sound: LineSound): void {
    this.#heard = sound;
    this.#run?.hear(sound);
    if (sound === 'busy' && this.#isCalling && this.#configuration.setting('X', 4) >= 3) {
      if (this.#phase === 'dialling' || this.#phase === 'waiting') this.#fail('BUSY');
    }
  }

  carrier(link: Link | null): void {
    if (link) {
      if (this.#phase !== 'waiting') return;
      this.#cancel?.();
      this.#cancel = null;
      this.#phase = 'connected';
      this.#configuration.registers.set(S.ringCount, 0);
      this.#events.changed();
      this.#events.connected(link);
      // The far end may have spoken before we were ready to listen.
      this.#line.room();
      return;
    }
    if (this.#phase !== 'connected') return;
    this.#phase = 'lost';
    const tenths = this.#configuration.register(S.carrierLoss);
    // 255: the modem never gives up for loss of carrier (V.250 6.3.12).
    if (tenths < 255) this.#cancel = this.#clock.after(tenths * 100, () => this.#end());
  }

  receive(bytes: Uint8Array): number {
    if (this.#phase === 'waiting') return 0;
    return this.#phase === 'connected' ? this.#events.received(bytes) : bytes.length;
  }

  room(): void {
    if (this.#phase === 'connected') this.#events.room();
  }

  #ringBegins(silenceMs: number | null): void {
    this.#cancelRingMemory?.();
    this.#cancelRingMemory = this.#clock.after(RING_MEMORY_MS, () => {
      this.#configuration.registers.set(S.ringCount, 0);
      this.#ringChangedAt = null;
    });
    const count = Math.min(255, this.#configuration.register(S.ringCount) + 1);
    this.#configuration.registers.set(S.ringCount, count);
    this.#events.rang(count, silenceMs);
  }

  #ringEnds(burstMs: number): void {
    if (!this.#liftAfterRing) {
      this.#events.rangOut(burstMs);
      return;
    }
    this.#liftAfterRing = false;
    this.#lift();
    this.#awaitCarrier();
  }

  #lift(): void {
    this.#line.hook(true);
    this.#events.changed();
  }

  #awaitCarrier(): void {
    this.#phase = 'waiting';
    this.#cancel?.();
    this.#cancel = this.#clock.after(this.#carrierWaitMs(), () => this.#carrierNeverCame());
    this.#line.modulate(carrierOffer(this.#configuration));
  }

  #carrierWaitMs(): number {
    return Math.max(1, this.#configuration.register(S.carrierWait)) * 1000;
  }

  #carrierNeverCame(): void {
    const { noAnswer } = this.#configuration.dialect;
    this.#fail(noAnswer === 'ringback' && this.#heard === 'ringback' ? 'NO ANSWER' : 'NO CARRIER');
  }

  #fail(result: CallFailure): void {
    this.hangUp();
    this.#events.failed(result);
  }

  #end(): void {
    this.hangUp();
    this.#events.lost();
  }

  #stopTimers(): void {
    this.#run?.stop();
    this.#run = null;
    this.#cancel?.();
    this.#cancel = null;
  }
}
