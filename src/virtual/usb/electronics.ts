/** What the USB side of a modem asks of the rest of it. The modem proper (`../dce/`) is fitted to this in the face, so that neither knows the other. */
import type { BusEvent } from './bus-watch.ts';

/** The circuits a modem reports (CDC PSTN, SERIAL_STATE). */
export interface ReportedCircuits {
  dcd: boolean;
  dsr: boolean;
  ri: boolean;
}

export interface Electronics {
  /** Offers bytes of the host; returns how many were taken. The rest is offered again after `room` was called. */
  accept(bytes: Uint8Array): number;
  /** At most `max` bytes for the host; empty if there are none, or the modem is dead. */
  take(max: number): Uint8Array;
  setDtr(up: boolean): void;
  setRts(up: boolean): void;
  /** The line coding's bit rate, when it is set. */
  setRate(bitsPerSecond: number): void;
  sendBreak(on: boolean): void;
  circuitsNow(): ReportedCircuits;
  /** False: it answers nothing on the bus, endpoint 0 included, until it loses its power. */
  readonly answersBus: boolean;
  /** What befell it on the bus, plugging in and out included. */
  happened(event: BusEvent | 'plugged' | 'unplugged'): void;
}

/** What the modem proper calls when something may go on. */
export interface ElectronicsListener {
  /** `take` has bytes again. */
  readable(): void;
  /** `accept` may take bytes again. */
  room(): void;
  circuitsChanged(): void;
}
