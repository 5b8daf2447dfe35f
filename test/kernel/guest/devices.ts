// USB devices that are on no list of models, but that discovery must cope with.

import type { UsbDescription } from '../../../src/virtual/usb/description.ts';
import {
  acmFunction,
  configuration,
  endpoint,
  interfaceDescriptor,
} from '../../../src/virtual/usb/descriptor-parts.ts';

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
      interfaceDescriptor(0, 1, [0x02, 0x02, 0x01]),
      acmFunction({ bcdCdc: 0x0110, callManagement: 0x01, acmCapabilities: 0x06, control: 0, data: 1 }),
      endpoint(0x82, 'interrupt', 8, 255),
      interfaceDescriptor(1, 2, [0x0a, 0x00, 0x00]),
      endpoint(0x04, 'bulk', 64, 1),
      endpoint(0x83, 'bulk', 64, 1),
    ),
  ],
  acm: { controlInterface: 0, notify: 2, bulkIn: 3, bulkOut: 4 },
};

/** More than a USB 2 port gives (500 mA), and the most that bMaxPower can say: the kernel configures nothing. */
export const HUNGRY = { milliamperes: 510 };

/** A Conexant id that is in nobody's table: without the quirk, `cdc_acm` gives up with error -22. */
export const UNLISTED = { productId: 0x1399 };
