/** What the controller says to its DTE in words: answers at once, unsolicited results only when no command line is being entered or executed (V.250 5.7). */
import type { CallerRecord, Link } from '../exchange/line.ts';
import { callerIdLines } from './caller-id-text.ts';
import type { Configuration } from './configuration.ts';
import { connectTexts } from './negotiate.ts';
import type { Outbox } from './outbox.ts';
import { informationBytes, resultBytes } from './results.ts';

/** As many unsolicited results are held back; more are forgotten. */
const HELD_LIMIT = 16;

/** `<DLE>R` (V.253). */
const SHIELDED_RING = Uint8Array.of(0x10, 'R'.charCodeAt(0));

export class Speaker {
  readonly #configuration: Configuration;
  readonly #outbox: Outbox;
  readonly #mayInterrupt: () => boolean;
  #held: Uint8Array[] = [];

  /** @param mayInterrupt whether something unsolicited may be said now */
  constructor(configuration: Configuration, outbox: Outbox, mayInterrupt: () => boolean) {
    this.#configuration = configuration;
    this.#outbox = outbox;
    this.#mayInterrupt = mayInterrupt;
  }

  information(lines: readonly string[]): void {
    this.#outbox.say(informationBytes(this.#configuration, lines));
  }

  result(text: string): void {
    this.#outbox.say(resultBytes(this.#configuration, text));
  }

  /** CONNECT and what comes before it. */
  connect(link: Link, dteRate: number): void {
    const { before, text, rate } = connectTexts(this.#configuration, link, dteRate);
    for (const line of before) this.result(line);
    this.#outbox.say(resultBytes(this.#configuration, text, rate));
  }

  /** A result that nobody asked for. */
  announce(text: string): void {
    this.#unsolicited(resultBytes(this.#configuration, text));
  }

  /**
   * A ring begins. With distinctive ring reports (+VDR=1) only the silence before it is told, and the rest when it ends.
   * @param silenceMs since the ring before, if there was one
   */
  announceRing(silenceMs: number | null): void {
    if (!this.#reportsCadence) this.#ring();
    else if (silenceMs !== null) this.announce(`DROF=${Math.round(silenceMs / 100)}`);
  }

  /** A ring is over. */
  announceRingEnd(burstMs: number): void {
    if (!this.#reportsCadence) return;
    this.announce(`DRON=${Math.round(burstMs / 100)}`);
    // +VDR=1,0 is cadence alone (V.253 10.3.1).
    if (this.#configuration.extended.get('+VDR')?.endsWith(',0') !== true) this.#ring();
  }

  /** The caller's data, if the DTE wants them (+VCID or #CID). */
  announceCaller(record: CallerRecord): void {
    const { dialect, extended } = this.#configuration;
    const mode = Math.max(...dialect.callerIdCommands.map((name) => Number(extended.get(name) ?? 0)));
    if (mode > 0) this.#unsolicited(informationBytes(this.#configuration, callerIdLines(dialect, record, mode)));
  }

  /** RING and the caller's data whether anybody wants them or not, out of turn. */
  interrupt(record: CallerRecord): void {
    this.result('RING');
    this.information(callerIdLines(this.#configuration.dialect, record, 1));
  }

  /** Says what was held back, if it may be said now. */
  catchUp(): void {
    if (!this.#mayInterrupt()) return;
    for (const bytes of this.#held) this.#outbox.announce(bytes);
    this.#held = [];
  }

  forget(): void {
    this.#held = [];
  }

  get #reportsCadence(): boolean {
    return this.#configuration.extended.get('+VDR')?.startsWith('1') === true;
  }

  #ring(): void {
    const { dialect, extended } = this.#configuration;
    if (dialect.shieldedRing && extended.get('+FCLASS') === '8') this.#unsolicited(SHIELDED_RING);
    else this.announce('RING');
  }

  #unsolicited(bytes: Uint8Array): void {
    if (this.#mayInterrupt()) this.#outbox.announce(bytes);
    else if (this.#held.length < HELD_LIMIT) this.#held.push(bytes);
  }
}
