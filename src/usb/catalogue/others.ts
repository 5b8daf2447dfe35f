/** Everybody else: modems known from one report, or by their name in usb.ids. */
import { ACM_RST, type CatalogueRow, CDC_ACM_C, type RowFacts, row, USB_IDS } from './row.ts';

/** On the kernel documentation's own list of working modems. */
function listed(ids: string, model: string, facts: RowFacts = {}): CatalogueRow {
  return row(ids, model, {
    kind: 'controller',
    driver: 'cdc_acm',
    confidence: 'medium',
    sources: [USB_IDS, ACM_RST],
    ...facts,
  });
}

function zyxel(ids: string, model: string): CatalogueRow {
  return listed(ids, model, { confidence: 'high', sources: [CDC_ACM_C, USB_IDS] });
}

function soft(ids: string | null, model: string, facts: RowFacts): CatalogueRow {
  return row(ids, model, { kind: 'softmodem', confidence: 'medium', ...facts });
}

const SM56_IDS = 'cryan209/v90modem docs/apple_usb_modem_sm56.md';

export const otherRows: readonly CatalogueRow[] = [
  row('0baf:00ec', 'U.S. Robotics 56K Faxmodem', { sources: [USB_IDS, 'linmodem list msg12152'] }),
  row('0baf:6112', 'U.S. Robotics USR5633', {}),
  listed('04c1:0020', '3Com U.S. Robotics 56K Voice Pro', { voice: true, confidence: 'low' }),
  listed('04c1:0022', '3Com U.S. Robotics 56K Voice Pro', { voice: true, confidence: 'low' }),
  listed('04c1:0082', '3Com OfficeConnect 56k'),
  listed('04c1:0097', '3Com OfficeConnect 56k'),
  listed('04c1:3021', '3Com Voice FaxModem Pro', { voice: true }),
  listed('0506:3021', '3Com Voice FaxModem Pro', { voice: true }),
  listed('04c1:008f', '3Com U.S. Robotics ISDN Pro TA', { quirks: ['isdn'] }),
  listed('0803:9700', 'Zoom 2986L'),
  listed('1183:4008', 'Compaq 56k FaxModem'),
  listed('05cc:2265', 'ELSA MicroLink 56k', { confidence: 'low' }),
  listed('05cc:2267', 'ELSA MicroLink 56k (V.250)', { confidence: 'low' }),
  zyxel('0ace:1602', 'ZyXEL Omni 56K'),
  zyxel('0ace:1608', 'ZyXEL Omni 56K UNO'),
  zyxel('0ace:1611', 'ZyXEL Omni 56K Plus'),
  row('0586:1500', 'ZyXEL Omni 56K Plus', { kind: 'controller' }),

  soft('0483:7554', 'SmartLink softmodem (ST7554)', {
    aliases: ['56k SoftModem'],
    chip: 'SmartLink/ST7554',
    family: 'smartlink',
    confidence: 'high',
    sources: [USB_IDS, 'linmodems.org SmartLink notes'],
  }),
  soft('0483:ff10', 'Swann ST56 softmodem', { chip: 'SmartLink/ST', family: 'smartlink' }),
  soft('05ac:1401', 'Apple USB Modem A1082 (Motorola SM56)', {
    chip: 'Motorola SM56',
    family: 'sm56',
    confidence: 'high',
    sources: [USB_IDS, SM56_IDS],
  }),
  soft('190d:0001', 'Motorola SM56 USB modem', { chip: 'Motorola SM56', family: 'sm56', sources: [SM56_IDS] }),
  soft('190d:012c', 'Motorola SM56 USB modem', { chip: 'Motorola SM56', family: 'sm56', sources: [SM56_IDS] }),
  soft(null, 'U.S. Robotics USR5639', {
    aliases: ['USR5639 56K V.92 USB Softmodem'],
    sources: ['roycewilliams/callattendant-resources modem-info/usr5637/docs/modem-transition-5637-5639.pdf'],
  }),
  soft(null, 'Conceptronic C56U (first revision)', { confidence: 'low', sources: ['Kazade/dreampi README'] }),

  row(null, 'StarTech USB56KEM3', { voice: false, sources: ['home-assistant/home-assistant.io issue 29750'] }),
  row('0803:1300', 'Zoom V92 Faxmodem', {}),
  row('045a:07da', 'Diamond Supra Express 56K', {}),
  row('045a:0b68', 'Diamond SupraMax 56K', {}),
  row('05cc:2280', 'ELSA MicroLink 56k Fun', {}),
  row('06ea:0001', 'NetComm Roadster II 56k', {}),
  row('06ea:0002', 'NetComm Roadster II 56k', {}),
  row('0734:0001', 'Lasat 560V', {}),
  row('0734:0002', 'Lasat 560V', {}),
  row('07a1:d952', 'Digicom Palladio USB V.92', {}),
  row('07e1:5201', 'Ambient V.90 modem', { chip: 'Ambient (Cirrus/Intel)' }),
  row('083f:b100', 'Global Village TelePort V.90', {}),
  row('145f:0106', 'Trust 56K V92 USB modem', {}),
  row('1668:0333', 'Actiontec USB modem', {}),
  row('1690:0101', 'Creative Modem Blaster DE5670', { aliases: ['Askey DE5670'] }),
  row('2001:f10d', 'D-Link (Accent Communications) modem', {}),
  row('069f:0010', 'Allied Data Tornado Speakerphone FaxModem 56.0', {}),
  row('069f:0011', 'Allied Data Tornado Speakerphone FaxModem 56.0', {}),
  row('2162:500c', 'Creative Modem Blaster DE5771', {}),
];
