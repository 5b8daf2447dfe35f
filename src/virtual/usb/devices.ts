/** USB devices as real units were recorded (reference: `lsusb -v` dumps of owners). The quirks are the point: the kernel and our discovery must cope with them. */

import { changed, type UsbDescription } from './description.ts';
import { acmFunction, configuration, countrySelection, endpoint, interfaceDescriptor } from './descriptor-parts.ts';

const COMMUNICATION_AT: readonly [number, number, number] = [0x02, 0x02, 0x01];
const DATA: readonly [number, number, number] = [0x0a, 0x00, 0x00];
const VENDOR: readonly [number, number, number] = [0xff, 0xff, 0xff];
const BUS_POWERED = 0x80;

/** U.S. Robotics USR5637: high speed; its only configuration has the value 2; bcdCDC reads 10.01 (1.10 with its bytes swapped); "0000002" is on every unit seen. */
export const USR5637: UsbDescription = {
  speed: 'high',
  usbVersion: 0x0200,
  deviceClass: [2, 0, 0],
  vendorId: 0x0baf,
  productId: 0x0303,
  release: 0x0200,
  manufacturerIndex: 1,
  productIndex: 2,
  serialIndex: 10,
  strings: { 1: 'U.S.Robotics', 2: 'USB Modem', 5: 'Communication Interface', 10: '0000002' },
  configurations: [
    configuration(
      { value: 2, interfaces: 2, attributes: BUS_POWERED, milliamperes: 360 },
      interfaceDescriptor(0, 1, COMMUNICATION_AT, 5),
      acmFunction({ bcdCdc: 0x1001, callManagement: 0x03, acmCapabilities: 0x06, control: 0, data: 1 }),
      endpoint(0x82, 'interrupt', 16, 10),
      interfaceDescriptor(1, 2, DATA),
      endpoint(0x01, 'bulk', 512, 0),
      endpoint(0x81, 'bulk', 512, 0),
    ),
  ],
  acm: { controlInterface: 0, notify: 2, bulkIn: 1, bulkOut: 1 },
};

/** The CDC descriptors of a Conexant stick stand after the endpoints of the data interface, where `cdc_acm` does not find them without its NO_UNION_NORMAL quirk. */
const CONEXANT_MISPLACED = [
  ...acmFunction({ bcdCdc: 0x0110, callManagement: 0x03, acmCapabilities: 0x07, control: 0, data: 1 }),
  ...countrySelection(4, 0x4803),
];

const CONEXANT_MODEM = [
  interfaceDescriptor(0, 1, COMMUNICATION_AT),
  endpoint(0x81, 'interrupt', 64, 128),
  interfaceDescriptor(1, 2, DATA),
  endpoint(0x82, 'bulk', 64, 1),
  endpoint(0x02, 'bulk', 64, 1),
  CONEXANT_MISPLACED,
];

/** Conexant CX93001 as in the TrendNet TFM-561U: full speed, two configurations (the second adds the call-progress sound), the serial number of thousands. */
export const TFM561U: UsbDescription = {
  speed: 'full',
  usbVersion: 0x0110,
  deviceClass: [2, 0, 0],
  vendorId: 0x0572,
  productId: 0x1329,
  release: 0x0100,
  manufacturerIndex: 1,
  productIndex: 2,
  serialIndex: 3,
  strings: { 1: 'Conexant', 2: 'USB Modem', 3: '24680246', 4: '04052004' },
  configurations: [
    configuration({ value: 1, interfaces: 2, attributes: BUS_POWERED, milliamperes: 100 }, ...CONEXANT_MODEM),
    configuration(
      { value: 2, interfaces: 3, attributes: BUS_POWERED, milliamperes: 100 },
      ...CONEXANT_MODEM,
      interfaceDescriptor(2, 2, DATA),
      endpoint(0x83, 'bulk', 64, 1),
      endpoint(0x03, 'bulk', 64, 1),
    ),
  ],
  acm: { controlInterface: 0, notify: 1, bulkIn: 2, bulkOut: 2 },
};

/** Agere soft modem (Hiro H50113): nothing but vendor interfaces, so no driver takes it. No dump is known; the ids and the class are. */
export const HIRO: UsbDescription = {
  speed: 'full',
  usbVersion: 0x0110,
  deviceClass: [0xff, 0xff, 0xff],
  vendorId: 0x047e,
  productId: 0x2892,
  release: 0x0100,
  manufacturerIndex: 1,
  productIndex: 2,
  serialIndex: 0,
  strings: { 1: 'Agere Systems', 2: 'Agere Systems USB V.92 Soft Modem' },
  configurations: [
    configuration(
      { value: 1, interfaces: 1, attributes: BUS_POWERED, milliamperes: 100 },
      interfaceDescriptor(0, 3, VENDOR),
      endpoint(0x81, 'interrupt', 16, 10),
      endpoint(0x82, 'bulk', 64, 0),
      endpoint(0x02, 'bulk', 64, 0),
    ),
  ],
  acm: null,
};

/** A Conexant stick whose id is in nobody's table: without the quirk `cdc_acm` gives up on it with error -22. */
export const UNLISTED_CONEXANT: UsbDescription = changed(TFM561U, { productId: 0x1399 });

/** Not a modem: an Arduino Uno (2341:0043), the commonest of all CDC-ACM devices. */
export const ARDUINO: UsbDescription = {
  speed: 'full',
  usbVersion: 0x0110,
  deviceClass: [2, 0, 0],
  vendorId: 0x2341,
  productId: 0x0043,
  release: 0x0001,
  manufacturerIndex: 1,
  productIndex: 2,
  serialIndex: 220,
  strings: { 1: 'Arduino (www.arduino.cc)', 2: 'Arduino Uno', 220: '74937303936351E01261' },
  configurations: [
    configuration(
      { value: 1, interfaces: 2, attributes: 0xc0, milliamperes: 100 },
      interfaceDescriptor(0, 1, COMMUNICATION_AT),
      acmFunction({ bcdCdc: 0x0110, callManagement: 0x01, acmCapabilities: 0x06, control: 0, data: 1 }),
      endpoint(0x82, 'interrupt', 8, 255),
      interfaceDescriptor(1, 2, DATA),
      endpoint(0x04, 'bulk', 64, 1),
      endpoint(0x83, 'bulk', 64, 1),
    ),
  ],
  acm: { controlInterface: 0, notify: 2, bulkIn: 3, bulkOut: 4 },
};

/** A USR5637 that asks for 510 mA, the most bMaxPower can say at high speed: more than a hub port gives (500 mA), so the kernel configures nothing. */
export const HUNGRY_USR5637: UsbDescription = changed(USR5637, { milliamperes: 510 });
