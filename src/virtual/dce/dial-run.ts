/** One attempt to dial: walks the steps of a dial string against the line, then says how the walk ended. It neither lifts the receiver first nor waits for the carrier afterwards. */
import type { Clock } from '../../core/clock.ts';
import type { LineSound, TelephoneLine } from '../exchange/line.ts';
import type { DialStep } from './dial-string.ts';

export type DialOutcome = 'dialled' | 'NO DIALTONE' | 'NO ANSWER';

/** How long `@` wants it quiet (V.250 6.3.1). */
const QUIET_MS = 5000;
/** How long `!` puts the receiver down. */
const FLASH_MS = 500;

export interface DialLimits {
  /** For `W` and the first dial tone. */
  readonly dialToneMs: number;
  /** For `@`: S7. */
  readonly quietMs: number;
}

export class DialRun {
  readonly #clock: Clock;
  readonly #line: TelephoneLine;
  readonly #limits: DialLimits;
  readonly #ended: (outcome: DialOutcome) => void;
  readonly #steps: DialStep[];
  #cancel: (() => void) | null = null;
  #cancelLimit: (() => void) | null = null;
  #sound: LineSound = 'nothing';
  #awaited: 'dial-tone' | 'quiet' | null = null;

  constructor(
    clock: Clock,
    line: TelephoneLine,
    steps: readonly DialStep[],
    limits: DialLimits,
    ended: (outcome: DialOutcome) => void,
  ) {
    this.#clock = clock;
    this.#line = line;
    this.#steps = [...steps];
    this.#limits = limits;
    this.#ended = ended;
  }

  start(): void {
    this.#next();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancelLimit?.();
    this.#cancel = null;
    this.#cancelLimit = null;
    this.#awaited = null;
    this.#steps.length = 0;
  }

  hear(sound: LineSound): void {
    this.#sound = sound;
    this.#listen();
  }

  #next(): void {
    const step = this.#steps.shift();
    if (step === undefined) {
      this.#ended('dialled');
      return;
    }
    if (step.kind === 'digit') {
      this.#line.dial(step.digit);
      this.#cancel = this.#clock.after(step.takesMs, () => this.#next());
    } else if (step.kind === 'pause') this.#cancel = this.#clock.after(step.ms, () => this.#next());
    else if (step.kind === 'flash') {
      this.#line.hook(false);
      this.#cancel = this.#clock.after(FLASH_MS, () => {
        this.#line.hook(true);
        this.#next();
      });
    } else if (step.kind === 'dial-tone') this.#await('dial-tone', this.#limits.dialToneMs, 'NO DIALTONE');
    else this.#await('quiet', this.#limits.quietMs, 'NO ANSWER');
  }

  #await(sound: 'dial-tone' | 'quiet', limitMs: number, otherwise: DialOutcome): void {
    this.#awaited = sound;
    this.#cancelLimit = this.#clock.after(limitMs, () => {
      this.stop();
      this.#ended(otherwise);
    });
    this.#listen();
  }

  #listen(): void {
    if (this.#awaited === null) return;
    this.#cancel?.();
    this.#cancel = null;
    if (this.#sound !== this.#awaited) return;
    const heard = () => {
      this.#awaited = null;
      this.#cancelLimit?.();
      this.#cancelLimit = null;
      this.#next();
    };
    if (this.#awaited === 'dial-tone') heard();
    else this.#cancel = this.#clock.after(QUIET_MS, heard);
  }
}
