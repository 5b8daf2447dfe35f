/**
 * USB descriptors as sysfs gives them (file `descriptors`: the device descriptor, then every configuration whole), read without the device lock. A device may lie in every byte: whatever does not
 * fit is skipped, nothing throws, and the result is bounded by the input. Layout: USB 2.0 section 9.6; functional descriptors: CDC 1.2 section 5.2.3 and PSTN 1.2 section 5.3.
 */

/** One CDC functional descriptor (CS_INTERFACE). */
export interface FunctionalDescriptor {
  /** bDescriptorSubtype: 0 header, 1 call management, 2 ACM, 6 union, 7 country selection. */
  readonly subtype: number;
  /** What follows the subtype. */
  readonly data: Uint8Array;
}

export interface EndpointDescriptor {
  /** bEndpointAddress; bit 7 set: towards the host. */
  readonly address: number;
  readonly type: 'control' | 'isochronous' | 'bulk' | 'interrupt';
  readonly maxPacketSize: number;
  readonly interval: number;
  /** Functional descriptors that stand behind this endpoint: the wrong place, where some Conexant modems have them all. */
  readonly functional: readonly FunctionalDescriptor[];
}

export interface InterfaceDescriptor {
  readonly number: number;
  readonly alternate: number;
  readonly class: number;
  readonly subclass: number;
  readonly protocol: number;
  /** Functional descriptors in their right place, before the first endpoint. */
  readonly functional: readonly FunctionalDescriptor[];
  readonly endpoints: readonly EndpointDescriptor[];
}

export interface ConfigurationDescriptor {
  /** bConfigurationValue; not the index: a USR5637 has one configuration, with the value 2. */
  readonly value: number;
  readonly selfPowered: boolean;
  /** In mA: bMaxPower is in units of 2 mA, at SuperSpeed of 8 mA (USB 3.2 section 9.6.3). */
  readonly maxPowerMa: number;
  readonly interfaces: readonly InterfaceDescriptor[];
}

export interface DeviceDescriptors {
  readonly deviceClass: number;
  readonly vendorId: number;
  readonly productId: number;
  readonly configurations: readonly ConfigurationDescriptor[];
}

const DEVICE = 1;
const CONFIGURATION = 2;
const INTERFACE = 4;
const ENDPOINT = 5;
const CS_INTERFACE = 0x24;
const TRANSFER_TYPES = ['control', 'isochronous', 'bulk', 'interrupt'] as const;

/** The kernel hands out at most a device descriptor and one configuration of full size (drivers/usb/core/sysfs.c). */
export const MAX_DESCRIPTOR_BYTES = 18 + 65535;

type Draft<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/**
 * Parses the file. Null when there is not even a device descriptor.
 * @param speedMbps decides the unit of bMaxPower
 */
export function parseDescriptors(bytes: Uint8Array, speedMbps = 480): DeviceDescriptors | null {
  if (bytes.length < 18 || bytes[0]! < 18 || bytes[1] !== DEVICE) return null;
  const powerUnit = speedMbps >= 5000 ? 8 : 2;
  const configurations: ConfigurationDescriptor[] = [];
  let configuration: Draft<ConfigurationDescriptor> | null = null;
  let face: Draft<InterfaceDescriptor> | null = null;
  let endpoint: Draft<EndpointDescriptor> | null = null;

  for (const item of items(bytes.subarray(18, MAX_DESCRIPTOR_BYTES))) {
    const type = item[1]!;
    if (type === CONFIGURATION && item.length >= 9) {
      configuration = {
        value: item[5]!,
        selfPowered: (item[7]! & 0x40) !== 0,
        maxPowerMa: item[8]! * powerUnit,
        interfaces: [],
      };
      configurations.push(configuration);
      face = null;
      endpoint = null;
    } else if (type === INTERFACE && item.length >= 9 && configuration) {
      face = {
        number: item[2]!,
        alternate: item[3]!,
        class: item[5]!,
        subclass: item[6]!,
        protocol: item[7]!,
        functional: [],
        endpoints: [],
      };
      configuration.interfaces.push(face);
      endpoint = null;
    } else if (type === ENDPOINT && item.length >= 7 && face) {
      endpoint = {
        address: item[2]!,
        type: TRANSFER_TYPES[item[3]! & 3]!,
        maxPacketSize: item[4]! | ((item[5]! & 7) << 8),
        interval: item[6]!,
        functional: [],
      };
      face.endpoints.push(endpoint);
    } else if (type === CS_INTERFACE && item.length >= 3 && face) {
      (endpoint ?? face).functional.push({ subtype: item[2]!, data: item.subarray(3) });
    }
  }
  return {
    deviceClass: bytes[4]!,
    vendorId: bytes[8]! | (bytes[9]! << 8),
    productId: bytes[10]! | (bytes[11]! << 8),
    configurations,
  };
}

/** Every descriptor that fits, in order. A length below 2 could never advance, so it ends the walk; one that reaches past the end is cut off there. */
function* items(bytes: Uint8Array): Generator<Uint8Array> {
  let at = 0;
  while (at + 2 <= bytes.length) {
    const length = bytes[at]!;
    if (length < 2) return;
    if (at + length > bytes.length) return;
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

/** A CDC-ACM control interface as `cdc_acm` binds it: class 02, subclass 02, protocol 00 to 06 (drivers/usb/class/cdc-acm.c, the class rows of its table). */
export function isAcmInterface(face: { class: number; subclass: number; protocol: number }): boolean {
  return face.class === 0x02 && face.subclass === 0x02 && face.protocol <= 0x06;
}

const UNION = 6;

/**
 * Tells whether the functional descriptors of the ACM interface sit on the data interface instead of behind the interface or its first endpoint, where `cdc_acm` looks for them: then its probe
 * fails ("Zero length descriptor references", -22) unless the id has the quirk NO_UNION_NORMAL. So it is with Conexant's CX930xx.
 */
export function hasMisplacedUnion(configuration: ConfigurationDescriptor): boolean {
  const control = configuration.interfaces.find(isAcmInterface);
  if (!control) return false;
  if (control.functional.length > 0 || (control.endpoints[0]?.functional.length ?? 0) > 0) return false;
  return configuration.interfaces.some(
    (face) =>
      face !== control &&
      [...face.functional, ...face.endpoints.flatMap((endpoint) => endpoint.functional)].some(
        (item) => item.subtype === UNION,
      ),
  );
}
