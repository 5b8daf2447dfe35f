/** The misbehaviours of one modem, asked as one. */
import type { Attitude, LifecycleEvent, Misbehaviour, Patient } from './misbehaviour.ts';

const WORST_FIRST: readonly Attitude[] = ['wedged', 'blocked', 'deaf'];

export class Ailments {
  #active: Misbehaviour[] = [];

  get specs(): string[] {
    return this.#active.map((ailment) => ailment.spec);
  }

  add(ailment: Misbehaviour, patient: Patient): void {
    this.#active.push(ailment);
    ailment.start?.(patient);
    ailment.powerUp?.(patient);
  }

  /** Ends one, or all. True if there was any to end. */
  remove(which: Misbehaviour | null): boolean {
    const ended = this.#active.filter((ailment) => which === null || ailment === which);
    this.#active = this.#active.filter((ailment) => !ended.includes(ailment));
    for (const ailment of ended) ailment.stop?.();
    return ended.length > 0;
  }

  /** Ends those that this event cures. True if there was any. */
  cure(event: LifecycleEvent): boolean {
    const cured = this.#active.filter((ailment) => ailment.curedBy.includes(event));
    for (const ailment of cured) this.remove(ailment);
    return cured.length > 0;
  }

  powerUp(patient: Patient): void {
    for (const ailment of [...this.#active]) ailment.powerUp?.(patient);
  }

  /** The worst attitude of all. */
  get attitude(): Attitude {
    const attitudes = this.#active.map((ailment) => ailment.attitude?.() ?? 'listens');
    return WORST_FIRST.find((attitude) => attitudes.includes(attitude)) ?? 'listens';
  }

  overheard(bytes: Uint8Array, patient: Patient): void {
    for (const ailment of [...this.#active]) ailment.overheard?.(bytes, patient);
  }

  echoed(patient: Patient): void {
    for (const ailment of [...this.#active]) ailment.echoed?.(patient);
  }

  commandLine(patient: Patient): boolean {
    return [...this.#active].every((ailment) => ailment.commandLine?.(patient) ?? true);
  }

  get thinkMs(): number {
    return Math.max(0, ...this.#active.map((ailment) => ailment.thinkMs ?? 0));
  }

  takes(text: string): boolean {
    return this.#active.every((ailment) => ailment.command?.(text) ?? true);
  }

  finishing(patient: Patient): void {
    for (const ailment of [...this.#active]) ailment.finishing?.(patient);
  }

  get dialResult(): 'DELAYED' | 'BLACKLISTED' | null {
    return this.#active.find((ailment) => ailment.dialResult)?.dialResult ?? null;
  }

  get missesCallerId(): boolean {
    return this.#active.some((ailment) => ailment.missesCallerId);
  }

  connected(patient: Patient): void {
    for (const ailment of [...this.#active]) ailment.connected?.(patient);
  }
}
