/** The cable between one exported device and this machine's kernel: put in, pulled out, put in again. */
import { type Clock, sleep } from '../../../core/clock.ts';
import type { Exported } from './connection.ts';
import { importDevice } from './importer.ts';
import { deviceId } from './protocol.ts';
import { attachToVhci, detachFromVhci, isPortTaken } from './vhci.ts';

/** How often it is looked whether the kernel let go of a port. */
const LOOK_MS = 20;
/** The kernel lets go within milliseconds, unless a program holds the tty's last close up. */
const LET_GO_LIMIT_MS = 5_000;

export class Cable {
  readonly #clock: Clock;
  readonly #exported: Exported;
  readonly #serverPort: number;
  #port: number | null = null;

  constructor(clock: Clock, exported: Exported, serverPort: number) {
    this.#clock = clock;
    this.#exported = exported;
    this.#serverPort = serverPort;
  }

  /** The kernel's number of the port it is in, or was in last. */
  get port(): number | null {
    return this.#port;
  }

  /**
   * Plugs the device into the kernel, into the port it had before if that is free.
   * @throws ModemctlError HELPER
   */
  async putIn(): Promise<void> {
    this.#exported.plugged = true;
    const socket = await importDevice(this.#clock, this.#serverPort, this.#exported.place.busId);
    try {
      const { place, device } = this.#exported;
      this.#port = await attachToVhci(socket, deviceId(place), device.description.speed, this.#port);
    } finally {
      // The kernel has a reference of its own; this closes ours without a word on the wire.
      socket.destroy();
    }
  }

  /** Pulls the device out, and waits until the kernel has noticed. */
  async pullOut(): Promise<void> {
    this.#exported.plugged = false;
    this.#exported.importedBy?.drop();
    const number = this.#port;
    if (number === null) return;
    for (let waited = 0; isPortTaken(number) && waited < LET_GO_LIMIT_MS; waited += LOOK_MS)
      await sleep(this.#clock, LOOK_MS);
    if (isPortTaken(number)) await detachFromVhci(number);
  }
}
