/** Conexant's USB modems. Those with a CX930xx controller are sold under many names and share their ids; what is called soft, HSF or HCF left its work to Windows. */
import { ACM_RST, type CatalogueRow, CDC_ACM_C, DGCMODEM, type RowFacts, row, USB_IDS } from './row.ts';

/** Row of a CX930xx; the kernel has a quirk for its misplaced descriptors (kernel-quirks.ts). */
function cx930xx(ids: string, model: string, facts: RowFacts): CatalogueRow {
  return row(ids, model, {
    chip: 'Conexant CX93010',
    family: 'conexant',
    kind: 'controller',
    driver: 'cdc_acm',
    fax: ['1', '1.0'],
    voice: true,
    callerId: true,
    confidence: 'high',
    ...facts,
  });
}

/** Ids known from a dead proprietary driver's list only. */
function dgc(ids: string): CatalogueRow {
  return row(ids, 'Conexant USB modem (CX9301x)', {
    chip: 'Conexant CX9301x',
    family: 'conexant',
    kind: 'controller',
    driver: 'cdc_acm',
    sources: [DGCMODEM],
  });
}

function soft(ids: string, model: string, facts: RowFacts): CatalogueRow {
  return row(ids, model, { family: 'conexant-soft', kind: 'softmodem', ...facts });
}

export const conexantRows: readonly CatalogueRow[] = [
  cx930xx('0572:1329', 'TRENDnet TFM-561U (Conexant CX93010)', {
    aliases: ['StarTech USB56KEMH2 (older)', 'StarTech USB56KEMH', 'Hummingbird huc56s', 'Gnet FM56USB'],
    chip: 'Conexant CX93001-EIS / CX93010',
    quirks: ['constant-serial', 'atz-clears-caller-id'],
    sources: [
      CDC_ACM_C,
      'askubuntu.com/questions/192717',
      'daemonforums.org/showthread.php?t=7709',
      'ubuntuforums.org lsusb -v dumps 2012-05-21 and 2018',
      DGCMODEM,
    ],
  }),
  cx930xx('0572:1328', 'Aztech UM-3100 (Conexant CX93010)', {
    aliases: ['Shiro USB modem', 'TRENDnet TFM-561'],
    sources: [CDC_ACM_C, USB_IDS, 'yoonkit.blogspot.com/2008/09', DGCMODEM],
  }),
  cx930xx('0572:1340', 'USB 56K stick (Conexant CX93010-2x)', {
    aliases: ['Pluscom USB 56K', 'KALEA 56K', 'ACF Modem', 'UCMxx'],
    chip: 'Conexant CX93001-EIS_V0.2013 / CX93010-2x',
    quirks: ['constant-serial', 'wedges'],
    fax: ['1', '1.0', '2'],
    sources: [
      CDC_ACM_C,
      USB_IDS,
      'AT0myks/pycallblock README.md',
      'unix.stackexchange.com/questions/215381',
      'Casandro/slopmodem2 docs',
      DGCMODEM,
    ],
  }),
  cx930xx('0572:1349', 'Hiro H50228 / StarTech USB56KEMH2 (Conexant CX930xx)', {
    aliases: ['Hiro H50228', 'StarTech USB56KEMH2'],
    chip: 'Conexant CX930xx',
    sources: [CDC_ACM_C, 'geerlingguy/pi-isp issue 1 (2026-03-26)'],
  }),
  cx930xx('0572:1321', 'Rosewill RNX-56USB (Conexant CX93010)', {
    chip: 'Conexant CX93010 + CX20548',
    quirks: ['constant-serial', 'caller-id-needs-country'],
    sources: [CDC_ACM_C, 'linuxhw hardware tables (Raspberry Pi 3B/2B)', 'sandeen.net, RNX-56USB', DGCMODEM],
  }),
  cx930xx('0572:1324', 'Dell RD02-D400 (Conexant CX93010)', {
    aliases: ['Lenovo RD02-D400'],
    quirks: ['long-caller-id-init'],
    sources: [CDC_ACM_C, 'thess/callattendant issue 2', DGCMODEM],
  }),
  cx930xx('17ef:7000', 'Lenovo USB modem (Conexant RD02-D400)', {
    aliases: ['Lenovo 56K USB modem'],
    sources: [CDC_ACM_C, 'the.cyclingengineer.co.uk 2012-06-23', DGCMODEM],
  }),
  cx930xx('0803:3095', 'Zoom 3095 (Conexant CX93001)', {
    aliases: ['Zoom 3095F', 'Zoom V.92 mini'],
    chip: 'Conexant CX93001-EIS_V0.2002-V92',
    quirks: ['constant-serial'],
    sources: [CDC_ACM_C, 'therandymon.com archives 156', 'ubuntuforums.org 2012-06/07 (lsusb -v)', USB_IDS, DGCMODEM],
  }),
  dgc('0572:1320'),
  dgc('0572:1322'),
  dgc('0572:1323'),
  row('0572:1280', 'Zoom 2986 (Conexant ACF)', {
    aliases: ['USB ACF Modem'],
    chip: 'Conexant ACF',
    family: 'conexant',
    kind: 'controller',
    driver: 'cdc_acm',
    quirks: ['hungry'],
    confidence: 'medium',
    sources: ['adras.com, USB 56K modem onto RHEL4 U3', ACM_RST],
  }),
  row(null, 'Longshine LCS-8156C1', {
    chip: 'Conexant CX930xx',
    family: 'conexant',
    kind: 'controller',
    driver: 'cdc_acm',
    fax: ['1', '1.0'],
    voice: true,
    callerId: true,
    confidence: 'medium',
    sources: ['Kazade/dreampi README', 'azmanual.top/manuals/698245'],
  }),
  soft('0572:1300', 'Conexant SoftK56 softmodem', {
    aliases: ['SoftK56 Data Fax Voice CARP'],
    chip: 'Conexant HSF',
    confidence: 'high',
    sources: [USB_IDS, 'askubuntu.com/questions/192717', 'scanModem reports on ubuntuforums.org'],
  }),
  soft('0572:1301', 'Conexant Modem Enumerator', { chip: 'Conexant HSF/HCF' }),
  soft('0572:1252', 'Conexant HCF V.90 softmodem', { chip: 'Conexant HCF', confidence: 'medium' }),
  soft('05ac:8202', 'Apple HCF V.90 Data/Fax Modem', { chip: 'Conexant HCF' }),
  soft('1690:0104', 'Askey HCF V.90 RTAD softmodem', { chip: 'Conexant HCF' }),
  soft('1690:0107', 'Askey HCF V.90 Data/Fax softmodem', { chip: 'Conexant HCF' }),
  row('0572:1232', 'Conexant V.90 modem', {}),
  row('0572:1234', 'Typhoon Redfun Modem V90 56k', {}),
  row('0572:1253', 'Zoom V.92 Faxmodem', {}),
  row('1690:0102', 'Askey V1456 VQE-R2', { chip: 'Conexant' }),
  row('1690:0103', 'Askey 1456 VQE-R3', { chip: 'Conexant' }),
  row('1690:0109', 'Askey MagicXpress V.90 Pocket', { chip: 'Conexant' }),
];
