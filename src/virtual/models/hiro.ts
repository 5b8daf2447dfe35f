/**
 * Hiro H50113 and its no-name twins: an Agere "Systems Soft Modem". Its signal processing was left to a Windows driver: nothing answers AT and no Linux driver makes a tty of it. Its string
 * descriptors were never published; these are of the form that the id lists give it.
 */
import type { ModemModel } from './model.ts';

export const hiro: ModemModel = {
  id: 'hiro',
  name: 'Hiro H50113 soft modem',
  usb: {
    vendorId: 0x047e,
    productId: 0x2892,
    speed: 'high',
    bcdUsb: 0x0200,
    bcdDevice: 0x0100,
    manufacturer: { index: 1, text: 'Agere Systems' },
    product: { index: 2, text: 'Soft Modem' },
    serial: null,
  },
  dialect: null,
};
