import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isPortPath, listUsbDevices, readUsbDevice } from '../../src/usb/sysfs.ts';
import { FakeSystem } from '../support/fake-system.ts';
import { usr } from './plugged.ts';

let system: FakeSystem;
beforeEach(() => {
  system = new FakeSystem();
});
afterEach(() => system.remove());

describe('sysfs', () => {
  it('names that are no port path are none', () => {
    for (const name of ['1-1', '12-1.4.3', '3-1.2.3.4.5.6.7']) expect(isPortPath(name)).toBe(true);
    for (const name of ['usb1', '1-1:1.0', '1-', '-1', '1-1.', '1-1/..', '../1-1', '1-1\n', '1-1.2.3.4.5.6.7.8', ''])
      expect([name, isPortPath(name)]).toEqual([name, false]);
    expect(readUsbDevice('../../1-1', system.roots)).toBeNull();
  });

  it.each(['busnum', 'devnum'])(
    'a device whose %s is below nought is none: its node would have a strange name',
    (name) => {
      system.plug(usr('1-1', 'ttyACM0')).plug(usr('1-2', 'ttyACM1'));
      system.attribute('1-1', name, '-1\n');
      expect(listUsbDevices(system.roots).map(({ port }) => port)).toEqual(['1-2']);
    },
  );

  it('of folders that should be files, and files that should be folders, nothing is told', () => {
    system.plug(usr('1-1', 'ttyACM0'));
    system.attribute('1-2/idVendor', 'x', '');
    system.write(join(system.roots.sys, 'bus/usb/devices/1-3'), 'a file');
    expect(listUsbDevices(system.roots).map(({ port }) => port)).toEqual(['1-1']);
  });
});
