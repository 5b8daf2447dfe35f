import { describe, expect, it } from 'vitest';
import { catalogue, KNOWN_GOOD, lookUpModem } from '../../src/usb/catalogue/catalogue.ts';
import { NO_UNION_NORMAL } from '../../src/usb/catalogue/kernel-quirks.ts';

const ids = catalogue.filter((row) => row.vendorId !== null).map((row) => `${row.vendorId}:${row.productId}`);

describe('the catalogue', () => {
  it('holds every id once, in four lower-case hex digits', () => {
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{4}:[0-9a-f]{4}$/);
  });

  it('says of each row what is on the box and where it is known from', () => {
    for (const row of catalogue) {
      expect(row.model.length).toBeGreaterThan(4);
      expect(row.sources.length).toBeGreaterThan(0);
    }
  });

  it.each([
    ['0baf:0303', 'U.S. Robotics USR5637', 'usr5637', 'controller'],
    ['0572:1329', 'TRENDnet TFM-561U (Conexant CX93010)', 'conexant', 'controller'],
    ['0572:1349', 'Hiro H50228 / StarTech USB56KEMH2 (Conexant CX930xx)', 'conexant', 'controller'],
    ['0803:3095', 'Zoom 3095 (Conexant CX93001)', 'conexant', 'controller'],
    ['047e:2892', 'Hiro H50113 (Agere softmodem)', 'agere', 'softmodem'],
    ['05ac:1401', 'Apple USB Modem A1082 (Motorola SM56)', 'sm56', 'softmodem'],
  ])('%s is %s', (id, model, family, kind) => {
    const [vendorId, productId] = id.split(':') as [string, string];
    expect(lookUpModem(vendorId, productId)).toMatchObject({ model, family, kind });
  });

  it('tells to buy only what it knows to work', () => {
    for (const name of KNOWN_GOOD) {
      const rows = catalogue.filter((row) => [row.model, ...row.aliases].some((text) => text.includes(name)));
      expect(rows.some((row) => row.kind === 'controller' && row.confidence === 'high')).toBe(true);
    }
  });

  it('knows a driver for each modem with a kernel quirk that it lists', () => {
    const listed = catalogue.filter((row) => NO_UNION_NORMAL.has(`${row.vendorId}:${row.productId}`));
    expect(listed).toHaveLength(8);
    for (const row of listed) expect(row.driver).toBe('cdc_acm');
  });

  it('gives no driver to a softmodem', () => {
    for (const row of catalogue.filter((entry) => entry.kind === 'softmodem')) expect(row.driver).toBeNull();
  });
});
