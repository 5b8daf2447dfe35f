/**
 * A telephone network for modems: numbers, dial tone, ringing with the North American cadence, caller ID between the first and the second ring, busy, and calls that carry bytes both ways without losing or
 * hoarding any. Modems and the exchange's own subscribers are plugged in alike.
 */
import type { Clock } from '../../core/clock.ts';
import { ModemctlError } from '../../core/errors.ts';
import { Call } from './call.ts';
import type { CallerRecord, Telephone, TelephoneLine } from './line.ts';
import { type Network, SubscriberLine } from './subscriber-line.ts';

/** This digit first, where no number begins with it, gives a second dial tone: an outside line. */
const OUTSIDE_PREFIX = '9';

export interface ExchangeOptions {
  readonly clock: Clock;
  /** The date and time of day, for caller ID. */
  readonly date?: () => Date;
  /** How long two modems take to train; real ones need 5 to 30 s. */
  readonly trainMs?: number;
}

/** An outside caller's identity; see {@link CallerRecord}. */
export type Caller = Pick<CallerRecord, 'number' | 'name'>;

/** A call that came from outside the exchange. */
export interface OutsideCall {
  /** The caller gives up. */
  hangUp(): void;
}

export class Exchange implements Network {
  readonly clock: Clock;
  readonly date: () => Date;
  readonly trainMs: number;
  /** Told of every two numbers whose modems have connected: what truly happened, whatever the programs at both ends believe. */
  onLink: (calling: string, called: string) => void = () => {};
  readonly #lines = new Map<string, SubscriberLine>();

  constructor(options: ExchangeOptions) {
    this.clock = options.clock;
    this.date = options.date ?? (() => new Date());
    this.trainMs = options.trainMs ?? 1000;
  }

  /** The numbers in use. */
  get numbers(): string[] {
    return [...this.#lines.keys()];
  }

  /**
   * Plugs a telephone in.
   * @param name what caller ID shows of this subscriber
   * @throws ModemctlError USAGE when the number is taken or not a number
   */
  plugIn(number: string, telephone: Telephone, name: string | null = null): TelephoneLine {
    if (!/^[0-9]{1,20}$/.test(number))
      throw new ModemctlError('USAGE', `${JSON.stringify(number)} is not a telephone number`);
    if (this.#lines.has(number)) throw new ModemctlError('USAGE', `the number ${number} is taken`);
    const line = new SubscriberLine(this, number, name, telephone);
    this.#lines.set(number, line);
    return line;
  }

  /** Cuts a subscriber's line, and with it the call that is on it, or mends it: a cut line gives no dial tone and does not ring. */
  setCut(number: string, cut: boolean): void {
    this.#lines.get(number)?.setCut(cut);
  }

  /**
   * A call from outside comes in. It rings for `rings` rings, then the caller gives up. Nobody speaks modem there.
   * @returns null when the line is engaged
   */
  ringFromOutside(number: string, caller: Caller, rings = 10): OutsideCall | null {
    const called = this.#lines.get(number);
    if (!called?.isFree) return null;
    const outside = new SubscriberLine(
      this,
      typeof caller.number === 'string' ? caller.number : '',
      null,
      OUTSIDE_PHONE,
    );
    const call = new Call(this, outside, called, { ...caller, date: this.date() }, rings);
    call.start();
    return { hangUp: () => call.end(outside) };
  }

  /** For calls: both carriers are up. */
  linked(calling: string, called: string): void {
    this.onLink(calling, called);
  }

  /** For lines: finds a subscriber by what was dialled so far. */
  find(digits: string): { line: SubscriberLine | undefined; complete: boolean } {
    const line = this.#lines.get(digits);
    const longer = [...this.#lines.keys()].some((number) => number !== digits && number.startsWith(digits));
    return { line, complete: line !== undefined && !longer };
  }

  /** For lines: whether the digits are the prefix for an outside line. */
  isOutsidePrefix(digits: string): boolean {
    return digits === OUTSIDE_PREFIX && ![...this.#lines.keys()].some((number) => number.startsWith(OUTSIDE_PREFIX));
  }
}

/** A caller from outside: listens, says nothing, speaks no modem. */
const OUTSIDE_PHONE: Telephone = {
  ring: () => {},
  callerId: () => {},
  hear: () => {},
  carrier: () => {},
  receive: (bytes) => bytes.length,
  room: () => {},
};
