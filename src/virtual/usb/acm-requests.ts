/** The class requests of a CDC abstract control model (PSTN 1.2, section 6.3) and its one notification (6.5.4). */
import type { Electronics, ReportedCircuits } from './electronics.ts';
import type { Setup } from './usb-device.ts';

const NOTHING = new Uint8Array(0);

/** 9600 8N1: what cdc_acm sets first. */
const INITIAL_LINE_CODING = Uint8Array.from([0x80, 0x25, 0, 0, 0, 0, 8]);

export class AcmRequests {
  readonly #electronics: Electronics;
  #lineCoding = INITIAL_LINE_CODING;

  constructor(electronics: Electronics) {
    this.#electronics = electronics;
  }

  reset(): void {
    this.#lineCoding = INITIAL_LINE_CODING;
  }

  /** The answer's bytes; null: stall. */
  answer({ request, value }: Setup, data: Uint8Array): Uint8Array | null {
    switch (request) {
      case 0x20: // SET_LINE_CODING
        if (data.length < 7) return null;
        this.#lineCoding = data.slice(0, 7);
        this.#electronics.setRate(Buffer.from(data).readUInt32LE(0));
        return NOTHING;
      case 0x21: // GET_LINE_CODING
        return this.#lineCoding;
      case 0x22: // SET_CONTROL_LINE_STATE
        this.#electronics.setRts((value & 2) !== 0);
        this.#electronics.setDtr((value & 1) !== 0);
        return NOTHING;
      case 0x23: // SEND_BREAK: 0xffff until told otherwise, 0 stops it
        this.#electronics.sendBreak(value !== 0);
        return NOTHING;
      default:
        return null;
    }
  }
}

/** The SERIAL_STATE notification: DCD, DSR and RI as bits 0, 1 and 3. */
export function serialState(controlInterface: number, circuits: ReportedCircuits): Uint8Array {
  const bits = (circuits.dcd ? 1 : 0) | (circuits.dsr ? 2 : 0) | (circuits.ri ? 8 : 0);
  return Uint8Array.from([0xa1, 0x20, 0, 0, controlInterface, 0, 2, 0, bits, 0]);
}
