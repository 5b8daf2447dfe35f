/** Misbehaviours in which the modem works, but not as one would like: odd profiles, odd timing, odd answers. No reset cures them. */
import type { Misbehaviour, Patient } from './misbehaviour.ts';

/** Somebody stored a profile with this setting: power-up and `Z` bring it back, `&F` does not. */
export class StoredSetting implements Misbehaviour {
  readonly spec: string;
  readonly curedBy = [];
  readonly #name: string;
  readonly #value: number;

  constructor(spec: string, name: string, value: number) {
    this.spec = spec;
    this.#name = name;
    this.#value = value;
  }

  powerUp({ configuration }: Patient): void {
    for (const slot of [0, 1] as const) {
      const profile = configuration.stored[slot];
      configuration.stored[slot] = { ...profile, settings: { ...profile.settings, [this.#name]: this.#value } };
    }
    configuration.settings.set(this.#name, this.#value);
  }
}

/** The pauses of a split echo. */
const ECHO_GAP_MS = 15;
const ANSWER_GAP_MS = 150;

/** The echo comes in pieces, and the answer well apart from it. */
export class EchoSplit implements Misbehaviour {
  readonly spec: string;
  readonly curedBy = [];
  #echoed = 0;

  constructor(spec: string) {
    this.spec = spec;
  }

  echoed(patient: Patient): void {
    if (++this.#echoed % 3 === 0) patient.gap(ECHO_GAP_MS);
  }

  commandLine(patient: Patient): boolean {
    patient.gap(ANSWER_GAP_MS);
    return true;
  }
}

/** Thinks so long about each command line that an impatient client has sent the next one by then. */
export class Late implements Misbehaviour {
  readonly spec: string;
  readonly curedBy = [];
  readonly thinkMs: number;

  constructor(spec: string, thinkMs: number) {
    this.spec = spec;
    this.thinkMs = thinkMs;
  }
}

/** A RING and a caller-ID block before each final result, contrary to V.250 5.7. */
export class RingInAnswer implements Misbehaviour {
  readonly spec: string;
  readonly curedBy = [];

  constructor(spec: string) {
    this.spec = spec;
  }

  finishing(patient: Patient): void {
    patient.ringNow();
  }
}

/** One command is not to the modem's liking. */
export class InitError implements Misbehaviour {
  readonly spec: string;
  readonly curedBy = [];
  readonly #refused: string;

  /** @param refused a command without AT */
  constructor(spec: string, refused: string) {
    this.spec = spec;
    this.#refused = refused.toUpperCase().replace(/^AT/, '');
  }

  command(text: string): boolean {
    return text !== this.#refused;
  }
}

/** CONNECT, and at once NO CARRIER. */
export class ConnectDrop implements Misbehaviour {
  readonly spec: string;
  readonly curedBy = [];

  constructor(spec: string) {
    this.spec = spec;
  }

  connected(patient: Patient): void {
    patient.dropCarrier();
  }
}

/** Refuses to dial: too soon after failures (DELAYED), or never again (BLACKLISTED). */
export class RefusesToDial implements Misbehaviour {
  readonly spec: string;
  readonly curedBy = ['power'] as const;
  readonly dialResult: 'DELAYED' | 'BLACKLISTED';

  constructor(spec: string, dialResult: 'DELAYED' | 'BLACKLISTED') {
    this.spec = spec;
    this.dialResult = dialResult;
  }
}
