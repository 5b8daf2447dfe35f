/** How a device that calls itself a modem gives away that no telephone line goes into it: cellular, DSL, cable. */

/** Words in its strings. */
export const OTHER_LINE_WORDS =
  /\b(?:lte|gsm|gprs|umts|hspa\+?|wcdma|cdma|evdo|wwan|3g|4g|5g|mobile|broadband|cellular|wireless|[av]?dsl|cable|gps|gnss|lora|zigbee|z-wave)\b/i;

/** Makers of cellular modules and sticks; their "modem" is never a dial-up one. Names from usb.ids. */
export const CELLULAR_VENDORS: ReadonlySet<string> = new Set([
  '05c6', // Qualcomm
  '0af0', // Option
  '0bdb', // Ericsson
  '0f3d', // AirPrime
  '106c', // Pantech
  '1199', // Sierra Wireless
  '12d1', // Huawei
  '1410', // Novatel Wireless
  '1435', // Wistron NeWeb
  '1508', // Fibocom
  '1546', // u-blox
  '16d8', // CMOTECH
  '19d2', // ZTE
  '1bbb', // T & A Mobile Phones
  '1bc7', // Telit
  '1c9e', // Longcheer
  '1e0e', // Qualcomm / SIMCom
  '1e2d', // Gemalto / Cinterion
  '2c7c', // Quectel
  '2cb7', // Fibocom
]);

/** CDC subclasses of a network adapter (ECM, EEM, NCM, MBIM, OBEX): on a phone or a cellular stick, not on a dial-up modem. CDC 1.2 table 4. */
export const NETWORK_SUBCLASSES: ReadonlySet<number> = new Set([0x06, 0x0b, 0x0c, 0x0d, 0x0e]);

/** Drivers that only cellular devices get. */
export const CELLULAR_DRIVERS: ReadonlySet<string> = new Set([
  'cdc_mbim',
  'cdc_ncm',
  'cdc_ether',
  'qmi_wwan',
  'option',
  'sierra',
  'qcserial',
  'huawei_cdc_ncm',
  'hso',
]);
