/**
 * What is plugged in, as sysfs tells it. Only attributes are read that do not take the device lock (`busnum devnum idVendor idProduct speed authorized descriptors` and those of the interfaces; see
 * drivers/usb/core/sysfs.c), so that a wedged device cannot wedge us. `bConfigurationValue` does take it: the active configuration is read off the interfaces' names (`1-1:2.0`) instead. The strings
 * take it too and have a file of their own, device-strings.ts.
 */
import { join } from 'node:path';
import { type SystemRoots, systemRoots } from '../core/system-roots.ts';
import { linkName, listFolder, readAttribute, readBytes, readNumber } from './attribute.ts';
import { type DeviceDescriptors, MAX_DESCRIPTOR_BYTES, parseDescriptors } from './descriptors.ts';

/** Which device it is, and where it is found now. */
export interface UsbIdentity {
  readonly bus: number;
  /** The kernel takes it away, 0 then, while a reset lasts. */
  readonly address: number;
  /** Four lower-case hex digits, as all ids. */
  readonly vendorId: string;
  readonly productId: string;
}

/** One interface of the active configuration. */
export interface UsbInterface {
  /** Its folder: `1-1:2.0` is port path, configuration value, interface number. */
  readonly name: string;
  readonly number: number;
  readonly class: number;
  readonly subclass: number;
  readonly protocol: number;
  readonly driver: string | null;
  /** Names of the ttys below it, `ttyACM0` or `ttyUSB0`. */
  readonly ttys: readonly string[];
}

export interface UsbDevice extends UsbIdentity {
  /** Port path, `1-1.2`: the identity that survives renumbering. */
  readonly port: string;
  /** Its folder in sysfs. */
  readonly path: string;
  readonly deviceClass: number;
  /** In Mbit/s: 1.5, 12, 480, 5000, ... */
  readonly speedMbps: number;
  readonly authorized: boolean;
  /** The active configuration's value; null when it has none. */
  readonly configurationValue: number | null;
  readonly interfaces: readonly UsbInterface[];
  /** Port path of the hub it hangs on; null on a root hub's own port. */
  readonly parentHub: string | null;
  /** Null when the file is missing or nonsense. */
  readonly descriptors: DeviceDescriptors | null;
}

/** A port path as the kernel writes it; root hubs (`usb1`) and interfaces (`1-1:1.0`) are none. */
const PORT_PATH = /^\d{1,3}-\d{1,3}(?:\.\d{1,3}){0,6}$/;

/** Tells whether a text has the form of a USB port path, `1-1.2`. */
export function isPortPath(text: string): boolean {
  return PORT_PATH.test(text);
}

/** All devices but root hubs, by port path. Empty on a machine without USB. */
export function listUsbDevices(roots: SystemRoots = systemRoots): UsbDevice[] {
  const folder = join(roots.sys, 'bus/usb/devices');
  const names = listFolder(folder);
  return names
    .filter(isPortPath)
    .map((name) => readDevice(folder, name, names))
    .filter((device) => device !== null);
}

/** The device at one port, or null. Lock-free: fit for finding a suspect device again. */
export function readUsbDevice(port: string, roots: SystemRoots = systemRoots): UsbDevice | null {
  if (!isPortPath(port)) return null;
  const folder = join(roots.sys, 'bus/usb/devices');
  return readDevice(folder, port, listFolder(folder));
}

/** No more than which device is at a port; null: none. */
export function readUsbIdentity(port: string, roots: SystemRoots = systemRoots): UsbIdentity | null {
  return isPortPath(port) ? readIdentity(join(roots.sys, 'bus/usb/devices', port)) : null;
}

/** The names of the ttys below one interface. */
export function ttysOf(interfaceName: string, roots: SystemRoots = systemRoots): string[] {
  return readTtys(join(roots.sys, 'bus/usb/devices', interfaceName));
}

/** The node by which a program speaks to the device itself: `/dev/bus/usb/001/004`. */
export function usbfsNode(device: { bus: number; address: number }, roots: SystemRoots = systemRoots): string {
  const pad = (value: number) => String(value).padStart(3, '0');
  return join(roots.dev, 'bus/usb', pad(device.bus), pad(device.address));
}

/** Null when the device went away while being read. */
function readDevice(folder: string, port: string, siblings: readonly string[]): UsbDevice | null {
  const path = join(folder, port);
  const identity = readIdentity(path);
  if (!identity) return null;
  const speedMbps = Number(readAttribute(join(path, 'speed')) ?? 12) || 12;
  const prefix = `${port}:`;
  const interfaces = siblings
    .filter((name) => name.startsWith(prefix))
    .map((name) => readInterface(folder, name))
    .filter((face) => face !== null)
    .sort((a, b) => a.number - b.number);
  const raw = readBytes(join(path, 'descriptors'), MAX_DESCRIPTOR_BYTES);
  return {
    port,
    path,
    ...identity,
    deviceClass: readNumber(join(path, 'bDeviceClass'), 16) ?? 0,
    speedMbps,
    authorized: readAttribute(join(path, 'authorized')) !== '0',
    configurationValue: interfaces.length > 0 ? configurationOf(interfaces[0]!.name) : null,
    interfaces,
    parentHub: port.includes('.') ? port.slice(0, port.lastIndexOf('.')) : null,
    descriptors: raw === null ? null : parseDescriptors(raw, speedMbps),
  };
}

function readIdentity(path: string): UsbIdentity | null {
  const bus = readNumber(join(path, 'busnum'));
  const address = readNumber(join(path, 'devnum'));
  const vendorId = readAttribute(join(path, 'idVendor'));
  const productId = readAttribute(join(path, 'idProduct'));
  if (bus === null || bus < 0 || address === null || address < 0 || !isId(vendorId) || !isId(productId)) return null;
  return { bus, address, vendorId: vendorId.toLowerCase(), productId: productId.toLowerCase() };
}

function isId(text: string | null): text is string {
  return text !== null && /^[0-9a-f]{4}$/i.test(text);
}

/** `1-1:2.0` is interface 0 of the configuration with value 2. */
function configurationOf(interfaceName: string): number | null {
  const value = Number.parseInt(interfaceName.slice(interfaceName.indexOf(':') + 1), 10);
  return Number.isFinite(value) ? value : null;
}

function readInterface(folder: string, name: string): UsbInterface | null {
  const path = join(folder, name);
  const number = readNumber(join(path, 'bInterfaceNumber'), 16);
  if (number === null) return null;
  return {
    name,
    number,
    class: readNumber(join(path, 'bInterfaceClass'), 16) ?? 0,
    subclass: readNumber(join(path, 'bInterfaceSubClass'), 16) ?? 0,
    protocol: readNumber(join(path, 'bInterfaceProtocol'), 16) ?? 0,
    driver: linkName(join(path, 'driver')),
    ttys: readTtys(path),
  };
}

/** A tty of a driver, `ttyACM0`; not a virtual console (`tty0`). */
export const TTY_NAME = /^tty[A-Za-z]+\d+$/;

/** cdc_acm puts `tty/ttyACM0` below the interface, the usb-serial drivers `ttyUSB0/tty/ttyUSB0`. */
function readTtys(interfacePath: string): string[] {
  const names = listFolder(interfacePath);
  const direct = names.includes('tty') ? listFolder(join(interfacePath, 'tty')) : [];
  const ports = names.filter((name) => TTY_NAME.test(name));
  return [...direct, ...ports.flatMap((port) => listFolder(join(interfacePath, port, 'tty')))].filter((name) =>
    TTY_NAME.test(name),
  );
}
