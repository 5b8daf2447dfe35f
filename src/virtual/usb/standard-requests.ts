/** The requests every USB device answers on endpoint 0 (USB 2.0, chapter 9.4). Without memory of transfers; what it cannot answer it stalls. */

import { deviceDescriptor, type UsbDescription } from './description.ts';
import { LANGUAGES, stringDescriptor } from './descriptor-parts.ts';
import type { Setup } from './usb-device.ts';

const NOTHING = new Uint8Array(0);
const TO_INTERFACE = 0x01;

/** The state the standard requests set. */
export class StandardRequests {
  readonly #description: UsbDescription;
  /** The value of the present configuration; 0: none. */
  #configuration = 0;

  constructor(description: UsbDescription) {
    this.#description = description;
  }

  get configuration(): number {
    return this.#configuration;
  }

  /** After power-up or a reset no configuration is set. */
  reset(): void {
    this.#configuration = 0;
  }

  /** The answer's bytes, empty for a request without any; null: stall. */
  answer({ requestType, request, value, index }: Setup): Uint8Array | null {
    const device = (requestType & 0x1f) === 0;
    switch (request) {
      case 0: // GET_STATUS: neither self-powered nor able to wake the host, nothing halted
        return Uint8Array.from([0, 0]);
      case 1: // CLEAR_FEATURE
      case 3: // SET_FEATURE
        return NOTHING;
      case 6:
        return device ? this.#descriptor(value >> 8, value & 0xff) : null;
      case 8:
        return Uint8Array.from([this.#configuration]);
      case 9:
        return this.#setConfiguration(value);
      case 10: // GET_INTERFACE: there are no alternate settings
        return Uint8Array.from([0]);
      case 11: // SET_INTERFACE
        return (requestType & 0x1f) === TO_INTERFACE && value === 0 && index < 256 ? NOTHING : null;
      default:
        return null;
    }
  }

  #descriptor(type: number, index: number): Uint8Array | null {
    switch (type) {
      case 1:
        return deviceDescriptor(this.#description);
      case 2:
        return this.#description.configurations[index] ?? null;
      case 3: {
        if (index === 0) return LANGUAGES;
        const text = this.#description.strings[index];
        return text === undefined ? null : stringDescriptor(text);
      }
      default:
        return null;
    }
  }

  #setConfiguration(value: number): Uint8Array | null {
    if (value !== 0 && !this.#description.configurations.some((configuration) => configuration[5] === value))
      return null;
    this.#configuration = value;
    return NOTHING;
  }
}
