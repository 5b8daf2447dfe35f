import { Dce, type DceOptions } from '../../../src/virtual/dce/dce.ts';
import { Exchange } from '../../../src/virtual/exchange/exchange.ts';
import { plugInSubscribers } from '../../../src/virtual/exchange/subscribers.ts';
import { makeMisbehaviour } from '../../../src/virtual/misbehaviour/catalogue.ts';
import { modelNamed } from '../../../src/virtual/models/index.ts';
import type { Dialect } from '../../../src/virtual/models/model.ts';
import { FakeClock } from './fake-clock.ts';

/** The day on which all these tests happen. */
export const DATE = new Date(2026, 0, 17, 14, 52);

/** A modem on a test bench: one types, time passes when told to, and reads what it said. */
export class Bench {
  readonly clock: FakeClock;
  readonly exchange: Exchange;
  readonly dce: Dce;
  readonly events: string[] = [];

  constructor(model = 'usr5637', number = '5550101', shared?: Bench) {
    this.clock = shared?.clock ?? new FakeClock();
    this.exchange = shared?.exchange ?? new Exchange({ clock: this.clock, date: () => DATE });
    if (!shared) plugInSubscribers(this.exchange);
    const options: DceOptions = {
      dialect: modelNamed(model).dialect as Dialect,
      clock: this.clock,
      date: () => DATE,
      plugIn: (telephone) => this.exchange.plugIn(number, telephone, 'JANE DOE'),
    };
    this.dce = new Dce(options);
    this.dce.attach({
      readable: () => {},
      writable: () => this.events.push('writable'),
      circuits: (circuits) => {
        const up = Object.entries(circuits).filter(([, on]) => on);
        this.events.push(up.map(([name]) => name).join('+') || 'none');
      },
      presence: (present, renumber) => this.events.push((present ? 'here' : 'gone') + (renumber ? '!' : '')),
    });
    this.dce.dtr(true);
  }

  /** Types text or bytes; returns how many bytes the modem took. */
  type(text: string | Uint8Array): number {
    return this.dce.accept(typeof text === 'string' ? Buffer.from(text, 'latin1') : text);
  }

  /** What the modem said since the last time. */
  said(): string {
    return Buffer.from(this.bytes()).toString('latin1');
  }

  bytes(): Uint8Array {
    const parts: Uint8Array[] = [];
    for (;;) {
      const part = this.dce.take(4096);
      if (part.length === 0) return Buffer.concat(parts);
      parts.push(part);
    }
  }

  /** Sends a command line and returns what came of it by the time given, echo and all. */
  at(command: string, ms = 0): string {
    this.type(`${command}\r`);
    this.clock.advance(ms);
    return this.said();
  }

  misbehave(spec: string): void {
    this.dce.afflict(makeMisbehaviour(spec));
  }
}
