/**
 * The configurations of the modems in the box, as real units were recorded (`lsusb -v` dumps of owners). The quirks are the point: the kernel and our discovery must cope with them. Ids and strings are the
 * model's (`../models/`); here is what only the bus sees.
 */
import type { ModemModel } from '../models/model.ts';
import type { AcmEndpoints, UsbDescription } from './description.ts';
import { acmFunction, configuration, countrySelection, endpoint, interfaceDescriptor } from './descriptor-parts.ts';

interface Layout {
  deviceClass: readonly [number, number, number];
  /** Strings beside manufacturer, product and serial number. */
  strings: Readonly<Record<number, string>>;
  configurations: readonly Uint8Array[];
  acm: AcmEndpoints | null;
}

const MODEM: readonly [number, number, number] = [0x02, 0x02, 0x01];
const DATA: readonly [number, number, number] = [0x0a, 0x00, 0x00];
const VENDOR: readonly [number, number, number] = [0xff, 0xff, 0xff];
const BUS_POWERED = 0x80;

/** Its only configuration has the value 2 (hence `cdc_acm 4-2:2.0` in kernel logs); bcdCDC reads 10.01, which is 1.10 with its bytes swapped. */
const USR5637: Layout = {
  deviceClass: [2, 0, 0],
  strings: { 5: 'Communication Interface' },
  configurations: [
    configuration(
      { value: 2, interfaces: 2, attributes: BUS_POWERED, milliamperes: 360 },
      interfaceDescriptor(0, 1, MODEM, 5),
      acmFunction({ bcdCdc: 0x1001, callManagement: 0x03, acmCapabilities: 0x06, control: 0, data: 1 }),
      endpoint(0x82, 'interrupt', 16, 10),
      interfaceDescriptor(1, 2, DATA),
      endpoint(0x01, 'bulk', 512, 0),
      endpoint(0x81, 'bulk', 512, 0),
    ),
  ],
  acm: { controlInterface: 0, notify: 2, bulkIn: 1, bulkOut: 1 },
};

/** The CDC descriptors of a Conexant stick stand after the endpoints of the data interface, where `cdc_acm` does not find them without its quirk NO_UNION_NORMAL. */
const CONEXANT_INTERFACES = [
  interfaceDescriptor(0, 1, MODEM),
  endpoint(0x81, 'interrupt', 64, 128),
  interfaceDescriptor(1, 2, DATA),
  endpoint(0x82, 'bulk', 64, 1),
  endpoint(0x02, 'bulk', 64, 1),
  acmFunction({ bcdCdc: 0x0110, callManagement: 0x03, acmCapabilities: 0x07, control: 0, data: 1 }),
  countrySelection(4, 0x4803),
];

/** Two configurations; the second, which Linux never chooses, adds the sound of call progress. */
const CONEXANT: Layout = {
  deviceClass: [2, 0, 0],
  strings: { 4: '04052004' },
  configurations: [
    configuration({ value: 1, interfaces: 2, attributes: BUS_POWERED, milliamperes: 100 }, ...CONEXANT_INTERFACES),
    configuration(
      { value: 2, interfaces: 3, attributes: BUS_POWERED, milliamperes: 100 },
      ...CONEXANT_INTERFACES,
      interfaceDescriptor(2, 2, DATA),
      endpoint(0x83, 'bulk', 64, 1),
      endpoint(0x03, 'bulk', 64, 1),
    ),
  ],
  acm: { controlInterface: 0, notify: 1, bulkIn: 2, bulkOut: 2 },
};

/** A winmodem: nothing but vendor interfaces, so no driver takes it. No dump of one is known; that it is so is. */
const SOFT_MODEM: Layout = {
  deviceClass: [0xff, 0xff, 0xff],
  strings: {},
  configurations: [
    configuration(
      { value: 1, interfaces: 1, attributes: BUS_POWERED, milliamperes: 100 },
      interfaceDescriptor(0, 3, VENDOR),
      endpoint(0x81, 'interrupt', 16, 10),
      endpoint(0x82, 'bulk', 512, 0),
      endpoint(0x02, 'bulk', 512, 0),
    ),
  ],
  acm: null,
};

const LAYOUTS: Readonly<Record<string, Layout>> = { usr5637: USR5637, tfm561u: CONEXANT, hiro: SOFT_MODEM };

/** The whole USB device that a model is. */
export function describeModel(model: ModemModel): UsbDescription {
  const { usb } = model;
  const named = [usb.manufacturer, usb.product, usb.serial].flatMap((string) => (string ? [string] : []));
  const layout = LAYOUTS[model.id] ?? SOFT_MODEM;
  return {
    ...layout,
    speed: usb.speed,
    usbVersion: usb.bcdUsb,
    vendorId: usb.vendorId,
    productId: usb.productId,
    release: usb.bcdDevice,
    manufacturerIndex: usb.manufacturer?.index ?? 0,
    productIndex: usb.product?.index ?? 0,
    serialIndex: usb.serial?.index ?? 0,
    strings: { ...layout.strings, ...Object.fromEntries(named.map(({ index, text }) => [index, text])) },
  };
}
