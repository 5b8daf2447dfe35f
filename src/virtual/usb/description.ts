/** What a USB device says of itself; everything the kernel and `lsusb` can read is made of this. */
export interface UsbDescription {
  /** The bus speed it runs at: 12 or 480 Mbit/s. */
  speed: 'full' | 'high';
  /** bcdUSB, e.g. 0x0200. */
  usbVersion: number;
  /** bDeviceClass, bDeviceSubClass, bDeviceProtocol. */
  deviceClass: readonly [number, number, number];
  vendorId: number;
  productId: number;
  /** bcdDevice. */
  release: number;
  /** Indexes into `strings`; 0 is none. */
  manufacturerIndex: number;
  productIndex: number;
  serialIndex: number;
  strings: Readonly<Record<number, string>>;
  /** Whole configurations, in the order the device lists them. */
  configurations: readonly Uint8Array[];
  /** Which endpoints make it a CDC-ACM modem, if it is one. */
  acm: AcmEndpoints | null;
}

/** Endpoint addresses without the direction bit, and the number of the control interface. */
export interface AcmEndpoints {
  controlInterface: number;
  notify: number;
  bulkIn: number;
  bulkOut: number;
}

/** What may differ between two units of one model, or is made to differ by a test. */
export interface DescriptionChanges {
  vendorId?: number;
  productId?: number;
  manufacturer?: string;
  product?: string;
  /** Null: the unit has no serial number. */
  serial?: string | null;
  /** bMaxPower of every configuration, in mA. */
  milliamperes?: number;
}

/** The same device with other ids, strings or appetite. */
export function changed(base: UsbDescription, changes: DescriptionChanges): UsbDescription {
  const strings = { ...base.strings };
  if (changes.manufacturer !== undefined) strings[base.manufacturerIndex] = changes.manufacturer;
  if (changes.product !== undefined) strings[base.productIndex] = changes.product;
  if (typeof changes.serial === 'string') strings[base.serialIndex] = changes.serial;
  return {
    ...base,
    vendorId: changes.vendorId ?? base.vendorId,
    productId: changes.productId ?? base.productId,
    serialIndex: changes.serial === null ? 0 : base.serialIndex,
    strings,
    configurations: base.configurations.map((configuration) => {
      if (changes.milliamperes === undefined) return configuration;
      const copy = Uint8Array.from(configuration);
      copy[8] = Math.round(changes.milliamperes / 2);
      return copy;
    }),
  };
}

/** The eighteen bytes of the device descriptor (USB 2.0, table 9-8). */
export function deviceDescriptor(description: UsbDescription): Uint8Array {
  const bytes = Buffer.alloc(18);
  bytes.set([18, 0x01]);
  bytes.writeUInt16LE(description.usbVersion, 2);
  bytes.set(description.deviceClass, 4);
  bytes[7] = 64;
  bytes.writeUInt16LE(description.vendorId, 8);
  bytes.writeUInt16LE(description.productId, 10);
  bytes.writeUInt16LE(description.release, 12);
  bytes.set(
    [
      description.manufacturerIndex,
      description.productIndex,
      description.serialIndex,
      description.configurations.length,
    ],
    14,
  );
  return bytes;
}
