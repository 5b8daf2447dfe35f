/** The transfers of one imported device: URBs in, replies out, in the order they end. */
import { TRANSFER_STATUS, type Transfer, type UsbDevice } from '../../usb/usb-device.ts';
import type { ByteQueue } from './frames.ts';
import {
  LONGEST_TRANSFER,
  parseUrbHeader,
  submitReply,
  URB,
  URB_HEADER_LENGTH,
  type UrbHeader,
  unlinkReply,
} from './protocol.ts';

export class UrbStream {
  readonly #device: UsbDevice;
  readonly #send: (bytes: Buffer) => void;
  readonly #open = new Map<number, Transfer>();

  constructor(device: UsbDevice, send: (bytes: Buffer) => void) {
    this.#device = device;
    this.#send = send;
  }

  /** Takes every whole request out of the queue. False if the stream makes no sense: then the connection is of no more use. */
  pump(queue: ByteQueue): boolean {
    for (;;) {
      const bytes = queue.peek(URB_HEADER_LENGTH);
      if (!bytes) return true;
      const header = parseUrbHeader(bytes);
      if (header.command === URB.unlink) {
        queue.take(URB_HEADER_LENGTH);
        this.#unlink(header);
      } else if (header.command === URB.submit && header.length <= LONGEST_TRANSFER) {
        const following = header.direction === 'out' ? header.length : 0;
        const whole = queue.take(URB_HEADER_LENGTH + following);
        if (!whole) return true;
        this.#submit(header, Uint8Array.from(whole.subarray(URB_HEADER_LENGTH)));
      } else {
        return false;
      }
    }
  }

  #submit(header: UrbHeader, data: Uint8Array): void {
    const { sequence, direction, length } = header;
    const transfer: Transfer = {
      endpoint: header.endpoint,
      direction,
      length,
      data,
      setup: header.setup,
      complete: (status, read) => {
        if (this.#open.get(sequence) !== transfer) return;
        this.#open.delete(sequence);
        if (direction === 'out') {
          this.#send(submitReply(sequence, status, status === TRANSFER_STATUS.ok ? data.length : 0));
        } else {
          const answer = (read ?? new Uint8Array(0)).subarray(0, length);
          this.#send(submitReply(sequence, status, answer.length, answer));
        }
      },
    };
    this.#open.set(sequence, transfer);
    this.#device.submit(transfer);
  }

  #unlink({ sequence, unlinks }: UrbHeader): void {
    const transfer = this.#open.get(unlinks);
    if (transfer && this.#device.cancel(transfer)) {
      this.#open.delete(unlinks);
      this.#send(unlinkReply(sequence, TRANSFER_STATUS.unlinked));
    } else {
      this.#send(unlinkReply(sequence, TRANSFER_STATUS.ok));
    }
  }
}
