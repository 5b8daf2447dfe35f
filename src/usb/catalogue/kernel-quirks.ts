/** What the kernel's own driver knows of single ids (drivers/usb/class/cdc-acm.c, table acm_ids, 6.12). Only analogue modems are listed. */

/**
 * Ids with NO_UNION_NORMAL: the driver does not look for CDC's functional descriptors, takes interface 0 as control and 1 as data. Their sysfs `bmCapabilities` reads 0, a break is refused (EOPNOTSUPP), DTR
 * is still sent.
 */
export const NO_UNION_NORMAL: ReadonlySet<string> = new Set([
  '0572:1321',
  '0572:1324',
  '0572:1328',
  '0572:1329',
  '0572:1340',
  '0572:1349',
  '079b:000f',
  '0803:3095',
  '0870:0001',
  '17ef:7000',
]);

/**
 * The id whose quirk an unlisted modem with misplaced descriptors borrows by `new_id` (Documentation/ABI/testing/sysfs-bus-usb: fields four and five name a device whose driver data are copied).
 */
export const NO_UNION_REFERENCE = '0572 1329';
