/** Fits the modem proper into a USB modem: its bytes, circuits and lifecycle. */
import type { Dce, DceCircuits, Face } from '../../dce/dce.ts';
import type { BusEvent } from '../../usb/bus-watch.ts';
import type { Electronics, ElectronicsListener } from '../../usb/electronics.ts';

/** The modem leaves the bus by itself, or comes back. */
export type PresenceListener = (present: boolean, renumber: boolean) => void;

export class DceElectronics implements Electronics, Face {
  readonly #dce: Dce;
  readonly #presence: PresenceListener;
  #listener: ElectronicsListener | null = null;

  constructor(dce: Dce, presence: PresenceListener) {
    this.#dce = dce;
    this.#presence = presence;
    dce.attach(this);
  }

  /** The USB modem this belongs to. */
  connect(listener: ElectronicsListener): void {
    this.#listener = listener;
  }

  // What the USB side asks.

  accept(bytes: Uint8Array): number {
    return this.#dce.accept(bytes);
  }

  take(max: number): Uint8Array {
    return this.#dce.take(max);
  }

  setDtr(up: boolean): void {
    this.#dce.dtr(up);
  }

  /** Flow control on USB is the NAK; RTS means nothing to these modems. */
  setRts(): void {}

  setRate(bitsPerSecond: number): void {
    this.#dce.setRate(bitsPerSecond);
  }

  /** Nothing here acts on a break. */
  sendBreak(): void {}

  circuitsNow(): DceCircuits {
    return this.#dce.circuits;
  }

  get answersBus(): boolean {
    return !this.#dce.wedged;
  }

  happened(event: BusEvent | 'plugged' | 'unplugged'): void {
    switch (event) {
      case 'plugged':
        // One that left the bus by itself and is back never lost its power.
        if (!this.#dce.present) this.#dce.powerOn();
        break;
      case 'unplugged':
        if (this.#dce.present) this.#dce.powerOff();
        break;
      case 'powered':
        this.#dce.powerOff();
        this.#dce.powerOn();
        break;
      case 'reset':
        this.#dce.usbReset();
        break;
      case 'deconfigured':
        this.#dce.deconfigured();
        break;
      case 'configured':
        this.#dce.configured();
        break;
    }
  }

  // What the modem proper tells.

  readable(): void {
    this.#listener?.readable();
  }

  writable(): void {
    this.#listener?.room();
  }

  circuits(): void {
    this.#listener?.circuitsChanged();
  }

  presence(present: boolean, renumber: boolean): void {
    this.#presence(present, renumber);
  }
}
