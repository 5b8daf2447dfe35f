/** Lists the modems: real ones from sysfs, virtual ones from their registry. */
import { join } from 'node:path';
import { type Clock, systemClock } from '../core/clock.ts';
import { type SystemRoots, systemRoots } from '../core/system-roots.ts';
import { listVirtualModems } from '../core/virtual-registry.ts';
import { findHoldersOf, type Holder } from '../tty/holders.ts';
import { listFolder } from './attribute.ts';
import { type Classification, classify, isSerialDevice, mightBeModem } from './classify.ts';
import { isAcmInterface } from './descriptors.ts';
import { type DeviceStrings, type KnownStrings, NO_STRINGS, readDeviceStrings } from './device-strings.ts';
import { modelName } from './model-name.ts';
import { compareIds, type ModemInfo } from './modem-info.ts';
import { judgeState } from './modem-state.ts';
import { listUsbDevices, readUsbDevice, type UsbDevice, type UsbInterface, usbfsNode } from './sysfs.ts';
import { readTtyFacts } from './tty-facts.ts';
import { usbPackageKey, usbPackageStrings } from './usb-package.ts';
import { describeVirtual } from './virtual-modems.ts';

export interface ListOptions {
  /** Also serial devices that are no modems. */
  readonly all?: boolean;
  readonly roots?: SystemRoots;
  /** Enumerate through the `usb` package as well and take the strings from it. The answer is the same. */
  readonly useUsbPackage?: boolean;
  /** False: do not find out who holds them (a look at all processes); a modem in use then counts as ready, held by nobody. */
  readonly holders?: boolean;
  /** For one who lists again and again: what was read the last time, and is not read again. */
  readonly knownStrings?: KnownStrings;
  /** Where virtual modems are registered; the user's own folder by default. */
  readonly virtualFolder?: string;
  readonly clock?: Clock;
  readonly signal?: AbortSignal | undefined;
}

/** The modems plugged in now, sorted by id. Takes three seconds at most, when a device does not answer. */
export async function listModems(options: ListOptions = {}): Promise<ModemInfo[]> {
  const roots = options.roots ?? systemRoots;
  const devices = listUsbDevices(roots);
  const real = await describe(devices, options);
  return [...real, ...describeVirtual(listVirtualModems(options.virtualFolder), options)].sort((a, b) =>
    compareIds(a.id, b.id),
  );
}

/** The device at one USB port, or one virtual modem, whether it counts as a modem or not; null when nothing is there. */
export async function readModem(id: string, options: ListOptions = {}): Promise<ModemInfo | null> {
  const roots = options.roots ?? systemRoots;
  const virtual = listVirtualModems(options.virtualFolder).filter((entry) => entry.name === id);
  if (virtual.length > 0) return describeVirtual(virtual, options)[0] ?? null;
  const device = readUsbDevice(id, roots);
  return device && describeDevice(device, options);
}

/** A device that was read already, whether it counts as a modem or not. */
export async function describeDevice(device: UsbDevice, options: ListOptions = {}): Promise<ModemInfo | null> {
  const [info] = await describe([device], { ...options, useUsbPackage: false }, true);
  return info ?? null;
}

interface Candidate {
  readonly device: UsbDevice;
  /** Null: it did not answer in time, or was not asked. */
  readonly strings: DeviceStrings | null;
  readonly suspect: boolean;
  readonly classification: Classification;
  readonly face: UsbInterface | null;
  readonly tty: string | null;
}

async function describe(devices: readonly UsbDevice[], options: ListOptions, always = false): Promise<ModemInfo[]> {
  const roots = options.roots ?? systemRoots;
  const wanted = devices.filter(
    (device) => always || mightBeModem(device) || (options.all === true && isSerialDevice(device)),
  );
  // The package asks all devices, so all must have answered before it is let loose on them.
  const strings = await readAllStrings(options.useUsbPackage ? devices : wanted, options);
  const candidates = wanted
    .map((device): Candidate => {
      const known = strings.get(device.port) ?? null;
      const face = ttyInterface(device);
      return {
        device,
        strings: known,
        suspect: known === null,
        classification: classify(device, known),
        face,
        tty: face?.ttys[0] === undefined ? null : join(roots.dev, face.ttys[0]),
      };
    })
    .filter(
      ({ device, classification }) =>
        always || classification.isModem || (options.all === true && isSerialDevice(device)),
    );
  const ttys = candidates.map(({ tty }) => tty).filter((tty) => tty !== null);
  const holders = findHoldersOf(options.holders === false ? [] : ttys, { roots });
  const drivers = new Set(listFolder(join(roots.sys, 'bus/usb/drivers')));
  return candidates.map((candidate) =>
    toInfo(candidate, (candidate.tty && holders.get(candidate.tty)) || [], drivers, roots),
  );
}

/** Null: it did not answer in time. */
async function readAllStrings(
  devices: readonly UsbDevice[],
  options: ListOptions,
): Promise<Map<string, DeviceStrings | null>> {
  const { clock = systemClock, roots = systemRoots, signal, knownStrings } = options;
  for (const port of knownStrings?.keys() ?? []) {
    if (!devices.some((device) => device.port === port)) knownStrings?.delete(port);
  }
  const found = await Promise.all(
    devices.map(async ({ port, path, address }) => {
      const known = knownStrings?.get(port);
      if (known && address !== 0 && known.address === address) return [port, known.strings] as const;
      const strings = await readDeviceStrings(path, { clock, signal });
      if (strings) knownStrings?.set(port, { address, strings });
      return [port, strings] as const;
    }),
  );
  const strings = new Map(found);
  if (!options.useUsbPackage || found.some(([, answer]) => answer === null)) return strings;
  const known = devices.map((device) => [usbPackageKey(device), strings.get(device.port) ?? NO_STRINGS] as const);
  const theirs = await usbPackageStrings(clock, roots, new Map(known));
  for (const device of devices) {
    const entry = theirs.get(usbPackageKey(device));
    if (entry) strings.set(device.port, entry);
  }
  return strings;
}

/** The interface that has the tty; else the one that should have it. */
function ttyInterface(device: UsbDevice): UsbInterface | null {
  const withTty = device.interfaces.filter((face) => face.ttys.length > 0);
  return withTty.find(isAcmInterface) ?? withTty[0] ?? device.interfaces.find(isAcmInterface) ?? null;
}

function toInfo(
  candidate: Candidate,
  holders: readonly Holder[],
  drivers: ReadonlySet<string>,
  roots: SystemRoots,
): ModemInfo {
  const { device, classification, face, suspect } = candidate;
  const strings = candidate.strings ?? NO_STRINGS;
  const tty = candidate.tty === null ? null : readTtyFacts(candidate.tty, roots);
  const verdict = judgeState({ device, classification, tty, heldBy: holders, drivers });
  return {
    id: device.port,
    vendorId: device.vendorId,
    productId: device.productId,
    ...strings,
    model: modelName(classification.row, strings, device),
    kind: classification.kind,
    usable: tty !== null && tty.access !== 'missing',
    ...verdict,
    tty: candidate.tty,
    driver: face?.driver ?? device.interfaces.find((other) => other.driver !== null)?.driver ?? null,
    bus: device.bus,
    address: device.address,
    heldBy: holders,
    virtual: false,
    isModem: classification.isModem,
    row: classification.row,
    // The kernel takes the address away while a reset lasts.
    plugging: device.address === 0 ? null : String(device.address),
    suspect,
    sysfsPath: device.path,
    interfaceName: face?.name ?? null,
    usbfsNode: usbfsNode(device, roots),
    control: null,
  };
}
