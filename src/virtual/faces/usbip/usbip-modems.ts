/** Modems in the box as USB devices: each a modem proper behind its model's descriptors, offered over USB/IP and, if wanted, plugged into this machine's own kernel. */
import type { Dce } from '../../dce/dce.ts';
import type { UsbDescription } from '../../usb/description.ts';
import type { Electronics } from '../../usb/electronics.ts';
import { UsbModem } from '../../usb/usb-modem.ts';
import { DceElectronics } from './dce-electronics.ts';
import { UsbipBox, type UsbipOptions, type UsbipSocket } from './usbip-box.ts';

export interface UsbipModemSpec {
  /** What it says of itself on the bus: a model's, as it is or changed. */
  description: UsbDescription;
  /** The modem proper; null for a winmodem. The caller keeps it: to plug it into an exchange, to make it misbehave. */
  dce: Dce | null;
  /** False: it lies beside the socket until it is plugged in. */
  plugged?: boolean;
}

export interface UsbipModemsOptions extends UsbipOptions {
  /** Told when plugging in again, after a modem came back by itself, failed. */
  onProblem?: (error: unknown) => void;
}

/** One modem on its cable. */
export class UsbipModem {
  readonly dce: Dce | null;
  readonly #socket: UsbipSocket;

  /** @internal */
  constructor(dce: Dce | null, socket: UsbipSocket) {
    this.dce = dce;
    this.#socket = socket;
  }

  /** The USB port path (`1-1`) on this machine; null while it is not plugged in, or not enumerated yet. */
  get portPath(): string | null {
    return this.#socket.portPath;
  }

  /** The name to import it by: `usbip attach -r 127.0.0.1 -b BUSID`. */
  get busId(): string {
    return this.#socket.busId;
  }

  get plugged(): boolean {
    return this.#socket.plugged;
  }

  /** Pulls it out by hand: it loses its power. */
  async unplug(): Promise<void> {
    this.dce?.powerOff();
    await this.#socket.unplug();
  }

  /** Plugs it in by hand, where it was if that port is still free. */
  async plugIn(): Promise<void> {
    await this.#socket.plugIn();
  }
}

/** What {@link startUsbipModems} started. */
export interface UsbipModems {
  readonly modems: readonly UsbipModem[];
  /** The TCP port they are offered on. */
  readonly port: number;
  /** Pulls all out and ends the server. */
  stop(): Promise<void>;
}

const NO_CIRCUITS = { dcd: false, dsr: false, ri: false };

/** What a winmodem has in place of a controller. */
const NOTHING_INSIDE: Electronics = {
  accept: (bytes) => bytes.length,
  take: () => new Uint8Array(0),
  setDtr: () => {},
  setRts: () => {},
  setRate: () => {},
  sendBreak: () => {},
  circuitsNow: () => NO_CIRCUITS,
  answersBus: true,
  happened: () => {},
};

/**
 * @throws ModemctlError IN_USE (the TCP port), DENIED or HELPER (the kernel's virtual USB controller)
 */
export async function startUsbipModems(
  specs: readonly UsbipModemSpec[],
  options: UsbipModemsOptions = {},
): Promise<UsbipModems> {
  const sockets: UsbipSocket[] = [];
  const devices = specs.map(({ description, dce, plugged = true }, index) => {
    if (!dce) return { device: new UsbModem(description, NOTHING_INSIDE), plugged };
    if (!plugged) dce.powerOff();
    // One after another: it may come back before it has quite left.
    let moving = Promise.resolve();
    const electronics = new DceElectronics(dce, (present) => {
      const socket = sockets[index];
      if (!socket) return;
      moving = moving
        .then(() => (present ? socket.plugIn() : socket.unplug()))
        .catch((error: unknown) => options.onProblem?.(error));
    });
    const device = new UsbModem(description, electronics);
    electronics.connect(device);
    return { device, plugged };
  });
  const box = await UsbipBox.start(devices, options);
  sockets.push(...box.sockets);
  return {
    modems: specs.map(({ dce }, index) => new UsbipModem(dce, box.sockets[index]!)),
    port: box.port,
    stop: async () => {
      for (const { dce } of specs) dce?.attach(null);
      await box.stop();
    },
  };
}
