/** sysfs, as a broken device or kernel would fill it, and the registry of virtual modems, as anybody may: what is told of it has the form that is promised, and is fit for a terminal. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { KnownStrings } from '../../../src/usb/device-strings.ts';
import { listModems } from '../../../src/usb/list-modems.ts';
import { toJson } from '../../../src/usb/modem-info.ts';
import { listUnknownDevices } from '../../../src/usb/unknown-devices.ts';
import { FakeSystem } from '../../support/fake-system.ts';
import { usr } from '../../usb/plugged.ts';
import { conexant, USR5637 } from '../../usb/recorded.ts';
import { fuzz, textOf } from '../property.ts';

const OF_DEVICE = {
  busnum: '1\n',
  devnum: '4\n',
  idVendor: '0baf\n',
  idProduct: '0303\n',
  speed: '480\n',
  authorized: '1\n',
  bDeviceClass: '02\n',
};
const OF_INTERFACE = {
  bInterfaceNumber: '00\n',
  bInterfaceClass: '02\n',
  bInterfaceSubClass: '02\n',
  bInterfaceProtocol: '01\n',
};
/** The address, and with it the strings known, of a device that was asked before: its strings take a child, which most cases are spared. */
const ADDRESS = 4;

/** What an attribute could hold: nothing, rubbish, another attribute's sort of value, mostly its own. */
const content = (own: string) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant(own) },
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }) },
    { weight: 1, arbitrary: fc.constantFrom('', '\n', '-1\n', '0x10\n', '99999999999\n', 'ff\n', '0572\n', '1329\n') },
  );
const attributes = (of: Record<string, string>) =>
  fc.record(
    Object.fromEntries(
      Object.entries(of).map(([name, own]) => [name, name === 'devnum' ? fc.constant(own) : content(own)]),
    ),
  );
const text = fc.option(textOf(['USR', 'Modem', ' ', 'Conexant', 'LTE', '\n'], 50).map((one) => one.slice(0, 126)));
const spoilt = fc
  .tuple(
    fc.constantFrom(USR5637, conexant()),
    fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 6 }),
    fc.nat(300),
  )
  .map(([real, changes, length]) => {
    const bytes = Uint8Array.from(real.subarray(0, length));
    for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
    return bytes;
  });
const registration = fc.oneof(
  fc.uint8Array({ maxLength: 100 }),
  fc
    .record(
      {
        name: fc.oneof(fc.constant('usr5637'), fc.anything()),
        pid: fc.oneof(fc.constant(process.pid), fc.anything()),
        tty: fc.oneof(fc.constant('/dev/pts/1'), fc.constant(null), fc.anything()),
        control: fc.oneof(fc.constant('/x.sock'), fc.anything()),
        plugged: fc.oneof(fc.boolean(), fc.anything()),
        pluggings: fc.oneof(fc.nat(), fc.anything()),
        vendorId: fc.oneof(fc.constant('0baf'), fc.anything()),
        productId: fc.oneof(fc.constant('0303'), fc.anything()),
        manufacturer: fc.oneof(text, fc.anything()),
        product: fc.oneof(text, fc.anything()),
        serial: fc.oneof(text, fc.anything()),
      },
      { requiredKeys: [] },
    )
    .map((value) => {
      try {
        return Buffer.from(JSON.stringify(value));
      } catch {
        return Buffer.from('{}');
      }
    }),
);

const machine = fc.record({
  own: attributes(OF_DEVICE),
  face: attributes(OF_INTERFACE),
  strings: fc.record({ manufacturer: text, product: text, serial: text }),
  descriptors: fc.oneof(spoilt, fc.uint8Array({ maxLength: 200 })),
  registration,
  /** Also what is not known as a modem, which takes children. */
  asks: fc.integer({ min: 0, max: 19 }).map((one) => one === 0),
});

let system: FakeSystem | null = null;

export const sysfs = fuzz(
  'sysfs',
  machine,
  async ({ own, face, strings, descriptors, registration: virtual, asks }) => {
    system = new FakeSystem();
    const { roots, virtualFolder } = system;
    system.plug(usr('1-1', 'ttyACM0', { descriptors }));
    for (const [port, values] of [
      ['1-1', own],
      ['1-1:2.0', face],
    ] as const) {
      for (const [name, value] of Object.entries(values)) {
        if (value === null) rmSync(join(roots.sys, 'bus/usb/devices', port, name), { force: true });
        else system.attribute(port, name, value);
      }
    }
    mkdirSync(virtualFolder, { mode: 0o700 });
    system.write(join(virtualFolder, 'usr5637.json'), virtual);
    // As the child that reads them gives them.
    const clean = (value: string | null) => value?.replace(/\p{C}/gu, '').trim() || null;
    const known = {
      manufacturer: clean(strings.manufacturer),
      product: clean(strings.product),
      serial: clean(strings.serial),
    };
    const knownStrings: KnownStrings = new Map([['1-1', { address: ADDRESS, strings: known }]]);
    const options = { roots, virtualFolder };
    const listed = await listModems({ ...options, all: true, knownStrings });
    const unknown = asks ? await listUnknownDevices(options) : [];
    for (const info of listed) {
      assert.match(info.vendorId + info.productId, /^[0-9a-f]{8}$/);
      assert.ok(info.virtual || info.id === '1-1');
      assert.ok(info.virtual || /\/bus\/usb\/-?\d+\/-?\d+$/.test(info.usbfsNode ?? ''));
    }
    assert.doesNotMatch(JSON.stringify([listed.map(toJson), unknown]), /\p{C}/u);
  },
  () => {
    system?.remove();
    system = null;
  },
);
