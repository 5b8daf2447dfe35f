/** A modem on the USB bus as its control socket sees it. */
import type { ModemFace } from '../face.ts';
import type { UsbipModem } from './usbip-modems.ts';

export class UsbipFace implements ModemFace {
  readonly tty = null;
  readonly #modem: UsbipModem;

  constructor(modem: UsbipModem) {
    this.#modem = modem;
  }

  get portPath(): string | null {
    return this.#modem.portPath;
  }

  get plugged(): boolean {
    return this.#modem.plugged;
  }

  unplug(): Promise<void> {
    return this.#modem.unplug();
  }

  async plug(): Promise<void> {
    if (this.#modem.plugged) await this.#modem.unplug();
    await this.#modem.plugIn();
  }

  replug(): Promise<void> {
    return this.plug();
  }

  /** Its box pulls it out, with all the others. */
  close(): void {}
}
