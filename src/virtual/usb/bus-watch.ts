/**
 * Infers what happened to a device from the requests it gets, as a USB/IP server is never told of a reset: the host's controller does it all but for these (measured on Linux 6.1, drivers/usb/core):
 *
 * | cause | requests |
 * |---|---|
 * | USB reset | device descriptor, configuration descriptors, serial string, SET_CONFIGURATION(v) |
 * | `authorized` 0/1, usb driver rebind | SET_CONFIGURATION(0), then (v) |
 * | cdc_acm rebind | only SET_LINE_CODING |
 * | port power off and on | as at plugging in: also manufacturer and product strings, then SET_CONFIGURATION(v) |
 *
 * Other programs read strings too (`lsusb -v`), but not between a device descriptor and a SET_CONFIGURATION.
 */
import type { UsbDescription } from './description.ts';
import type { Setup } from './usb-device.ts';

/** What befell the device. `powered`: it had no power for a while. */
export type BusEvent = 'powered' | 'reset' | 'deconfigured' | 'configured';

const GET_DESCRIPTOR = 6;
const SET_CONFIGURATION = 9;
const DEVICE = 1;
const STRING = 3;

export class BusWatch {
  readonly #description: UsbDescription;
  /** The kernel has begun to enumerate the device anew. */
  #enumerating = false;
  #namesRead = false;
  #everConfigured = false;

  constructor(description: UsbDescription) {
    this.#description = description;
  }

  /** The device was plugged in: its first configuration follows that, and nothing else. */
  pluggedIn(): void {
    this.#enumerating = false;
    this.#namesRead = false;
    this.#everConfigured = false;
  }

  /** Looks at a request of endpoint 0 that the device is about to carry out. */
  saw({ requestType, request, value }: Setup): BusEvent | null {
    if (requestType === 0x80 && request === GET_DESCRIPTOR) {
      const type = value >> 8;
      const index = value & 0xff;
      if (type === DEVICE) {
        this.#enumerating = true;
        this.#namesRead = false;
      } else if (type === STRING && index > 0) {
        const { manufacturerIndex, productIndex } = this.#description;
        if (index === manufacturerIndex || index === productIndex) this.#namesRead = true;
      }
      return null;
    }
    if (requestType === 0x00 && request === SET_CONFIGURATION) return this.#configured(value);
    return null;
  }

  #configured(value: number): BusEvent {
    if (value === 0) return 'deconfigured';
    const enumerated = this.#enumerating;
    const first = !this.#everConfigured;
    this.#enumerating = false;
    this.#everConfigured = true;
    if (first || !enumerated) return 'configured';
    return this.#namesRead ? 'powered' : 'reset';
  }
}
