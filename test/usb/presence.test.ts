import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeVirtualModem, type VirtualRegistration, writeVirtualModem } from '../../src/core/virtual-registry.ts';
import { pause, waitForModem, waitUntilGone } from '../../src/usb/presence.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeSystem } from '../support/fake-system.ts';
import { tfm, usr } from './plugged.ts';

let system: FakeSystem;
let clock: FakeClock;
beforeEach(() => {
  system = new FakeSystem();
  clock = new FakeClock();
});
afterEach(() => system.remove());

const USR = { id: '1-1', vendorId: '0baf', productId: '0303', serial: '0000002' };

const options = (deadlineMs = 15_000) => ({
  roots: system.roots,
  virtualFolder: system.virtualFolder,
  clock,
  deadlineMs,
});

/** Lets time pass until the promise is settled; real work (a child that reads strings) takes its own time meanwhile. */
async function settled<T>(promise: Promise<T>): Promise<T> {
  let done = false;
  const mark = () => {
    done = true;
  };
  promise.then(mark, mark);
  while (!done) await new Promise((resolve) => setTimeout(resolve, 2));
  return promise;
}

describe('waiting for a modem to come back', () => {
  it('takes every step: device, driver, node', async () => {
    const waiting = waitForModem(USR, options());
    await clock.advance(200);
    system.plug(usr('1-1', '', { interfaces: [{ class: '02/02/01' }, { class: '0a/00/00' }] }));
    await clock.advance(200);
    system.unplug('1-1');
    system.plug(usr('1-1', '', { interfaces: [{ class: '02/02/01', driver: 'cdc_acm' }] }));
    await clock.advance(200);
    system.unplug('1-1');
    system.plug(usr('1-1', 'ttyACM1', { address: 9 }));
    await clock.advance(100);
    const presence = await settled(waiting);
    expect(presence).toMatchObject({
      kind: 'ready',
      info: { id: '1-1', address: 9, tty: join(system.roots.dev, 'ttyACM1'), serial: '0000002' },
    });
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['absent', () => {}],
    ['unbound', () => system.plug(usr('1-1', '', { interfaces: [{ class: '02/02/01' }] }))],
    ['no-tty', () => system.plug(usr('1-1', '', { interfaces: [{ class: '02/02/01', driver: 'cdc_acm' }] }))],
    [
      'no-tty',
      () => {
        system.plug(usr('1-1', 'ttyACM0'));
        rmSync(join(system.roots.dev, 'ttyACM0'));
      },
    ],
  ] as const)('says when the time is up how far it got: %s', async (stage, make) => {
    make();
    const waiting = waitForModem(USR, options(3000));
    await clock.advance(3000);
    expect(await settled(waiting)).toEqual({ kind: 'late', stage });
    expect(clock.pending).toBe(0);
  });

  it('is woken by the node, not only by the clock', async () => {
    const waiting = waitForModem(USR, options(60_000));
    await clock.advance(0);
    // No time passes at all.
    system.plug(usr('1-1', 'ttyACM0'));
    expect(await settled(waiting)).toMatchObject({ kind: 'ready' });
  });

  it('does not take another model for it', async () => {
    system.plug(tfm('1-1', 'ttyACM0'));
    await expect(waitForModem(USR, options())).rejects.toMatchObject({
      code: 'GONE',
      message: 'the modem 0baf:0303 serial 0000002 is gone: 0572:1329 is at 1-1 now',
    });
    expect(clock.pending).toBe(0);
  });

  it('does not take the same model with another serial number for it', async () => {
    system.plug(usr('1-1', 'ttyACM0', { strings: { serial: '0000003' } }));
    await expect(settled(waitForModem(USR, options()))).rejects.toMatchObject({ code: 'GONE', exitCode: 7 });
  });

  it('takes it when either serial number could not be read', async () => {
    system.plug(usr('1-1', 'ttyACM0', { strings: {} }));
    expect(await settled(waitForModem(USR, options()))).toMatchObject({ kind: 'ready' });
    const unread = { ...USR, serial: null };
    system.attribute('1-1', 'serial', '0000003\n');
    expect(await settled(waitForModem(unread, options()))).toMatchObject({ kind: 'ready' });
  });

  it('can be called off', async () => {
    const controller = new AbortController();
    const waiting = waitForModem(USR, { ...options(), signal: controller.signal });
    await clock.advance(100);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    expect(clock.pending).toBe(0);
  });

  it('wakes ever less often', () => {
    expect([0, 4999, 5000, 29_999, 30_000, 1e6].map(pause)).toEqual([50, 50, 250, 250, 1000, 1000]);
  });
});

describe('waiting for a virtual modem', () => {
  const registration: VirtualRegistration = {
    name: 'usr',
    pid: process.ppid,
    tty: null,
    control: '/nowhere.sock',
    plugged: false,
    pluggings: 1,
    vendorId: '0baf',
    productId: '0303',
    manufacturer: null,
    product: null,
    serial: null,
  };
  const wanted = { id: 'usr', vendorId: '0baf', productId: '0303', serial: null };

  it('goes by its registration', async () => {
    writeVirtualModem(registration, system.virtualFolder);
    const waiting = waitForModem(wanted, options());
    await clock.advance(2000);
    const tty = system.node('pts-7');
    writeVirtualModem({ ...registration, plugged: true, tty }, system.virtualFolder);
    await clock.advance(100);
    expect(await settled(waiting)).toMatchObject({ kind: 'ready', info: { tty, virtual: true } });
  });

  it('notices when it goes', async () => {
    writeVirtualModem({ ...registration, plugged: true, tty: system.node('pts-7') }, system.virtualFolder);
    const leaving = waitUntilGone({ id: 'usr', address: null }, options());
    await clock.advance(500);
    writeVirtualModem(registration, system.virtualFolder);
    await clock.advance(100);
    expect(await settled(leaving)).toBe(true);
    removeVirtualModem('usr', system.virtualFolder);
  });
});

describe('waiting for a modem to go', () => {
  it('notices that it went', async () => {
    system.plug(usr('1-1', 'ttyACM0', { address: 4 }));
    const leaving = waitUntilGone({ id: '1-1', address: 4 }, options());
    await clock.advance(300);
    system.unplug('1-1');
    await clock.advance(100);
    expect(await settled(leaving)).toBe(true);
  });

  it('notices that it came back under another address meanwhile', async () => {
    system.plug(usr('1-1', 'ttyACM0', { address: 5 }));
    expect(await waitUntilGone({ id: '1-1', address: 4 }, options())).toBe(true);
  });

  it('gives up when it stays', async () => {
    system.plug(usr('1-1', 'ttyACM0', { address: 4 }));
    const leaving = waitUntilGone({ id: '1-1', address: 4 }, options(1000));
    await clock.advance(1000);
    expect(await settled(leaving)).toBe(false);
  });
});
