/** USB devices that are no modem modemctl knows, and that nothing else explains: what a person wants to see who plugged a modem in and is told that there is none. */
import { type Clock, systemClock } from '../core/clock.ts';
import { type SystemRoots, systemRoots } from '../core/system-roots.ts';
import { classify } from './classify.ts';
import { NO_STRINGS, readDeviceStrings } from './device-strings.ts';
import { modelName } from './model-name.ts';
import { compareIds } from './modem-info.ts';
import { listUsbDevices, type UsbDevice } from './sysfs.ts';

export interface UnknownDevice {
  /** USB port path. */
  readonly id: string;
  readonly vendorId: string;
  readonly productId: string;
  /** What it calls itself, or its ids. */
  readonly name: string;
  /** Linux gave it a tty: it can be spoken to when named. */
  readonly hasTty: boolean;
}

/** By port path. Takes three seconds at most, when a device does not answer. */
export async function listUnknownDevices(
  options: { roots?: SystemRoots; clock?: Clock; signal?: AbortSignal | undefined } = {},
): Promise<UnknownDevice[]> {
  const { roots = systemRoots, clock = systemClock, signal } = options;
  const devices = listUsbDevices(roots).filter(isUnexplained);
  const found = await Promise.all(
    devices.map(async (device) => {
      const strings = await readDeviceStrings(device.path, { clock, signal });
      if (classify(device, strings).isModem) return [];
      const { port: id, vendorId, productId } = device;
      return [
        { id, vendorId, productId, name: modelName(null, strings ?? NO_STRINGS, device), hasTty: hasTty(device) },
      ];
    }),
  );
  return found.flat().sort((one, other) => compareIds(one.id, other.id));
}

/** bDeviceClass of a hub (USB 2.0 section 11.23.1). */
const HUB = 0x09;

/** A keyboard or a disk has its driver; a device that is a puzzle has none on some interface, or a tty that might be anything's. */
function isUnexplained(device: UsbDevice): boolean {
  if (device.deviceClass === HUB) return false;
  return device.interfaces.length === 0 || device.interfaces.some(({ driver }) => driver === null) || hasTty(device);
}

function hasTty({ interfaces }: UsbDevice): boolean {
  return interfaces.some(({ ttys }) => ttys.length > 0);
}
