/** Descriptors of real devices, byte for byte as their `lsusb -v` dumps tell. */

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replace(/\s+/g, ''), 'hex'));
}

/** U.S. Robotics USR5637, high speed (ubuntuforums.org "Cannot get USB Fax Modem to work", 2023-08-10): one configuration, whose value is 2. */
export const USR5637 = bytes(`
  12 01 0002 02 00 00 40 af0b 0303 0002 01 02 0a 01
  09 02 4300 02 02 00 80 b4
    09 04 00 00 01 02 02 01 05
      05 24 00 0110   05 24 01 03 01   04 24 02 06   05 24 06 00 01
      07 05 82 03 1000 0a
    09 04 01 00 02 0a 00 00 00
      07 05 01 02 0002 00   07 05 81 02 0002 00`);

/** Conexant 0572:1329, the TFM-561U's id, full speed (ubuntuforums.org dumps 2009-10-16, 2012-05-21): two configurations, all functional descriptors behind the data endpoints. */
export function conexant(vendorId = 0x0572, productId = 0x1329): Uint8Array {
  const le = (value: number) =>
    `${(value & 0xff).toString(16).padStart(2, '0')}${(value >> 8).toString(16).padStart(2, '0')}`;
  const misplaced = '05 24 00 1001   05 24 01 03 01   04 24 02 07   05 24 06 00 01   06 24 07 04 0348';
  const common = `
    09 04 00 00 01 02 02 01 00
      07 05 81 03 4000 80
    09 04 01 00 02 0a 00 00 00
      07 05 82 02 4000 01   07 05 02 02 4000 01
      ${misplaced}`;
  return bytes(`
  12 01 1001 02 00 00 40 ${le(vendorId)} ${le(productId)} 0001 01 02 03 02
  09 02 4900 02 01 00 80 32 ${common}
  09 02 6000 03 02 00 80 32 ${common}
    09 04 02 00 02 0a 00 00 00
      07 05 83 02 4000 01   07 05 03 02 4000 01`);
}

/** Agere's softmodem 047e:2892: vendor-specific interfaces only (no dump was published; classes as scanModem reports show). */
export const AGERE = bytes(`
  12 01 1001 ff 00 00 40 7e04 9228 0001 01 02 00 01
  09 02 2000 01 01 00 80 32
    09 04 00 00 02 ff ff ff 00
      07 05 81 02 4000 00   07 05 02 02 4000 00`);

/** Arduino Uno R3, 2341:0043: a CDC-ACM device that is no modem. */
export const ARDUINO = bytes(`
  12 01 1001 02 00 00 08 4123 4300 0100 01 02 dc 01
  09 02 3e00 02 01 00 c0 32
    09 04 00 00 01 02 02 01 00
      05 24 00 1001   04 24 02 06   05 24 06 00 01
      07 05 82 03 0800 ff
    09 04 01 00 02 0a 00 00 00
      07 05 04 02 4000 01   07 05 83 02 4000 01`);
