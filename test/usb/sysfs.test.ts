import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listModems } from '../../src/usb/list-modems.ts';
import { toJson } from '../../src/usb/modem-info.ts';
import { isPortPath, listUsbDevices, readUsbDevice } from '../../src/usb/sysfs.ts';
import { listUnknownDevices } from '../../src/usb/unknown-devices.ts';
import { FakeSystem } from '../support/fake-system.ts';
import { usr } from './plugged.ts';
import { USR5637 } from './recorded.ts';

let system: FakeSystem;
beforeEach(() => {
  system = new FakeSystem();
});
afterEach(() => system.remove());

const bytes = fc.uint8Array({ maxLength: 60 });
/** What an attribute could hold if device or kernel were broken: nothing, rubbish, another attribute's sort of value, its own. */
const content = (own: string) =>
  fc.oneof(fc.constant(null), bytes, fc.constantFrom('', '\n', '-1\n', '0x10\n', '99999999999\n', 'ff\n', own));

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
const STRINGS = { manufacturer: 'U.S.Robotics\n', product: 'USB Modem\n', serial: '0000002\n' };

const attributes = <T extends Record<string, string>>(of: T) =>
  fc.record(Object.fromEntries(Object.entries(of).map(([name, own]) => [name, content(own)])));

describe('sysfs', () => {
  it('may hold anything: nothing throws, what is told is of the form that is promised, and fit for a terminal', async () => {
    const device = fc.record({
      own: attributes(OF_DEVICE),
      face: attributes(OF_INTERFACE),
      strings: attributes(STRINGS),
      descriptors: fc.oneof(fc.constant(USR5637), fc.uint8Array({ maxLength: 200 })),
    });
    await fc.assert(
      fc.asyncProperty(device, async ({ own, face, strings, descriptors }) => {
        system.unplug('1-1');
        system.plug(usr('1-1', 'ttyACM0', { descriptors }));
        const write = (port: string, values: Record<string, string | Uint8Array | null>) => {
          for (const [name, value] of Object.entries(values)) {
            if (value === null) rmSync(join(system.roots.sys, 'bus/usb/devices', port, name), { force: true });
            else system.attribute(port, name, value);
          }
        };
        write('1-1', own);
        write('1-1:2.0', face);
        write('1-1', strings);
        const options = { roots: system.roots, virtualFolder: system.virtualFolder };
        const listed = await listModems({ ...options, all: true });
        const unknown = await listUnknownDevices(options);
        for (const info of listed) {
          expect(info.vendorId + info.productId).toMatch(/^[0-9a-f]{8}$/);
          expect(info.id).toBe('1-1');
          expect(Number.isSafeInteger(info.bus) && Number.isSafeInteger(info.address)).toBe(true);
          expect(info.usbfsNode).toMatch(/\/bus\/usb\/-?\d+\/-?\d+$/);
        }
        expect(JSON.stringify([listed.map(toJson), unknown])).not.toMatch(/\p{C}/u);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('names that are no port path are none', () => {
    for (const name of ['1-1', '12-1.4.3', '3-1.2.3.4.5.6.7']) expect(isPortPath(name)).toBe(true);
    for (const name of ['usb1', '1-1:1.0', '1-', '-1', '1-1.', '1-1/..', '../1-1', '1-1\n', '1-1.2.3.4.5.6.7.8', ''])
      expect([name, isPortPath(name)]).toEqual([name, false]);
    expect(readUsbDevice('../../1-1', system.roots)).toBeNull();
  });

  it('of folders that should be files, and files that should be folders, nothing is told', () => {
    system.plug(usr('1-1', 'ttyACM0'));
    system.attribute('1-2/idVendor', 'x', '');
    system.write(join(system.roots.sys, 'bus/usb/devices/1-3'), 'a file');
    expect(listUsbDevices(system.roots).map(({ port }) => port)).toEqual(['1-1']);
  });
});
