/** The Lucent/Agere/LSI line: the USR5637, Multi-Tech's modems, the Atlas controllers, and Agere's softmodem. */
import { ACM_RST, type CatalogueRow, type RowFacts, row, USB_IDS } from './row.ts';

const TI_3410 = 'torvalds/linux drivers/usb/serial/ti_usb_3410_5052.c (id table, 6.12)';

function multiTech(ids: string, model: string, facts: RowFacts): CatalogueRow {
  return row(ids, model, { kind: 'controller', driver: 'cdc_acm', sources: [USB_IDS, ACM_RST], ...facts });
}

/** Multi-Tech behind TI's USB bridge: a ttyUSB, not a ttyACM. */
function multiTechSerial(ids: string, model: string): CatalogueRow {
  return row(ids, model, {
    chip: 'TI 3410 bridge and a controller modem',
    kind: 'controller',
    driver: 'ti_usb_3410_5052',
    quirks: ['needs-firmware'],
    confidence: 'high',
    sources: [TI_3410, USB_IDS],
  });
}

export const lucentRows: readonly CatalogueRow[] = [
  row('0baf:0303', 'U.S. Robotics USR5637', {
    aliases: ['USR805637', '5637-OEM', 'USR5637 56K Faxmodem'],
    chip: 'Agere/LSI OCM',
    family: 'usr5637',
    kind: 'controller',
    driver: 'cdc_acm',
    quirks: ['hungry', 'constant-serial', 'voice-needs-1.2.21', 'no-answer-during-ring'],
    fax: ['1'],
    voice: true,
    callerId: true,
    confidence: 'high',
    sources: [
      'ubuntuforums.org "Cannot get USB Fax Modem to work" 2023-08-10 (lsusb -v)',
      'sizeof.cat/post/usr-5637-usb-modem',
      'roycewilliams/callattendant-resources modem-info/usr5637',
      'thess/callattendant callattendant/hardware/modem.py',
      USB_IDS,
    ],
  }),
  multiTech('06e0:f101', 'Multi-Tech MT5634ZBA-USB MultiModemUSB (old firmware)', {
    aliases: ['MultiModem 56k'],
    chip: 'Lucent/Agere',
    family: 'lucent',
    confidence: 'medium',
  }),
  multiTech('06e0:f104', 'Multi-Tech MT5634ZBA-USB MultiModemUSB', {
    aliases: ['MultiModem 56k'],
    chip: 'Lucent/Agere',
    family: 'lucent',
    confidence: 'medium',
  }),
  multiTech('06e0:f107', 'Multi-Tech MT5634ZBA-USB-V92 MultiModemUSB', {
    chip: 'Lucent/Agere',
    family: 'lucent',
    confidence: 'medium',
  }),
  multiTech('06e0:f120', 'Multi-Tech MT9234ZBA-USB-CDC-ACM-XR MultiModem ZBA', {
    confidence: 'medium',
    sources: [USB_IDS],
  }),
  multiTech('06e0:f103', 'Multi-Tech MT5634MU MultiMobileUSB', { driver: null, sources: [USB_IDS] }),
  multiTechSerial('06e0:f114', 'Multi-Tech MT9234MU'),
  multiTechSerial('06e0:f115', 'Multi-Tech MT9234ZBA-USB'),
  multiTechSerial('06e0:0319', 'Multi-Tech MT9234ZBA-USB MultiModem ZBA (old id)'),
  row('1608:1403', 'Multi-Tech MT4X56 (Digi Edgeport)', {
    kind: 'controller',
    driver: 'io_edgeport',
    quirks: ['needs-firmware'],
    confidence: 'medium',
    sources: [USB_IDS, 'torvalds/linux drivers/usb/serial/io_usbvend.h and io_edgeport.c'],
  }),
  row('047e:f101', 'Lucent Atlas modem', { chip: 'Lucent Atlas', family: 'lucent', kind: 'controller' }),
  row('045a:0b4a', 'Diamond SupraMax 2890 56K', { chip: 'Lucent Atlas', family: 'lucent', kind: 'controller' }),
  row('07b8:f101', 'AboCom DSB-560', { chip: 'Lucent Atlas', family: 'lucent', kind: 'controller' }),
  row('047e:bad1', 'Lucent 56k Modem', { chip: 'Lucent' }),
  row('047e:2892', 'Hiro H50113 (Agere softmodem)', {
    aliases: ['Agere Systems Soft Modem'],
    chip: 'Agere USB softmodem (agrsm)',
    family: 'agere',
    kind: 'softmodem',
    confidence: 'high',
    sources: [USB_IDS, 'ubuntuforums.org 2008, 2009, 2010-08-21 (Hiro H50113, scanModem)'],
  }),
];
