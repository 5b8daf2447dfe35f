/** Misbehaviours in which the modem no longer does its work until the right step brings it back. */
import type { Attitude, LifecycleEvent, Misbehaviour, Patient } from './misbehaviour.ts';

/** What restarts the firmware. */
const RESTARTS: readonly LifecycleEvent[] = ['usb-reset', 'replug', 'power'];

/** After `after` commands: deaf (takes bytes, says nothing), blocked (takes none) or wedged (endpoint 0 is silent too). */
export class Hang implements Misbehaviour {
  readonly spec: string;
  readonly curedBy: readonly LifecycleEvent[];
  readonly #kind: Exclude<Attitude, 'listens'>;
  readonly #after: number;
  #lines = 0;

  constructor(
    spec: string,
    kind: Exclude<Attitude, 'listens'>,
    after: number,
    curedBy: readonly LifecycleEvent[] = RESTARTS,
  ) {
    this.spec = spec;
    this.#kind = kind;
    this.#after = after;
    this.curedBy = curedBy;
  }

  attitude(): Attitude {
    return this.#lines >= this.#after ? this.#kind : 'listens';
  }

  commandLine(): boolean {
    this.#lines++;
    return true;
  }
}

/** Works, but for what callers tell of themselves. */
export class MissedCallerId implements Misbehaviour {
  readonly spec: string;
  readonly curedBy = RESTARTS;
  readonly missesCallerId = true;

  constructor(spec: string) {
    this.spec = spec;
  }
}

const DLE = 0x10;
const ETX = 0x03;

/** Sits in voice transmit state and takes every byte for sound, until `<DLE><ETX>` or `<DLE>!` (V.253). */
export class StuckVoice implements Misbehaviour {
  readonly spec: string;
  readonly curedBy = RESTARTS;
  #shielded = false;

  constructor(spec: string) {
    this.spec = spec;
  }

  attitude(): Attitude {
    return 'deaf';
  }

  overheard(bytes: Uint8Array, patient: Patient): void {
    for (const byte of bytes) {
      if (this.#shielded && (byte === ETX || byte === '!'.charCodeAt(0))) {
        patient.utter(Uint8Array.of(DLE, ETX));
        patient.utter(Buffer.from('\r\nOK\r\n'));
        patient.cured(this);
        return;
      }
      this.#shielded = byte === DLE && !this.#shielded;
    }
  }
}

/** Sits in online data state with nobody at the other end, with a carrier or without. An ordinary escape, ATH or the fall of DTR ends it. */
export class StuckOnline implements Misbehaviour {
  readonly spec: string;
  readonly curedBy = RESTARTS;
  readonly #withCarrier: boolean;

  constructor(spec: string, withCarrier: boolean) {
    this.spec = spec;
    this.#withCarrier = withCarrier;
  }

  start(patient: Patient): void {
    patient.pretendCall(this.#withCarrier);
  }
}

/** Leaves the bus on the next command line. */
export class Leaving implements Misbehaviour {
  readonly spec: string;
  readonly curedBy: readonly LifecycleEvent[];
  readonly #backAfterMs: number | null;
  readonly #renumber: boolean;

  /** @param backAfterMs null: only when power is cycled */
  constructor(spec: string, backAfterMs: number | null, renumber = false) {
    this.spec = spec;
    this.#backAfterMs = backAfterMs;
    this.#renumber = renumber;
    this.curedBy = backAfterMs === null ? ['power'] : RESTARTS;
  }

  commandLine(patient: Patient): boolean {
    if (this.#backAfterMs !== null) patient.cured(this);
    patient.leave(this.#backAfterMs, this.#renumber);
    return false;
  }
}

/** How often noise is made, and how much may wait unread. */
const NOISE_TICK_MS = 50;
const NOISE_LIMIT = 4096;

/** Deaf, and says nonsense without end. */
export class Garbage implements Misbehaviour {
  readonly spec: string;
  readonly curedBy = RESTARTS;
  readonly #perTick: number;
  #random = 0x2545f491;
  #cancel: (() => void) | null = null;

  /** @param bytesPerSecond how much */
  constructor(spec: string, bytesPerSecond: number) {
    this.spec = spec;
    this.#perTick = Math.max(1, Math.round((bytesPerSecond * NOISE_TICK_MS) / 1000));
  }

  attitude(): Attitude {
    return 'deaf';
  }

  start(patient: Patient): void {
    this.#cancel = patient.clock.after(NOISE_TICK_MS, () => {
      if (patient.unread() < NOISE_LIMIT) patient.utter(this.#noise());
      this.start(patient);
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  /** The same noise every time (xorshift), so that a failure can be repeated. */
  #noise(): Uint8Array {
    return Uint8Array.from({ length: this.#perTick }, () => {
      this.#random ^= this.#random << 13;
      this.#random ^= this.#random >>> 17;
      this.#random ^= this.#random << 5;
      return this.#random & 0xff;
    });
  }
}
