import { afterEach, beforeEach, expect, it } from 'vitest';
import { listUnknownDevices } from '../../src/usb/unknown-devices.ts';
import { FakeSystem } from '../support/fake-system.ts';
import { arduino, hiro, usr } from './plugged.ts';

let system: FakeSystem;
beforeEach(() => {
  system = new FakeSystem();
});
afterEach(() => system.remove());

it('are those that no catalogue and no driver explains: not the keyboard, not the hub, not a modem', async () => {
  system
    .plug(usr('1-1', 'ttyACM0'))
    .plug(hiro('1-2'))
    .plug(arduino('1-3', 'ttyACM1'))
    .plug({ port: '1-4', ids: '046d:c31c', interfaces: [{ class: '03/01/01', driver: 'usbhid' }] })
    .plug({ port: '1-5', ids: '0424:9514', interfaces: [{ class: '09/00/01', driver: 'hub' }] })
    .plug({ port: '1-10', ids: '1234:5678', strings: { product: 'Thing\u202e' }, interfaces: [{ class: 'ff/00/00' }] })
    .plug({ port: '1-6', ids: 'dead:beef', interfaces: [] });
  system.attribute('1-5', 'bDeviceClass', '09\n');
  expect(await listUnknownDevices({ roots: system.roots })).toEqual([
    { id: '1-3', vendorId: '2341', productId: '0043', name: 'Arduino (www.arduino.cc) Arduino Uno', hasTty: true },
    { id: '1-6', vendorId: 'dead', productId: 'beef', name: 'USB device dead:beef', hasTty: false },
    { id: '1-10', vendorId: '1234', productId: '5678', name: 'Thing', hasTty: false },
  ]);
});
