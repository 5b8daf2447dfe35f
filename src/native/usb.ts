/**
 * The `usb` package, loaded on first use. It reads the strings of all devices, which takes their locks, and its reset can hang as long as the device does: who calls this from a process that must
 * not hang gives it a limit (usb-package.ts) or a child (usb-reset-child.ts).
 */
import type { usb as UsbApi } from 'usb';
import { systemClock, TIMED_OUT, within } from '../core/clock.ts';

/** A device as the package sees it. */
export interface PackageDevice {
  readonly bus: number;
  readonly address: number;
  readonly vendorId: number;
  readonly productId: number;
  /** One of its strings. Where the kernel could make nothing of it, the package asks the device itself, and this thread waits for the answer: so only for those that sysfs has. */
  readonly string: (name: StringName) => string | null;
}

export type StringName = 'manufacturer' | 'product' | 'serial';

const GETTERS = { manufacturer: 'manufacturerName', product: 'productName', serial: 'serialNumber' } as const;

let loading: Promise<typeof UsbApi> | undefined;

/** @throws Error when the package or its binary for this machine is missing */
function load(): Promise<typeof UsbApi> {
  loading ??= import('usb').then((module) => module.usb);
  return loading;
}

/** The package's bus is text (`001`, or `1`). */
function busNumber(bus: string): number {
  return Number.parseInt(bus, 10);
}

/**
 * All devices but root hubs.
 * @throws Error of the package; on a machine without USB it rejects as well
 */
export async function enumerate(): Promise<PackageDevice[]> {
  const usb = await load();
  return (await usb.getDevices()).map((device) => ({
    bus: busNumber(device.bus),
    address: device.address,
    vendorId: device.vendorId,
    productId: device.productId,
    string: (name) => device[GETTERS[name]] ?? null,
  }));
}

/** What the kernel's refusals are called; the package puts the number into its texts only (`open error: permission denied (errno 13)`). */
export type UsbFailure = 'denied' | 'gone' | 'failed';

export type UsbResetResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: UsbFailure; readonly detail: string };

/** The package looks at all devices to find one, and any of them can hold it up; then another way has to do the reset. */
const ENUMERATION_LIMIT_MS = 3000;

class EnumerationStuck extends Error {
  constructor() {
    super('a USB device does not give its strings, so the list of devices cannot be made');
  }
}

/**
 * USBDEVFS_RESET of the device at a bus and address.
 * @throws Error when the package cannot be loaded, or cannot list the devices in time
 */
export async function resetDevice(bus: number, address: number): Promise<UsbResetResult> {
  const usb = await load();
  try {
    const devices = await within(systemClock, ENUMERATION_LIMIT_MS, usb.getDevices());
    if (devices === TIMED_OUT) throw new EnumerationStuck();
    const device = devices.find((candidate) => busNumber(candidate.bus) === bus && candidate.address === address);
    if (!device) return { ok: false, reason: 'gone', detail: `no device ${address} on bus ${bus}` };
    await device.open();
    await device.reset();
    // Closing is left to the process's end: the handle is of no use after a reset.
    return { ok: true };
  } catch (error) {
    if (error instanceof EnumerationStuck) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    return { ok: false, reason: failureOf(Number(/errno (\d+)/.exec(detail)?.[1] ?? 0)), detail };
  }
}

const EPERM = 1;
const ENOENT = 2;
const EACCES = 13;
const ENODEV = 19;

/** Exit codes of the child that resets (usb-reset-child.ts). */
export const RESET_EXIT = {
  denied: 3,
  gone: 4,
  failed: 5,
  /** The package cannot be used on this machine, which says nothing about the device. */
  unusable: 6,
} as const;

/** Sorts an errno. ENODEV after a reset: it came back as something else, or not at all. */
export function failureOf(errno: number): UsbFailure {
  if (errno === EACCES || errno === EPERM) return 'denied';
  if (errno === ENOENT || errno === ENODEV) return 'gone';
  return 'failed';
}
