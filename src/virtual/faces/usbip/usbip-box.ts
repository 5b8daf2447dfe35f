/** USB devices that exist in this process only, offered over USB/IP and, if wanted, plugged into this machine's own kernel. */
import { type Clock, systemClock } from '../../../core/clock.ts';
import type { UsbDevice } from '../../usb/usb-device.ts';
import { Cable } from './cable.ts';
import type { Exported } from './connection.ts';
import { UsbipServer } from './server.ts';
import { listVhciPorts, requireVhci } from './vhci.ts';

export interface UsbipOptions {
  /** TCP port to serve on; default: a free one. */
  port?: number;
  /** Plug them into this machine's kernel, in their order. */
  attach?: boolean;
  clock?: Clock;
}

/** A device, and whether it is plugged in from the start. */
export interface Offered {
  device: UsbDevice;
  plugged: boolean;
}

/** One device and its cable. */
export class UsbipSocket {
  readonly device: UsbDevice;
  readonly #exported: Exported;
  readonly #cable: Cable | null;

  /** @internal */
  constructor(exported: Exported, cable: Cable | null) {
    this.device = exported.device;
    this.#exported = exported;
    this.#cable = cable;
  }

  /** The name to import it by: `usbip attach -r 127.0.0.1 -b BUSID`. */
  get busId(): string {
    return this.#exported.place.busId;
  }

  /** The USB port path (`1-1`) it has on this machine; null while the kernel has not enumerated it. */
  get portPath(): string | null {
    const number = this.#cable?.port ?? null;
    if (number === null || !this.#exported.plugged) return null;
    return listVhciPorts().find((port) => port.number === number)?.busId ?? null;
  }

  get plugged(): boolean {
    return this.#exported.plugged;
  }

  /** Pulls it out. Without a cable of ours: no client can import it until it is plugged in. */
  async unplug(): Promise<void> {
    this.#exported.plugged = false;
    if (this.#cable) await this.#cable.pullOut();
    else this.#exported.importedBy?.drop();
  }

  /** Puts it back, where it was if that port is still free. */
  async plugIn(): Promise<void> {
    this.#exported.plugged = true;
    await this.#cable?.putIn();
  }
}

export class UsbipBox {
  readonly sockets: readonly UsbipSocket[];
  readonly #server: UsbipServer;

  private constructor(server: UsbipServer, sockets: readonly UsbipSocket[]) {
    this.#server = server;
    this.sockets = sockets;
  }

  /**
   * @throws ModemctlError IN_USE (TCP port), DENIED or HELPER (the kernel's virtual controller)
   */
  static async start(devices: readonly Offered[], options: UsbipOptions = {}): Promise<UsbipBox> {
    const clock = options.clock ?? systemClock;
    if (options.attach) await requireVhci();
    const exports = devices.map(({ device, plugged }, index): Exported => {
      const place = { busId: `1-${index + 1}`, busNumber: 1, deviceNumber: index + 2 };
      return { place, device, plugged, importedBy: null };
    });
    const server = await UsbipServer.start(exports, options.port ?? 0);
    const cables = exports.map((exported) => (options.attach ? new Cable(clock, exported, server.port) : null));
    const box = new UsbipBox(
      server,
      exports.map((exported, index) => new UsbipSocket(exported, cables[index]!)),
    );
    try {
      for (const [index, cable] of cables.entries()) if (devices[index]!.plugged) await cable?.putIn();
    } catch (error) {
      await box.stop();
      throw error;
    }
    return box;
  }

  /** The TCP port it serves on. */
  get port(): number {
    return this.#server.port;
  }

  /** Pulls every device out and ends the server. */
  async stop(): Promise<void> {
    for (const socket of this.sockets) await socket.unplug();
    await this.#server.stop();
  }
}
