/** One subscriber's line at the exchange: hook, dial tone, the digits dialled, and the call it takes part in. */
import type { Clock } from '../../core/clock.ts';
import { Call } from './call.ts';
import type { CarrierOffer, Telephone, TelephoneLine } from './line.ts';

/** What lines and calls need of their exchange. */
export interface Network {
  readonly clock: Clock;
  /** The date and time of day. */
  readonly date: () => Date;
  /** How long carriers train. */
  readonly trainMs: number;
  /** The subscriber with that number; `complete` when no longer number begins so. */
  find(digits: string): { line: SubscriberLine | undefined; complete: boolean };
  /** Whether the digits ask for an outside line. */
  isOutsidePrefix(digits: string): boolean;
  /** Two modems have connected. */
  linked(calling: string, called: string): void;
}

const DIAL_TONE_AFTER_MS = 150;
const ROUTING_MS = 250;
/** After that long without a further digit the number counts as complete. */
const INTERDIGIT_MS = 2000;

export class SubscriberLine implements TelephoneLine {
  readonly number: string;
  readonly name: string | null;
  readonly telephone: Telephone;
  readonly #network: Network;
  #isCut = false;
  #off = false;
  #digits = '';
  #cancel: (() => void) | null = null;
  call: Call | null = null;
  /** The carrier that this telephone sends, or would send if it had a call. */
  offer: CarrierOffer | null = null;

  constructor(network: Network, number: string, name: string | null, telephone: Telephone) {
    this.#network = network;
    this.number = number;
    this.name = name;
    this.telephone = telephone;
  }

  /** A cut line gives no dial tone and does not ring. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** Cuts it, and with it the call that is on it, or mends it. */
  setCut(cut: boolean): void {
    this.#isCut = cut;
    if (!cut) return;
    this.#cancel?.();
    this.#cancel = null;
    this.call?.cut(this);
  }

  get isFree(): boolean {
    return !this.#off && this.call === null && !this.#isCut;
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
    if (this.#isCut) return;
    if (this.call) this.call.answer();
    else this.#later(DIAL_TONE_AFTER_MS, () => this.telephone.hear('dial-tone'));
  }

  dial(digits: string): void {
    if (!this.#off || this.call || this.#isCut) return;
    this.#cancel?.();
    if (this.#digits === '') this.telephone.hear('nothing');
    this.#digits += digits;
    if (this.#network.isOutsidePrefix(this.#digits)) {
      this.#digits = '';
      this.#later(DIAL_TONE_AFTER_MS, () => this.telephone.hear('dial-tone'));
      return;
    }
    const { complete } = this.#network.find(this.#digits);
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
    const { line: called } = this.#network.find(this.#digits);
    this.#digits = '';
    // A number that is not in use gets an announcement, which no modem understands.
    if (!called || called.isCut) this.telephone.hear('voice');
    else if (called === this || !called.isFree) this.telephone.hear('busy');
    else {
      const record = { number: this.number, name: this.name, date: this.#network.date() };
      const call = new Call(this.#network, this, called, record, Number.POSITIVE_INFINITY);
      call.start();
    }
  }

  #later(ms: number, run: () => void): void {
    this.#cancel = this.#network.clock.after(ms, () => {
      this.#cancel = null;
      run();
    });
  }
}
