/** What sysfs has of a USB device, for a bug report. Only attributes that do not take the device lock (drivers/usb/core/sysfs.c), so that a wedged modem cannot wedge us. */
import { join } from 'node:path';
import { linkName, listFolder, readAttribute, readBytes } from '../../usb/attribute.ts';
import { MAX_DESCRIPTOR_BYTES } from '../../usb/descriptors.ts';
import type { UsbDevice } from '../../usb/sysfs.ts';

const OF_THE_DEVICE = [
  'busnum',
  'devnum',
  'idVendor',
  'idProduct',
  'bcdDevice',
  'bDeviceClass',
  'bDeviceSubClass',
  'bDeviceProtocol',
  'bNumConfigurations',
  'speed',
  'authorized',
  'urbnum',
  'quirks',
  'power/control',
  'power/runtime_status',
  'port/over_current_count',
];
const OF_AN_INTERFACE = [
  'bInterfaceNumber',
  'bAlternateSetting',
  'bInterfaceClass',
  'bInterfaceSubClass',
  'bInterfaceProtocol',
  'bNumEndpoints',
  'bmCapabilities',
];
/** Descriptors of a modem have a hundred bytes. */
const MAX_HEX_BYTES = 1024;

/** `name: value` lines. What cannot be read is left out. */
export function describeDeviceFiles({ path, port, interfaces }: UsbDevice): string[] {
  const folder = join(path, '..');
  const attributes = (base: string, names: readonly string[], prefix: string) =>
    names.flatMap((name) => {
      const value = readAttribute(join(base, name));
      return value === null ? [] : [`${prefix}${name}: ${value}`];
    });
  const descriptors = readBytes(join(path, 'descriptors'), MAX_DESCRIPTOR_BYTES)?.subarray(0, MAX_HEX_BYTES);
  return [
    ...attributes(path, OF_THE_DEVICE, `${port}/`),
    ...(descriptors ? hexLines(descriptors).map((line) => `${port}/descriptors: ${line}`) : []),
    ...interfaces.flatMap(({ name, ttys }) => [
      ...attributes(join(folder, name), OF_AN_INTERFACE, `${name}/`),
      `${name}/driver: ${linkName(join(folder, name, 'driver')) ?? '-'}`,
      `${name}/tty: ${ttys.join(' ') || listFolder(join(folder, name, 'tty')).join(' ') || '-'}`,
    ]),
  ];
}

function hexLines(bytes: Uint8Array): string[] {
  const hex = Buffer.from(bytes).toString('hex');
  return hex.match(/.{1,64}/g) ?? [];
}
