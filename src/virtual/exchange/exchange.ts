/**
 * A telephone network for modems: numbers, dial tone, ringing with the North American cadence, caller ID between the first and the second ring, busy, and calls that carry bytes both ways without losing or
 * hoarding any. Modems and the exchange's own subscribers are plugged in alike.
 */
import type { Clock } from '../../core/clock.ts';
import { ModemctlError } from '../../core/errors.ts';
import { agree } from './carrier.ts';
import type { CallerRecord, CarrierOffer, LineSound, Telephone, TelephoneLine } from './line.ts';

/** 2 s of ring voltage, 4 s of silence (North America; ANSI T1.401). */
const RING_ON_MS = 2000;
const RING_OFF_MS = 4000;
/** The caller-ID burst starts half a second after the first ring (Bellcore GR-30). */
const CALLER_ID_AFTER_MS = 500;
const DIAL_TONE_AFTER_MS = 150;
const ROUTING_MS = 250;
/** After that long without a further digit the number counts as complete. */
const INTERDIGIT_MS = 2000;
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

export class Exchange {
  readonly clock: Clock;
  readonly date: () => Date;
  readonly trainMs: number;
  readonly #lines = new Map<string, Line>();

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
    const line = new Line(this, number, name, telephone);
    this.#lines.set(number, line);
    return line;
  }

  /** Cuts a subscriber's line, or mends it: a cut line gives no dial tone and does not ring. */
  setCut(number: string, cut: boolean): void {
    const line = this.#lines.get(number);
    if (line) line.isCut = cut;
  }

  /**
   * A call from outside comes in. It rings for `rings` rings, then the caller gives up. Nobody speaks modem there.
   * @returns null when the line is engaged
   */
  ringFromOutside(number: string, caller: Caller, rings = 10): OutsideCall | null {
    const called = this.#lines.get(number);
    if (!called?.isFree) return null;
    const outside = new Line(this, typeof caller.number === 'string' ? caller.number : '', null, new OutsidePhone());
    const call = new Call(this, outside, called, { ...caller, date: this.date() }, rings);
    call.start();
    return { hangUp: () => call.end(outside) };
  }

  /** For lines: finds a subscriber by what was dialled so far. */
  find(digits: string): { line: Line | undefined; complete: boolean } {
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
class OutsidePhone implements Telephone {
  ring(): void {}
  callerId(): void {}
  hear(): void {}
  carrier(): void {}
  receive(bytes: Uint8Array): number {
    return bytes.length;
  }
  room(): void {}
}

/** One subscriber's line. */
class Line implements TelephoneLine {
  readonly number: string;
  readonly name: string | null;
  readonly telephone: Telephone;
  isCut = false;
  readonly #exchange: Exchange;
  #off = false;
  #digits = '';
  #cancel: (() => void) | null = null;
  call: Call | null = null;
  /** The carrier that this telephone sends, or would send if it had a call. */
  offer: CarrierOffer | null = null;

  constructor(exchange: Exchange, number: string, name: string | null, telephone: Telephone) {
    this.#exchange = exchange;
    this.number = number;
    this.name = name;
    this.telephone = telephone;
  }

  get isFree(): boolean {
    return !this.#off && this.call === null && !this.isCut;
  }

  hook(off: boolean): void {
    if (off === this.#off) return;
    this.#off = off;
    this.#cancel?.();
    this.#cancel = null;
    this.#digits = '';
    if (!off) {
      this.offer = null;
      this.call?.end(this);
      this.call = null;
      return;
    }
    if (this.isCut) return;
    if (this.call) this.call.answer();
    else this.#later(DIAL_TONE_AFTER_MS, () => this.telephone.hear('dial-tone'));
  }

  dial(digits: string): void {
    if (!this.#off || this.call || this.isCut) return;
    this.#cancel?.();
    if (this.#digits === '') this.telephone.hear('nothing');
    this.#digits += digits;
    if (this.#exchange.isOutsidePrefix(this.#digits)) {
      this.#digits = '';
      this.#later(DIAL_TONE_AFTER_MS, () => this.telephone.hear('dial-tone'));
      return;
    }
    const { complete } = this.#exchange.find(this.#digits);
    this.#later(complete ? ROUTING_MS : INTERDIGIT_MS, () => this.#route());
  }

  modulate(offer: CarrierOffer | null): void {
    this.offer = offer;
    this.call?.carrierChanged(this);
  }

  send(bytes: Uint8Array): number {
    return this.call ? this.call.send(this, bytes) : bytes.length;
  }

  room(): void {
    this.call?.otherThan(this).telephone.room();
  }

  #route(): void {
    const { line: called } = this.#exchange.find(this.#digits);
    this.#digits = '';
    // A number that is not in use gets an announcement, which no modem understands.
    if (!called || called.isCut) this.telephone.hear('voice');
    else if (called === this || !called.isFree) this.telephone.hear('busy');
    else {
      const record = { number: this.number, name: this.name, date: this.#exchange.date() };
      const call = new Call(this.#exchange, this, called, record, Number.POSITIVE_INFINITY);
      call.start();
    }
  }

  #later(ms: number, run: () => void): void {
    this.#cancel = this.#exchange.clock.after(ms, () => {
      this.#cancel = null;
      run();
    });
  }
}

/** Two lines and what passes between them. */
class Call {
  readonly #exchange: Exchange;
  readonly #calling: Line;
  readonly #called: Line;
  readonly #record: CallerRecord;
  readonly #maxRings: number;
  #rings = 0;
  #answered = false;
  #linked = false;
  #over = false;
  #cancels = new Set<() => void>();

  constructor(exchange: Exchange, calling: Line, called: Line, record: CallerRecord, maxRings: number) {
    this.#exchange = exchange;
    this.#calling = calling;
    this.#called = called;
    this.#record = record;
    this.#maxRings = maxRings;
  }

  start(): void {
    this.#calling.call = this;
    this.#called.call = this;
    this.#hear(this.#calling, 'ringback');
    this.#ring();
  }

  answer(): void {
    if (this.#answered || this.#over) return;
    this.#answered = true;
    this.#stopTimers();
    this.#called.telephone.ring(false);
    this.#hear(this.#calling, 'quiet');
    this.#hear(this.#called, 'quiet');
    this.carrierChanged(this.#called);
  }

  /** One side has started its carrier, or stopped it. */
  carrierChanged(line: Line): void {
    if (this.#over || !this.#answered) return;
    this.#stopTimers();
    if (this.#calling.offer && this.#called.offer) this.#later(this.#exchange.trainMs, () => this.#link());
    else this.#unlink(this.otherThan(line));
  }

  send(from: Line, bytes: Uint8Array): number {
    return this.#linked ? this.otherThan(from).telephone.receive(bytes) : bytes.length;
  }

  otherThan(line: Line): Line {
    return line === this.#calling ? this.#called : this.#calling;
  }

  /** One side puts down the receiver. */
  end(by: Line): void {
    if (this.#over) return;
    this.#over = true;
    this.#stopTimers();
    const other = this.otherThan(by);
    if (!this.#answered && other === this.#called) this.#called.telephone.ring(false);
    by.call = null;
    other.call = null;
    this.#unlink(other);
    if (this.#answered) this.#hear(other, 'busy');
  }

  #link(): void {
    const [one, other] = [this.#calling.offer, this.#called.offer];
    if (!one || !other) return;
    this.#linked = true;
    const link = agree(one, other);
    // The answering modem ends the handshake.
    this.#called.telephone.carrier(link);
    this.#calling.telephone.carrier(link);
  }

  #unlink(remaining: Line): void {
    if (!this.#linked) return;
    this.#linked = false;
    remaining.telephone.carrier(null);
  }

  #ring(): void {
    if (this.#rings === this.#maxRings) {
      this.end(this.#calling);
      return;
    }
    this.#rings++;
    const isFirst = this.#rings === 1;
    this.#called.telephone.ring(true);
    this.#later(RING_ON_MS, () => {
      this.#called.telephone.ring(false);
      if (isFirst) this.#later(CALLER_ID_AFTER_MS, () => this.#called.telephone.callerId(this.#record));
      this.#later(RING_OFF_MS, () => this.#ring());
    });
  }

  #hear(line: Line, sound: LineSound): void {
    line.telephone.hear(sound);
  }

  #later(ms: number, run: () => void): void {
    const cancel = this.#exchange.clock.after(ms, () => {
      this.#cancels.delete(cancel);
      run();
    });
    this.#cancels.add(cancel);
  }

  #stopTimers(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }
}
