/** Is a tty still the one of the modem we mean? Asked after opening it and before the first byte, for the number may have gone to another device since the modem was looked up. */
import { basename } from 'node:path';
import { type SystemRoots, systemRoots } from '../core/system-roots.ts';
import { listVirtualModems } from '../core/virtual-registry.ts';
import type { ModemInfo } from './modem-info.ts';
import { readUsbIdentity, ttysOf } from './sysfs.ts';

/** Compares place, ids and tty, without taking the device's lock. */
export function isStillThere(info: ModemInfo, roots: SystemRoots = systemRoots): boolean {
  if (info.virtual) {
    return listVirtualModems().some(({ name, plugged, tty }) => name === info.id && plugged && tty === info.tty);
  }
  const device = readUsbIdentity(info.id, roots);
  if (device?.vendorId !== info.vendorId || device.productId !== info.productId) return false;
  return (
    info.tty !== null && info.interfaceName !== null && ttysOf(info.interfaceName, roots).includes(basename(info.tty))
  );
}

/** Whether anything is at its port, with or without a tty. */
export function isPlugged({ id, virtual }: Pick<ModemInfo, 'id' | 'virtual'>, roots = systemRoots): boolean {
  if (virtual) return listVirtualModems().some(({ name, plugged }) => name === id && plugged);
  return readUsbIdentity(id, roots) !== null;
}
