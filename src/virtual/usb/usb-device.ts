/** A USB device as a host's controller sees it: it is plugged in, it answers transfers, it is pulled out. */
import type { UsbDescription } from './description.ts';

/** How a transfer ended; the values are Linux's negative errno, which is what USB/IP carries. */
export const TRANSFER_STATUS = {
  ok: 0,
  /** The endpoint stalled (-EPIPE): the request is not known. */
  stall: -32,
  /** Taken back by the host (-ECONNRESET). */
  unlinked: -104,
} as const;

export type TransferStatus = (typeof TRANSFER_STATUS)[keyof typeof TRANSFER_STATUS];

/** The eight bytes that begin every control transfer (USB 2.0, table 9-2). */
export interface Setup {
  requestType: number;
  request: number;
  value: number;
  index: number;
  length: number;
}

/** One transfer the host asks for. It stays open (NAK on a real wire) until `complete` is called; a real device may let it wait for ever. */
export interface Transfer {
  /** Without the direction bit. */
  endpoint: number;
  direction: 'in' | 'out';
  /** The most bytes an `in` transfer may return. */
  length: number;
  /** The bytes of an `out` transfer. */
  data: Uint8Array;
  /** For endpoint 0 only. */
  setup: Setup;
  /** Ends it. For `in` the bytes read; for `out` all were taken. Calls after the first, or after the host took it back, are ignored. */
  complete(status: TransferStatus, data?: Uint8Array): void;
}

export interface UsbDevice {
  readonly description: UsbDescription;
  /** The host's port has power and sees the device. */
  plugIn(): void;
  /** No more power; open transfers are void. */
  unplug(): void;
  submit(transfer: Transfer): void;
  /** The host takes a transfer back. False if it had ended already. */
  cancel(transfer: Transfer): boolean;
}
