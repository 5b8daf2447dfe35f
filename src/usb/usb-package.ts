/** The strings of all devices as the `usb` package sees them, joined to sysfs by bus and address. Whatever goes wrong with the package, the answer is an empty map: sysfs alone knows as much. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, TIMED_OUT, within } from '../core/clock.ts';
import type { SystemRoots } from '../core/system-roots.ts';
import { canRunTheirArm } from '../native/arm-board.ts';
import { enumerate, type StringName } from '../native/usb.ts';
import { cleanString } from './attribute.ts';
import type { DeviceStrings } from './device-strings.ts';

/** By {@link usbPackageKey}. */
export type UsbPackageStrings = ReadonlyMap<string, DeviceStrings>;

/** Bus, address and ids: should the address have been given to another device meanwhile, the two do not match. */
export function usbPackageKey(device: { bus: number; address: number; vendorId: string; productId: string }): string {
  return `${device.bus}:${device.address} ${device.vendorId}:${device.productId}`;
}

const LIMIT_MS = 2000;

/**
 * Asks the package. It reads the strings of every device, in this process, and cannot be interrupted: one wedged device would keep the process from ending. So call it only when every device has answered
 * a child just now.
 * @param known what the child found; a string that sysfs does not have is not asked for, because then the package would ask the device
 */
export async function usbPackageStrings(
  clock: Clock,
  roots: SystemRoots,
  known: UsbPackageStrings,
): Promise<UsbPackageStrings> {
  if (!canRunTheirArm() || !existsSync(join(roots.sys, 'bus/usb/devices'))) return new Map();
  try {
    const devices = await within(clock, LIMIT_MS, enumerate());
    if (devices === TIMED_OUT) return new Map();
    return new Map(
      devices.flatMap(({ bus, address, vendorId, productId, string }) => {
        const key = usbPackageKey({ bus, address, vendorId: hexId(vendorId), productId: hexId(productId) });
        const theirs = known.get(key);
        if (!theirs) return [];
        const ask = (name: StringName) => (theirs[name] === null ? null : clean(string(name)));
        return [[key, { manufacturer: ask('manufacturer'), product: ask('product'), serial: ask('serial') }]];
      }),
    );
  } catch {
    return new Map();
  }
}

function hexId(id: number): string {
  return id.toString(16).padStart(4, '0');
}

function clean(text: string | null): string | null {
  return text === null ? null : cleanString(text);
}
