/**
 * The exchange's own subscribers, so that one modem alone has somebody to call:
 *
 * | number  | who picks up                                                          |
 * |---------|-----------------------------------------------------------------------|
 * | 5550100 | a modem that answers and echoes every byte                            |
 * | 5550195 | nobody: always busy                                                   |
 * | 5550196 | nobody: rings for ever                                                |
 * | 5550197 | a person: answers, but speaks no modem                                |
 * | 5550198 | a modem that answers, takes every byte and says nothing               |
 * | 5550199 | a modem that answers and drops the carrier a second after CONNECT     |
 *
 * A number that is not in use gets an announcement. A leading 9 gives an outside line: a second dial tone.
 */
import type { Clock } from '../../core/clock.ts';
import type { Exchange } from './exchange.ts';
import type { CarrierOffer, Link, Telephone, TelephoneLine } from './line.ts';

export const SUBSCRIBERS = {
  echo: '5550100',
  busy: '5550195',
  noAnswer: '5550196',
  voice: '5550197',
  sink: '5550198',
  drop: '5550199',
} as const;

/** A subscriber answers this long after the first ring began. */
const ANSWER_AFTER_MS = 1000;
/** The dropping subscriber's patience. */
const DROP_AFTER_MS = 1000;
const OFFER: CarrierOffer = { maxRate: 33600, errorControl: true, compression: true };

/** Plugs all of them in. */
export function plugInSubscribers(exchange: Exchange): void {
  const plug = (number: string, name: string, phone: Phone) => {
    phone.line = exchange.plugIn(number, phone, name);
  };
  const clock = exchange.clock;
  plug(SUBSCRIBERS.echo, 'ECHO', new Echo(clock, true));
  const busy = new Phone(clock);
  plug(SUBSCRIBERS.busy, 'BUSY', busy);
  busy.line?.hook(true);
  plug(SUBSCRIBERS.noAnswer, 'NOBODY', new Phone(clock));
  plug(SUBSCRIBERS.voice, 'PERSON', new Answering(clock, false));
  plug(SUBSCRIBERS.sink, 'SINK', new Answering(clock, true));
  plug(SUBSCRIBERS.drop, 'DROP', new Dropping(clock, true));
}

/** Never answers. */
class Phone implements Telephone {
  line: TelephoneLine | null = null;
  protected readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  ring(_on: boolean): void {}
  callerId(): void {}
  hear(_sound: string): void {}
  carrier(_link: Link | null): void {}
  receive(bytes: Uint8Array): number {
    return bytes.length;
  }
  room(): void {}
}

/** Answers, as a modem or as a person; hangs up when the caller does. */
class Answering extends Phone {
  readonly #isModem: boolean;
  #cancel: (() => void) | null = null;

  constructor(clock: Clock, isModem: boolean) {
    super(clock);
    this.#isModem = isModem;
  }

  override ring(on: boolean): void {
    if (!on) {
      this.#cancel?.();
      this.#cancel = null;
      return;
    }
    this.#cancel ??= this.clock.after(ANSWER_AFTER_MS, () => {
      this.#cancel = null;
      this.line?.hook(true);
      if (this.#isModem) this.line?.modulate(OFFER);
    });
  }

  override hear(sound: string): void {
    if (sound === 'busy') this.line?.hook(false);
  }

  override carrier(link: Link | null): void {
    if (!link) this.line?.hook(false);
  }
}

/** Sends back what it hears. Takes only what it can send back at once, so nothing piles up. */
class Echo extends Answering {
  #refused = false;

  override receive(bytes: Uint8Array): number {
    const sent = this.line?.send(bytes) ?? bytes.length;
    this.#refused = sent < bytes.length;
    return sent;
  }

  override room(): void {
    if (!this.#refused) return;
    this.#refused = false;
    this.line?.room();
  }
}

class Dropping extends Answering {
  #cancelDrop: (() => void) | null = null;

  override carrier(link: Link | null): void {
    super.carrier(link);
    this.#cancelDrop?.();
    this.#cancelDrop = link ? this.clock.after(DROP_AFTER_MS, () => this.line?.hook(false)) : null;
  }
}
