/** One TCP connection of a USB/IP client: lists devices, or imports one and is its cable from then on. */
import type { Socket } from 'node:net';
import type { UsbDevice } from '../../usb/usb-device.ts';
import { ByteQueue } from './frames.ts';
import {
  BUS_ID_LENGTH,
  type BusPlace,
  deviceRecord,
  interfaceRecords,
  OP,
  OP_HEADER_LENGTH,
  opHeader,
  parseOpHeader,
} from './protocol.ts';
import { UrbStream } from './urb-stream.ts';

/** A device in its socket on our side: imported by at most one client at a time. */
export interface Exported {
  readonly place: BusPlace;
  readonly device: UsbDevice;
  /** False while it is pulled out: it is neither listed nor importable. */
  plugged: boolean;
  /** The client that has it. */
  importedBy: Connection | null;
}

export class Connection {
  readonly #socket: Socket;
  readonly #exports: readonly Exported[];
  readonly #queue = new ByteQueue();
  #stream: UrbStream | null = null;
  #imported: Exported | null = null;

  constructor(socket: Socket, exports: readonly Exported[]) {
    this.#socket = socket;
    this.#exports = exports;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#received(chunk));
    // A client that goes away, for whatever reason, has pulled the cable.
    socket.on('error', () => {});
    socket.on('close', () => this.#closed());
  }

  /** Pulls the cable: the client's kernel sees the device disappear. */
  drop(): void {
    this.#socket.destroy();
    this.#closed();
  }

  #received(chunk: Buffer): void {
    this.#queue.push(chunk);
    if (!this.#stream && !this.#beforeImport()) return;
    if (this.#stream && !this.#stream.pump(this.#queue)) this.drop();
  }

  /** Handles the requests that come before an import. False when nothing more can be done with the bytes at hand. */
  #beforeImport(): boolean {
    for (;;) {
      const bytes = this.#queue.peek(OP_HEADER_LENGTH);
      if (!bytes) return false;
      const { code } = parseOpHeader(bytes);
      if (code === OP.requestDevlist) {
        this.#queue.take(OP_HEADER_LENGTH);
        this.#socket.write(this.#devlist());
      } else if (code === OP.requestImport) {
        const request = this.#queue.take(OP_HEADER_LENGTH + BUS_ID_LENGTH);
        if (!request) return false;
        return this.#import(cString(request.subarray(OP_HEADER_LENGTH)));
      } else {
        this.drop();
        return false;
      }
    }
  }

  #devlist(): Buffer {
    const plugged = this.#exports.filter((candidate) => candidate.plugged);
    const count = Buffer.alloc(4);
    count.writeUInt32BE(plugged.length);
    const records = plugged.flatMap(({ place, device }) => [
      deviceRecord(place, device.description),
      interfaceRecords(device.description),
    ]);
    return Buffer.concat([opHeader(OP.replyDevlist, 0), count, ...records]);
  }

  #import(busId: string): boolean {
    const wanted = this.#exports.find((candidate) => candidate.place.busId === busId);
    if (!wanted?.plugged || wanted.importedBy) {
      this.#socket.end(opHeader(OP.replyImport, 1));
      return false;
    }
    wanted.importedBy = this;
    this.#imported = wanted;
    this.#socket.write(
      Buffer.concat([opHeader(OP.replyImport, 0), deviceRecord(wanted.place, wanted.device.description)]),
    );
    wanted.device.plugIn();
    this.#stream = new UrbStream(wanted.device, (bytes) => this.#socket.write(bytes));
    return true;
  }

  #closed(): void {
    const imported = this.#imported;
    if (!imported) return;
    this.#imported = null;
    imported.importedBy = null;
    imported.device.unplug();
  }
}

function cString(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('latin1', 0, end < 0 ? bytes.length : end);
}
