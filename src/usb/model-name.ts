/** What a modem is called in front of people. */
import type { CatalogueRow } from './catalogue/row.ts';
import type { DeviceStrings } from './device-strings.ts';

/** The box's name from the catalogue, else what the device calls itself, else its ids. */
export function modelName(
  row: CatalogueRow | null,
  strings: DeviceStrings,
  ids: { readonly vendorId: string; readonly productId: string },
): string {
  if (row) return row.model;
  const { manufacturer, product } = strings;
  if (product && manufacturer && !product.toLowerCase().startsWith(manufacturer.toLowerCase())) {
    return `${manufacturer} ${product}`;
  }
  return product ?? manufacturer ?? `USB device ${ids.vendorId}:${ids.productId}`;
}
