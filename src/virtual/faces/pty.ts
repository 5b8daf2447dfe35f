/** The modem on PTYs: one after the other, since every replug makes a new one, as a USB modem gets a new tty. */
import type { Clock } from '../../core/clock.ts';
import { ModemctlError } from '../../core/errors.ts';
import type { Libc } from '../../native/libc.ts';
import type { Dce } from '../dce/dce.ts';
import type { ModemFace } from './face.ts';
import { PtyPair } from './pty-pair.ts';

export class PtyFace implements ModemFace {
  readonly portPath = null;
  readonly #libc: Libc;
  readonly #clock: Clock;
  readonly #dce: Dce;
  readonly #changed: () => void;
  #pair: PtyPair | null = null;
  #next: PtyPair | null = null;

  /**
   * Plugs the modem in.
   * @param changed called when {@link tty} has changed by itself
   * @throws ModemctlError HELPER when the system gives no PTY
   */
  constructor(libc: Libc, clock: Clock, dce: Dce, changed: () => void) {
    this.#libc = libc;
    this.#clock = clock;
    this.#dce = dce;
    this.#changed = changed;
    dce.attach({
      readable: () => {
        if (this.#pair?.isOpen) this.#pair.flush();
        else dce.discardOutput();
      },
      writable: () => this.#pair?.resume(),
      circuits: () => {},
      presence: (present, renumber) => this.#presence(present, renumber),
    });
    this.#pair = this.#makePair();
  }

  /** What a program opens now; null while it is unplugged or has left by itself. */
  get tty(): string | null {
    return this.#pair?.path ?? null;
  }

  get plugged(): boolean {
    return this.#pair !== null;
  }

  /** Pulls it out. */
  unplug(): void {
    this.#drop();
    this.#dce.powerOff();
  }

  /** Puts it in again: power returns. */
  plug(): void {
    this.#drop();
    this.#dce.powerOn();
    this.#pair = this.#makePair();
  }

  /**
   * What there is on a PTY in place of a USB reset: it disappears and comes back, its firmware started anew.
   * @throws ModemctlError GONE when it stays away
   */
  replug(): void {
    this.#drop();
    this.#dce.replug();
    if (!this.#dce.present) throw new ModemctlError('GONE', 'it was away');
    this.#pair = this.#makePair();
  }

  /** For good. */
  close(): void {
    this.#dce.attach(null);
    this.#drop();
  }

  #presence(present: boolean, renumber: boolean): void {
    if (present) {
      this.#pair = this.#next ?? this.#tryPair();
      this.#next = null;
    } else {
      // Made while the old one still has its number, so that it gets another.
      const next = renumber ? this.#tryPair() : null;
      this.#drop();
      this.#next = next;
    }
    this.#changed();
  }

  /** Where nobody is there to be told that the system gives no PTY, the modem stays away. */
  #tryPair(): PtyPair | null {
    try {
      return this.#makePair();
    } catch {
      return null;
    }
  }

  #drop(): void {
    this.#pair?.close();
    this.#next?.close();
    this.#pair = null;
    this.#next = null;
  }

  #makePair(): PtyPair {
    const dce = this.#dce;
    return new PtyPair(this.#libc, this.#clock, {
      dtr: (up) => dce.dtr(up),
      left: () => dce.discardOutput(),
      receive: (bytes) => dce.accept(bytes),
      ready: () => !dce.stalled,
      take: (max) => dce.take(max),
      online: () => dce.online,
    });
  }
}
