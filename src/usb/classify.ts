/** What counts as a modem: by the catalogue; by a softmodem's signature; or by calling itself a modem and having a CDC-ACM interface. Decided by id, interfaces and driver, never by brand. */
import { lookUpModem } from './catalogue/catalogue.ts';
import { CELLULAR_DRIVERS, CELLULAR_VENDORS, NETWORK_SUBCLASSES, OTHER_LINE_WORDS } from './catalogue/not-dial-up.ts';
import type { CatalogueRow, ModemKind } from './catalogue/row.ts';
import { isAcmInterface } from './descriptors.ts';
import type { DeviceStrings } from './device-strings.ts';
import type { UsbDevice } from './sysfs.ts';

export interface Classification {
  /** False: it appears under `--all` only, and is spoken to only when named. */
  readonly isModem: boolean;
  readonly kind: ModemKind;
  readonly row: CatalogueRow | null;
}

/** A class triple, from sysfs or from a descriptor. */
export interface InterfaceClass {
  readonly class: number;
  readonly subclass: number;
  readonly protocol: number;
}

/** The interfaces of a device: those Linux made, or, without a configuration, those its first configuration would have. */
export function interfaceClasses(device: UsbDevice): readonly InterfaceClass[] {
  return device.interfaces.length > 0 ? device.interfaces : (device.descriptors?.configurations[0]?.interfaces ?? []);
}

/** Could this device be a modem at all? Those that could not are not asked for their strings. */
export function mightBeModem(device: UsbDevice): boolean {
  if (lookUpModem(device.vendorId, device.productId)) return true;
  return interfaceClasses(device).some((face) => face.class === 0x02 || face.class === 0xff);
}

/** Has it a tty, or an interface that should get one? Such devices are listed under `--all`. */
export function isSerialDevice(device: UsbDevice): boolean {
  return device.interfaces.some((face) => face.ttys.length > 0) || interfaceClasses(device).some(isAcmInterface);
}

/** Classifies a device. Strings may be unknown (null): a device that did not answer is judged by its id alone. */
export function classify(device: UsbDevice, strings: DeviceStrings | null): Classification {
  const row = lookUpModem(device.vendorId, device.productId);
  const hasTty = device.interfaces.some((face) => face.ttys.length > 0);
  // A tty is stronger evidence than a list: what Linux can drive is no winmodem.
  if (row) return { isModem: true, kind: row.kind === 'softmodem' && hasTty ? 'unknown' : row.kind, row };

  const text = `${strings?.manufacturer ?? ''} ${strings?.product ?? ''}`;
  if (hasSoftmodemSignature(device, text)) return { isModem: true, kind: 'softmodem', row: null };
  const isModem = /modem/i.test(text) && !isOtherLine(device, text) && interfaceClasses(device).some(isDialUpAcm);
  return { isModem, kind: 'unknown', row: null };
}

/** Protocols 04 to 06 (GSM 07.07, 3GPP 27.007, C-S0017) are the command sets of cellular modems: PSTN 1.2 table 17. */
function isDialUpAcm(face: InterfaceClass): boolean {
  return isAcmInterface(face) && face.protocol <= 0x03;
}

const SOFTMODEM_WORDS = /modem|softk56|\bsm56\b|\bhsf\b|\bhcf\b/i;

/**
 * A softmodem not in the catalogue: it says modem, or names a softmodem's chip, and has no tty, no driver, and nothing but vendor-specific, odd CDC, audio and DFU interfaces, none of which
 * `cdc_acm` could take (so Agere's, Conexant's HSF, Motorola's SM56).
 */
function hasSoftmodemSignature(device: UsbDevice, text: string): boolean {
  const faces = interfaceClasses(device);
  if (!SOFTMODEM_WORDS.test(text) || isOtherLine(device, text)) return false;
  if (faces.length === 0 || faces.some(isAcmInterface)) return false;
  const driven = device.interfaces.some(
    (face) => face.ttys.length > 0 || (face.driver !== null && face.driver !== 'snd-usb-audio'),
  );
  return !driven && faces.every((face) => SOFTMODEM_CLASSES.has(face.class));
}

/** Communications, audio, data, application specific (DFU), vendor specific. */
const SOFTMODEM_CLASSES: ReadonlySet<number> = new Set([0x02, 0x01, 0x0a, 0xfe, 0xff]);

function isOtherLine(device: UsbDevice, text: string): boolean {
  return (
    OTHER_LINE_WORDS.test(text) ||
    CELLULAR_VENDORS.has(device.vendorId) ||
    interfaceClasses(device).some((face) => face.class === 0x02 && NETWORK_SUBCLASSES.has(face.subclass)) ||
    device.interfaces.some((face) => face.driver !== null && CELLULAR_DRIVERS.has(face.driver))
  );
}
