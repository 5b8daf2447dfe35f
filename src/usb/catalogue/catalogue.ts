/** The catalogue of USB telephone-line modems, and the way to look in it. */
import { conexantRows } from './conexant.ts';
import { lucentRows } from './lucent.ts';
import { otherRows } from './others.ts';
import type { CatalogueRow } from './row.ts';

/** Every modem known, also those known by name only. */
export const catalogue: readonly CatalogueRow[] = [...lucentRows, ...conexantRows, ...otherRows];

const byIds = new Map(
  catalogue
    .filter((entry) => entry.vendorId !== null)
    .map((entry) => [`${entry.vendorId}:${entry.productId}`, entry] as const),
);

/** The row of a device, or null. Ids are four lower-case hex digits. */
export function lookUpModem(vendorId: string, productId: string): CatalogueRow | null {
  return byIds.get(`${vendorId}:${productId}`) ?? null;
}

/** What to buy instead of a softmodem: known to work, and sold under these names. */
export const KNOWN_GOOD = ['USR5637', 'TRENDnet TFM-561U', 'StarTech USB56KEMH2', 'Hiro H50228'] as const;
