import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeVirtualModem } from '../../src/core/virtual-registry.ts';
import { type ListOptions, listModems, readModem } from '../../src/usb/list-modems.ts';
import { compareIds, toJson } from '../../src/usb/modem-info.ts';
import { FakeSystem } from '../support/fake-system.ts';
import { arduino, hiro, lteStick, tfm, unlistedConexant, usr } from './plugged.ts';
import { conexant, USR5637 } from './recorded.ts';

let system: FakeSystem;
beforeEach(() => {
  system = new FakeSystem();
});
afterEach(() => system.remove());

const list = (options: ListOptions = {}) =>
  listModems({ roots: system.roots, virtualFolder: system.virtualFolder, ...options });

describe('what is plugged in', () => {
  it('is nothing on a machine without USB', async () => {
    rmSync(system.roots.sys, { recursive: true });
    expect(await list({ all: true })).toEqual([]);
  });

  it('is told with exactly the fields of the contract', async () => {
    system.plug(usr('1-1', 'ttyACM0', { bus: 1, address: 7 }));
    const [info] = await list();
    expect(toJson(info!)).toEqual({
      id: '1-1',
      vendorId: '0baf',
      productId: '0303',
      manufacturer: 'U.S.Robotics',
      product: 'USB Modem',
      serial: '0000002',
      model: 'U.S. Robotics USR5637',
      kind: 'controller',
      usable: true,
      state: 'ready',
      reason: null,
      tty: join(system.roots.dev, 'ttyACM0'),
      driver: 'cdc_acm',
      bus: 1,
      address: 7,
      heldBy: [],
      virtual: false,
    });
    expect(info).toMatchObject({
      interfaceName: '1-1:2.0',
      usbfsNode: join(system.roots.dev, 'bus/usb/001/007'),
      isModem: true,
      suspect: false,
    });
  });

  it('finds USR5637, TFM-561U and Hiro, and knows the third for a winmodem', async () => {
    system.plug(usr('1-1', 'ttyACM0')).plug(tfm('1-2', 'ttyACM1')).plug(hiro('1-3'));
    const modems = await list();
    expect(modems.map(({ id, usable, state, kind }) => [id, usable, state, kind])).toEqual([
      ['1-1', true, 'ready', 'controller'],
      ['1-2', true, 'ready', 'controller'],
      ['1-3', false, 'softmodem', 'softmodem'],
    ]);
    expect(modems[2]).toMatchObject({
      reason: 'WINMODEM, cannot work: its signal processing was left to a Windows driver; no Linux driver exists',
      remedy: 'buy one that does its own work: USR5637, TRENDnet TFM-561U, StarTech USB56KEMH2, Hiro H50228',
    });
  });

  it('shows an Arduino and an LTE stick under --all only', async () => {
    system.plug(arduino('1-1', 'ttyACM0')).plug(lteStick('1-2'));
    expect(await list()).toEqual([]);
    const all = await list({ all: true });
    expect(all.map(({ id, isModem, usable, kind, model }) => [id, isModem, usable, kind, model])).toEqual([
      ['1-1', false, true, 'unknown', 'Arduino (www.arduino.cc) Arduino Uno'],
      ['1-2', false, true, 'unknown', 'HUAWEI_MOBILE HUAWEI Mobile Modem'],
    ]);
  });

  it('takes an unknown device for a modem when it says so and has a working ACM tty', async () => {
    system.plug(usr('1-1', 'ttyACM0', { ids: '1234:5678', strings: { manufacturer: 'Noname', product: '56K MODEM' } }));
    const [info] = await list();
    expect(info).toMatchObject({ kind: 'unknown', usable: true, state: 'ready', model: 'Noname 56K MODEM' });
  });

  it('finds the tty of a modem behind a serial bridge', async () => {
    system.plug({
      port: '1-1',
      ids: '06e0:f114',
      interfaces: [{ class: 'ff/ff/ff', driver: 'ti_usb_3410_5052', tty: 'ttyUSB3' }],
    });
    const [info] = await list();
    expect(info).toMatchObject({ usable: true, tty: join(system.roots.dev, 'ttyUSB3'), driver: 'ti_usb_3410_5052' });
  });

  it('sorts ports as people count', async () => {
    for (const port of ['1-10', '1-2', '1-1.4', '2-1', '1-1.10']) system.plug(usr(port, `ttyACM${port.length}`));
    expect((await list()).map((info) => info.id)).toEqual(['1-1.4', '1-1.10', '1-2', '1-10', '2-1']);
    expect(compareIds('usr', 'usr-2')).toBeLessThan(0);
  });

  it('cleans hostile strings', async () => {
    system.plug(
      usr('1-1', 'ttyACM0', { strings: { product: '\u001b]0;owned\u0007 $(reboot) `id` %s', serial: '-n' } }),
    );
    const [info] = await list();
    expect(info).toMatchObject({ product: ']0;owned $(reboot) `id` %s', serial: '-n', manufacturer: null });
  });

  it('reads a string with line ends whole', async () => {
    system.plug(usr('1-1', 'ttyACM0', { strings: { product: 'first\r\nsecond\n\n  third' } }));
    expect(await list()).toMatchObject([{ product: 'first second third' }]);
  });

  it('is the same with the usb package asked as well, and where that knows nothing', async () => {
    system.plug(usr('1-1', 'ttyACM0')).plug(tfm('1-2', 'ttyACM1')).plug(hiro('1-3')).plug(arduino('1-4', 'ttyACM2'));
    expect(await list({ all: true, useUsbPackage: true })).toEqual(await list({ all: true }));
  });

  it('is not held up by a device that does not give its strings', async () => {
    system.plug(usr('1-1', 'ttyACM0')).plug(tfm('1-2', 'ttyACM1'));
    // A read of this never comes back, as one that waits for the device lock.
    const product = join(system.roots.sys, 'bus/usb/devices/1-1/product');
    rmSync(product);
    execFileSync('mkfifo', [product]);
    const begin = performance.now();
    const [wedged, sound] = await list();
    expect(performance.now() - begin).toBeLessThan(10_000);
    expect(wedged).toMatchObject({
      id: '1-1',
      product: null,
      serial: null,
      suspect: true,
      model: 'U.S. Robotics USR5637',
    });
    expect(sound).toMatchObject({ id: '1-2', serial: '24680246', suspect: false });
  });
});

describe('why a modem has no tty', () => {
  const only = async () => (await list())[0]!;

  it('driver not loaded', async () => {
    system.plug(usr('1-1', '', { interfaces: [{ class: '02/02/01' }, { class: '0a/00/00' }] }));
    expect(await only()).toMatchObject({
      state: 'no-driver',
      usable: false,
      reason: 'its driver cdc_acm is not loaded',
      remedy: 'sudo modprobe cdc_acm',
    });
  });

  it('driver loaded, not bound', async () => {
    system.load('cdc_acm');
    system.plug(usr('1-1', '', { interfaces: [{ class: '02/02/01' }, { class: '0a/00/00' }] }));
    expect(await only()).toMatchObject({
      state: 'no-driver',
      reason: 'its driver cdc_acm is not bound to it',
      remedy: 'echo 1-1:2.0 | sudo tee /sys/bus/usb/drivers/cdc_acm/bind',
    });
  });

  it('a Conexant id the kernel does not list: new_id', async () => {
    system.load('cdc_acm').plug(unlistedConexant('1-1'));
    expect(await only()).toMatchObject({
      state: 'no-driver',
      kind: 'unknown',
      remedy: 'echo "0572 134a 0 0572 1329" | sudo tee /sys/bus/usb/drivers/cdc_acm/new_id',
    });
  });

  it('a Conexant id the kernel does list: bind', async () => {
    system.load('cdc_acm').plug(tfm('1-1', '', { interfaces: [{ class: '02/02/01' }, { class: '0a/00/00' }] }));
    expect(await only()).toMatchObject({ remedy: 'echo 1-1:1.0 | sudo tee /sys/bus/usb/drivers/cdc_acm/bind' });
  });

  it('refused for bus power behind a hub', async () => {
    system.plug(usr('1-1.2', '', { interfaces: [] }));
    expect(await only()).toMatchObject({
      state: 'no-power',
      reason: 'it asks for 360 mA, which its port cannot give, so Linux did not switch it on',
      remedy:
        "plug it into a hub with a power supply of its own, or straight into the computer's own socket (a Raspberry Pi's will do)",
    });
  });

  it('refused for bus power by the computer itself', async () => {
    const greedy = Uint8Array.from(USR5637);
    greedy[18 + 8] = 255;
    system.plug(usr('1-1', '', { descriptors: greedy, interfaces: [] }));
    expect(await only()).toMatchObject({
      state: 'no-power',
      reason: 'it asks for 510 mA, which its port cannot give, so Linux did not switch it on',
      remedy: 'plug it into a hub with a power supply of its own',
    });
  });

  it('without a configuration though there is power enough', async () => {
    system.plug(usr('1-1', '', { interfaces: [] }));
    const info = await only();
    expect(info.state).toBe('no-tty');
    expect(info.remedy).toMatch(/^echo 2 \| sudo tee .*\/1-1\/bConfigurationValue$/);
  });

  it('an unlisted modem refused for power is known by its descriptors and its word', async () => {
    const greedy = conexant(0x0572, 0x134a);
    greedy[18 + 8] = 255;
    greedy[18 + 73 + 8] = 255;
    system.plug(unlistedConexant('1-1', { descriptors: greedy, interfaces: [] }));
    expect(await only()).toMatchObject({ state: 'no-power' });
  });

  it('forbidden by the system', async () => {
    system.plug(usr('1-1', '', { interfaces: [], authorized: false }));
    const info = await only();
    expect(info.state).toBe('no-tty');
    expect(info.remedy).toMatch(/^echo 1 \| sudo tee .*\/1-1\/authorized$/);
  });

  it('in the middle of a reset', async () => {
    system.plug(usr('1-1', '', { address: 0, interfaces: [{ class: '02/02/01' }, { class: '0a/00/00' }] }));
    expect(await only()).toMatchObject({ state: 'no-tty', reason: 'it is being reset just now' });
  });

  it('taken by a program', async () => {
    system.plug(usr('1-1', '', { interfaces: [{ class: '02/02/01', driver: 'usbfs' }, { class: '0a/00/00' }] }));
    expect(await only()).toMatchObject({
      state: 'no-tty',
      reason: 'a program has taken it from its driver (through usbfs)',
    });
  });

  it('the node is missing', async () => {
    system.plug(usr('1-1', 'ttyACM0'));
    rmSync(join(system.roots.dev, 'ttyACM0'));
    expect(await only()).toMatchObject({ state: 'no-tty', usable: false });
  });

  it('a modem nobody has a driver for', async () => {
    system.plug({ port: '1-1', ids: '0483:ff10', interfaces: [{ class: 'ff/00/00' }] });
    system.plug({ port: '1-2', ids: '06e0:f103', interfaces: [{ class: 'ff/00/00' }] });
    expect((await list()).map(({ state, reason }) => [state, reason])).toEqual([
      ['softmodem', expect.stringContaining('WINMODEM')],
      ['no-driver', 'no Linux driver is known for it'],
    ]);
  });
});

describe('virtual modems', () => {
  const registration = {
    name: 'usr',
    pid: process.ppid,
    control: '/nowhere.sock',
    plugged: true,
    pluggings: 1,
    vendorId: '0baf',
    productId: '0303',
    manufacturer: 'U.S.Robotics',
    product: 'USB Modem',
    serial: '0000002',
  };

  it('tell nothing that would steer a terminal, whoever wrote their registration', async () => {
    const hostile = { manufacturer: '\n\x1b[2JU.S.Robotics\x7f', product: '\u202eUSB Modem', serial: '\x9b31m' };
    const tty = system.node('pts-stand-in');
    writeVirtualModem({ ...registration, ...hostile, tty }, system.virtualFolder);
    writeVirtualModem({ ...registration, name: 'other', tty: '/dev/pts/1\n/dev/sda' }, system.virtualFolder);
    const modems = await list();
    expect(modems.map(({ id, manufacturer, product, serial }) => [id, manufacturer, product, serial])).toEqual([
      ['usr', '[2JU.S.Robotics', 'USB Modem', '31m'],
    ]);
  });

  it('are listed by name, without bus and address', async () => {
    writeVirtualModem({ ...registration, tty: system.node('pts-stand-in') }, system.virtualFolder);
    const hiroLike = { ...registration, name: 'hiro', tty: null, vendorId: '047e', productId: '2892' };
    writeVirtualModem(hiroLike, system.virtualFolder);
    const modems = await list();
    expect(modems.map(({ id, virtual, bus, address, state }) => [id, virtual, bus, address, state])).toEqual([
      ['hiro', true, null, null, 'softmodem'],
      ['usr', true, null, null, 'ready'],
    ]);
    expect(modems[1]).toMatchObject({ model: 'U.S. Robotics USR5637', control: '/nowhere.sock', usable: true });
  });

  it('are not there while unplugged, nor when their process is dead', async () => {
    writeVirtualModem({ ...registration, tty: null, plugged: false }, system.virtualFolder);
    writeVirtualModem({ ...registration, name: 'dead', pid: 4_194_303, tty: null }, system.virtualFolder);
    expect(await list()).toEqual([]);
  });
});

describe('one device', () => {
  it('is read by port whether it counts as a modem or not', async () => {
    system.plug(arduino('1-1', 'ttyACM0'));
    expect(await readModem('1-1', { roots: system.roots, virtualFolder: system.virtualFolder })).toMatchObject({
      id: '1-1',
      isModem: false,
    });
    expect(await readModem('1-2', { roots: system.roots, virtualFolder: system.virtualFolder })).toBeNull();
    expect(await readModem('../../etc', { roots: system.roots, virtualFolder: system.virtualFolder })).toBeNull();
  });
});
