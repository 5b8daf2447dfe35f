/**
 * The subscriber's line: what lies between a telephone (a modem's, or one of the exchange's own subscribers) and the exchange. Both sides of it are here, so that neither needs the other's insides.
 */

/** What is to be heard in the earpiece of a telephone that is off-hook. */
export type LineSound = 'nothing' | 'dial-tone' | 'ringback' | 'busy' | 'voice' | 'quiet';

/** What a modem proposes when it starts its carrier. */
export interface CarrierOffer {
  readonly maxRate: number;
  readonly errorControl: boolean;
  readonly compression: boolean;
}

/** What two modems agreed upon. */
export interface Link {
  readonly rate: number;
  readonly errorControl: boolean;
  readonly compression: boolean;
}

/** What a caller-ID service transmits; null: not to be had (out of area), `private`: withheld. */
export interface CallerRecord {
  readonly date: Date;
  readonly number: string | 'private' | null;
  readonly name: string | 'private' | null;
}

/** What is plugged into the socket; the exchange calls these. */
export interface Telephone {
  /** Ring voltage comes (a burst of 2 s) and goes. */
  ring(on: boolean): void;
  /** The data burst between the first and the second ring. */
  callerId(record: CallerRecord): void;
  /** What is heard changes; only while off-hook. */
  hear(sound: LineSound): void;
  /** Both carriers are up and trained; null: the far end's carrier is gone. */
  carrier(link: Link | null): void;
  /** Data of the far end; returns how many bytes were taken, and calls {@link TelephoneLine.room} later if not all. */
  receive(bytes: Uint8Array): number;
  /** The far end takes bytes again after it had refused some. */
  room(): void;
}

/** The socket; a telephone calls these. */
export interface TelephoneLine {
  readonly number: string;
  /** Lifts or puts down the receiver. */
  hook(off: boolean): void;
  /** One or more of `0-9*#A-D`. */
  dial(digits: string): void;
  /** Starts the carrier, or stops it with null. */
  modulate(offer: CarrierOffer | null): void;
  /** Data for the far end; returns how many bytes were taken. */
  send(bytes: Uint8Array): number;
  /** Tells the far end that {@link Telephone.receive} has room again. */
  room(): void;
}
