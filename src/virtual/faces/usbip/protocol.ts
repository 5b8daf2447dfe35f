/** The bytes of USB/IP, version 1.1.1 (Linux: Documentation/usb/usbip_protocol.rst). All numbers are big-endian but those inside a setup packet. */
import { deviceDescriptor, type UsbDescription } from '../../usb/description.ts';
import type { Setup } from '../../usb/usb-device.ts';

export const USBIP_VERSION = 0x0111;

/** What is asked before a device is imported, and the answers. */
export const OP = {
  requestDevlist: 0x8005,
  replyDevlist: 0x0005,
  requestImport: 0x8003,
  replyImport: 0x0003,
} as const;

/** What is said once it is. */
export const URB = { submit: 1, unlink: 2, returnSubmit: 3, returnUnlink: 4 } as const;

export const OP_HEADER_LENGTH = 8;
export const BUS_ID_LENGTH = 32;
export const DEVICE_RECORD_LENGTH = 312;
export const URB_HEADER_LENGTH = 48;

/** The kernel's `enum usb_device_speed`. */
export const SPEED_CODE = { full: 2, high: 3 } as const;

/** No transfer of ours is this long; a larger figure means that the stream is out of step. */
export const LONGEST_TRANSFER = 1 << 20;

/** The name under which a device is imported, and the numbers the kernel sends along. */
export interface BusPlace {
  busId: string;
  busNumber: number;
  deviceNumber: number;
}

/** `devid` of every URB. */
export function deviceId(place: BusPlace): number {
  return (place.busNumber << 16) | place.deviceNumber;
}

export interface OpHeader {
  version: number;
  code: number;
  status: number;
}

export function parseOpHeader(bytes: Buffer): OpHeader {
  return { version: bytes.readUInt16BE(0), code: bytes.readUInt16BE(2), status: bytes.readUInt32BE(4) };
}

/** @param status 0 for success, 1 for "no such device" */
export function opHeader(code: number, status: number): Buffer {
  const bytes = Buffer.alloc(OP_HEADER_LENGTH);
  bytes.writeUInt16BE(USBIP_VERSION, 0);
  bytes.writeUInt16BE(code, 2);
  bytes.writeUInt32BE(status, 4);
  return bytes;
}

export function importRequest(busId: string): Buffer {
  const name = Buffer.alloc(BUS_ID_LENGTH);
  name.write(busId, 0, BUS_ID_LENGTH - 1, 'latin1');
  return Buffer.concat([opHeader(OP.requestImport, 0), name]);
}

/** `struct usbip_usb_device`: what both the list and the import reply say of a device. */
export function deviceRecord(place: BusPlace, description: UsbDescription): Buffer {
  const bytes = Buffer.alloc(DEVICE_RECORD_LENGTH);
  bytes.write(`/sys/devices/virtual/modemctl/${place.busId}`, 0, 255, 'latin1');
  bytes.write(place.busId, 256, BUS_ID_LENGTH - 1, 'latin1');
  bytes.writeUInt32BE(place.busNumber, 288);
  bytes.writeUInt32BE(place.deviceNumber, 292);
  bytes.writeUInt32BE(SPEED_CODE[description.speed], 296);
  const device = Buffer.from(deviceDescriptor(description));
  bytes.writeUInt16BE(device.readUInt16LE(8), 300);
  bytes.writeUInt16BE(device.readUInt16LE(10), 302);
  bytes.writeUInt16BE(device.readUInt16LE(12), 304);
  bytes.set(device.subarray(4, 7), 306);
  const first = description.configurations[0]!;
  bytes.set([first[5]!, description.configurations.length, first[4]!], 309);
  return bytes;
}

/** The class, subclass and protocol of each interface of the first configuration, four bytes each, as the list appends them. */
export function interfaceRecords(description: UsbDescription): Buffer {
  const found: number[] = [];
  const bytes = description.configurations[0]!;
  for (let at = 0; at < bytes.length && bytes[at]! > 0; at += bytes[at]!) {
    if (bytes[at + 1] === 0x04) found.push(bytes[at + 5]!, bytes[at + 6]!, bytes[at + 7]!, 0);
  }
  return Buffer.from(found);
}

export interface UrbHeader {
  command: number;
  sequence: number;
  direction: 'in' | 'out';
  endpoint: number;
  /** Bytes asked for, or bytes that follow. */
  length: number;
  setup: Setup;
  /** For an unlink: the URB to be taken back. */
  unlinks: number;
}

export function parseUrbHeader(bytes: Buffer): UrbHeader {
  return {
    command: bytes.readUInt32BE(0),
    sequence: bytes.readUInt32BE(4),
    direction: bytes.readUInt32BE(12) === 1 ? 'in' : 'out',
    endpoint: bytes.readUInt32BE(16),
    length: bytes.readUInt32BE(24),
    setup: {
      requestType: bytes[40]!,
      request: bytes[41]!,
      value: bytes.readUInt16LE(42),
      index: bytes.readUInt16LE(44),
      length: bytes.readUInt16LE(46),
    },
    unlinks: bytes.readUInt32BE(20),
  };
}

/** RET_SUBMIT, with the bytes of an `in` transfer after it. */
export function submitReply(sequence: number, status: number, actualLength: number, data?: Uint8Array): Buffer {
  const bytes = Buffer.alloc(URB_HEADER_LENGTH + (data?.length ?? 0));
  bytes.writeUInt32BE(URB.returnSubmit, 0);
  bytes.writeUInt32BE(sequence, 4);
  bytes.writeInt32BE(status, 20);
  bytes.writeUInt32BE(actualLength, 24);
  if (data) bytes.set(data, URB_HEADER_LENGTH);
  return bytes;
}

/** RET_UNLINK: -ECONNRESET if the URB was still open, 0 if its answer is on its way already. */
export function unlinkReply(sequence: number, status: number): Buffer {
  const bytes = Buffer.alloc(URB_HEADER_LENGTH);
  bytes.writeUInt32BE(URB.returnUnlink, 0);
  bytes.writeUInt32BE(sequence, 4);
  bytes.writeInt32BE(status, 20);
  return bytes;
}
