/** What AT commands set: settings, S-parameters, extended parameters, and the stored profiles that survive power. */
import type { Dialect, ProfileSource } from '../models/model.ts';

/** What `&W` keeps: settings and S-parameters, not the session's extended parameters. */
export interface Profile {
  readonly settings: Readonly<Record<string, number>>;
  readonly registers: Readonly<Record<number, number>>;
}

/** S-parameters by what they are for (V.250 6.3.8 ff.). */
export const S = {
  autoAnswer: 0,
  ringCount: 1,
  escape: 2,
  terminator: 3,
  lineFeed: 4,
  erase: 5,
  dialToneWait: 6,
  carrierWait: 7,
  comma: 8,
  carrierLoss: 10,
  toneDuration: 11,
  guardTime: 12,
} as const;

export class Configuration {
  readonly dialect: Dialect;
  readonly settings = new Map<string, number>();
  readonly registers = new Map<number, number>();
  readonly extended = new Map<string, string>();
  /** Profiles 0 and 1, in the modem's NVRAM. */
  readonly stored: [Profile, Profile];
  /** Telephone numbers 0 to 3, in NVRAM. */
  readonly numbers: [string, string, string, string] = ['', '', '', ''];
  /** Y as stored: which profile power-up loads. */
  #powerUpY: number;

  constructor(dialect: Dialect) {
    this.dialect = dialect;
    const factory = this.#factory(0);
    this.stored = [factory, factory];
    this.#powerUpY = dialect.settings.Y?.factory ?? 0;
    for (const [name, spec] of Object.entries(dialect.extended)) {
      if (spec.value !== undefined) this.extended.set(name, spec.value);
    }
    this.powerUp();
  }

  setting(name: string, otherwise = 0): number {
    return this.settings.get(name) ?? otherwise;
  }

  register(number: number): number {
    return this.registers.get(number) ?? 0;
  }

  /** What power-up does. */
  powerUp(): void {
    this.#load(this.#resolve(this.dialect.powerUp[this.#powerUpY] ?? 'stored-0'));
  }

  /** `Zn`. False: there is no such profile. */
  reset(number: number): boolean {
    const source = this.dialect.reset[number];
    if (source === undefined) return false;
    this.#load(this.#resolve(source));
    return true;
  }

  /** `&Fn`. False: there is no such factory profile. */
  factory(number: number): boolean {
    if (this.dialect.factoryVariants[number] === undefined) return false;
    this.#load(this.#factory(number));
    return true;
  }

  /** `&Wn`. False: there is no such profile. */
  store(number: number): boolean {
    if (number !== 0 && number !== 1) return false;
    this.stored[number] = this.profile();
    this.#powerUpY = this.setting('Y');
    return true;
  }

  /** The present state as a profile. */
  profile(): Profile {
    const registers = Object.fromEntries(this.registers);
    // The ring counter is no setting.
    delete registers[S.ringCount];
    return { settings: Object.fromEntries(this.settings), registers };
  }

  #resolve(source: ProfileSource): Profile {
    if (source === 'by-Y') return this.#resolve(this.dialect.powerUp[this.#powerUpY] ?? 'stored-0');
    if (source === 'stored-0') return this.stored[0];
    if (source === 'stored-1') return this.stored[1];
    return this.#factory(Number(source.slice(-1)));
  }

  #factory(number: number): Profile {
    const settings = Object.entries(this.dialect.settings).map(([name, spec]) => [name, spec.factory] as const);
    const registers = Object.entries(this.dialect.registers).map(([n, spec]) => [Number(n), spec.factory] as const);
    return {
      settings: { ...Object.fromEntries(settings), ...this.dialect.factoryVariants[number] },
      registers: Object.fromEntries(registers),
    };
  }

  #load(profile: Profile): void {
    for (const [name, value] of Object.entries(profile.settings)) this.settings.set(name, value);
    for (const [number, value] of Object.entries(profile.registers)) this.registers.set(Number(number), value);
    this.registers.set(S.ringCount, 0);
    for (const [name, spec] of Object.entries(this.dialect.extended)) {
      if (spec.value !== undefined && spec.volatile !== false) this.extended.set(name, spec.value);
    }
  }
}
