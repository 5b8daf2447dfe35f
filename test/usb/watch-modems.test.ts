import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { removeVirtualModem, type VirtualRegistration, writeVirtualModem } from '../../src/core/virtual-registry.ts';
import { fingerprint } from '../../src/usb/fingerprint.ts';
import type { ModemInfo } from '../../src/usb/modem-info.ts';
import { matching } from '../../src/usb/selector.ts';
import { type WatchOptions, watchModems } from '../../src/usb/watch-modems.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeSystem } from '../support/fake-system.ts';
import { arduino, hiro, tfm, usr } from './plugged.ts';

let system: FakeSystem;
let clock: FakeClock;
let watching: Watching[];
beforeEach(() => {
  system = new FakeSystem();
  clock = new FakeClock();
  watching = [];
});
afterEach(async () => {
  for (const one of watching) await one.end();
  expect(clock.pending).toBe(0);
  system.remove();
});

/** Somebody who listens, and what was heard, in short. */
class Watching {
  readonly heard: string[] = [];
  listings = 0;
  readonly #controller = new AbortController();
  readonly #ended: Promise<unknown>;
  #isOver = false;

  constructor(options: WatchOptions = {}) {
    const choose = options.choose ?? ((devices: readonly ModemInfo[]) => devices);
    const count = (devices: readonly ModemInfo[]) => {
      this.listings++;
      return choose(devices);
    };
    const { roots, virtualFolder } = system;
    const all = { ...options, roots, virtualFolder, clock, choose: count, signal: this.#controller.signal };
    this.#ended = this.#listen(all);
    watching.push(this);
  }

  async #listen(options: WatchOptions): Promise<unknown> {
    try {
      for await (const { kind, info } of watchModems(options)) {
        this.heard.push(`${kind} ${info.id} ${info.tty?.split('/').at(-1) ?? '-'}`);
      }
      return null;
    } catch (reason) {
      return reason;
    } finally {
      this.#isOver = true;
    }
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Lets fake time pass, with some real time for the children that read strings. */
  async hears(...wanted: string[]): Promise<void> {
    for (let tick = 0; this.heard.length < wanted.length && tick < 400; tick++) {
      await clock.advance(50);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(this.heard).toEqual(wanted);
    this.heard.length = 0;
  }

  async hearsNothing(forMs: number): Promise<void> {
    for (let passed = 0; passed < forMs; passed += 50) {
      await clock.advance(50);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(this.heard).toEqual([]);
  }

  async end(): Promise<unknown> {
    this.#controller.abort('enough');
    return this.#ended;
  }
}

/** How many waits were begun since; each is one look. */
function countTimers(): () => number {
  let timers = 0;
  const after = clock.after.bind(clock);
  clock.after = (delayMs, fire) => {
    timers++;
    return after(delayMs, fire);
  };
  return () => timers;
}

describe('modems as they come and go', () => {
  it('are told: those that are there, then those that come, one that goes, one that comes as another', async () => {
    system.plug(usr('1-1', 'ttyACM0')).plug(arduino('1-4', 'ttyACM9'));
    const listener = new Watching();
    await listener.hears('plugged 1-1 ttyACM0');
    system.plug(tfm('1-2', 'ttyACM1'));
    await listener.hears('plugged 1-2 ttyACM1');
    system.unplug('1-1');
    rmSync(join(system.roots.dev, 'ttyACM0'));
    await listener.hears('unplugged 1-1 ttyACM0');
    system.unplug('1-2');
    system.plug(usr('1-2', 'ttyACM1', { address: 9 }));
    await listener.hears('unplugged 1-2 ttyACM1', 'plugged 1-2 ttyACM1');
  });

  it('are told when they can be used, not while the driver is still on its way', async () => {
    const listener = new Watching();
    await listener.hearsNothing(200);
    system.plug(usr('1-1', '', { interfaces: [{ class: '02/02/01' }, { class: '0a/00/00' }] }));
    await listener.hearsNothing(1000);
    system.unplug('1-1');
    system.plug(usr('1-1', 'ttyACM0'));
    await listener.hears('plugged 1-1 ttyACM0');
  });

  it('are told of 2 s later when they cannot be used: a winmodem', async () => {
    const listener = new Watching();
    await listener.hearsNothing(200);
    system.plug(hiro('1-3'));
    await listener.hearsNothing(1500);
    await listener.hears('plugged 1-3 -');
  });

  it('are told of when what Linux was in the middle of is over: a driver that goes', async () => {
    system.plug(usr('1-1', 'ttyACM0'));
    const listener = new Watching();
    await listener.hears('plugged 1-1 ttyACM0');
    // As the kernel does it: first the node, which is noticed, and some time later what sysfs tells of the tty, which is not.
    rmSync(join(system.roots.dev, 'ttyACM0'));
    await listener.hearsNothing(300);
    const face = join(system.roots.sys, 'bus/usb/devices/1-1:2.0');
    rmSync(join(face, 'tty'), { recursive: true });
    rmSync(join(face, 'driver'));
    await listener.hears('changed 1-1 -');
    await listener.hearsNothing(3000);
  });

  it('include other serial devices when asked, and only the one that is meant', async () => {
    system.plug(usr('1-1', 'ttyACM0')).plug(arduino('1-4', 'ttyACM9'));
    const all = new Watching({ all: true });
    await all.hears('plugged 1-1 ttyACM0', 'plugged 1-4 ttyACM9');
    const one = new Watching({ all: true, choose: (devices) => matching('2341:0043', devices) });
    await one.hears('plugged 1-4 ttyACM9');
  });

  it('can be virtual', async () => {
    const registration: VirtualRegistration = {
      name: 'usr',
      pid: process.ppid,
      tty: system.node('pts-7'),
      control: '/nowhere.sock',
      plugged: true,
      pluggings: 1,
      vendorId: '0baf',
      productId: '0303',
      manufacturer: null,
      product: null,
      serial: null,
    };
    const listener = new Watching();
    await listener.hearsNothing(200);
    // The folder is made by the first.
    writeVirtualModem(registration, system.virtualFolder);
    await listener.hears('plugged usr pts-7');
    writeVirtualModem({ ...registration, plugged: false, tty: null }, system.virtualFolder);
    await listener.hears('unplugged usr pts-7');
    writeVirtualModem({ ...registration, tty: system.node('pts-8') }, system.virtualFolder);
    await listener.hears('plugged usr pts-8');
    removeVirtualModem('usr', system.virtualFolder);
    await listener.hears('unplugged usr pts-8');
  });
});

describe('whoever watches', () => {
  it('is woken by a new node while the clock stands still', async () => {
    const listener = new Watching();
    await listener.hearsNothing(5500);
    system.plug(usr('1-1', 'ttyACM0'));
    await vi.waitFor(async () => {
      // No more than hints are kept apart by.
      await clock.advance(1);
      expect(listener.heard).toEqual(['plugged 1-1 ttyACM0']);
    });
  });

  it('looks once a second when idle, and lists nothing', async () => {
    system.plug(usr('1-1', 'ttyACM0'));
    const listener = new Watching();
    await listener.hears('plugged 1-1 ttyACM0');
    await listener.hearsNothing(3000);
    const { listings } = listener;
    const timers = countTimers();
    await clock.advance(60_000);
    expect(timers()).toBe(60);
    expect(listener.listings).toBe(listings);
  });

  it('is not disturbed by what else goes on in /dev', async () => {
    const listener = new Watching();
    await listener.hearsNothing(3000);
    const timers = countTimers();
    for (let round = 0; round < 10; round++) {
      for (const name of ['null', 'loop7', 'tty3']) system.node(name);
      await listener.hearsNothing(300);
    }
    expect(timers()).toBe(3);
  });

  it('can call it off, and it ends when its time is up', async () => {
    const forever = new Watching();
    await clock.advance(1000);
    expect(await forever.end()).toBe('enough');
    const limited = new Watching({ deadlineMs: 3000 });
    await clock.advance(2900);
    expect(limited.isOver).toBe(false);
    await clock.advance(100);
    expect(await limited.end()).toBeNull();
    expect(clock.pending).toBe(0);
  });

  it('gets along without /sys and /dev', async () => {
    rmSync(system.roots.sys, { recursive: true });
    rmSync(system.roots.dev, { recursive: true });
    const listener = new Watching();
    await listener.hearsNothing(3000);
    system.plug(usr('1-1', 'ttyACM0'));
    await listener.hears('plugged 1-1 ttyACM0');
  });

  it('does not ask a device for its strings again while it stays', async () => {
    system.plug(usr('1-1', 'ttyACM0', { address: 4 }));
    const serials: (string | null)[] = [];
    const listener = new Watching({
      choose: (devices) => {
        serials.push(...devices.map(({ serial }) => serial));
        return devices;
      },
    });
    await listener.hears('plugged 1-1 ttyACM0');
    system.attribute('1-1', 'serial', 'another\n');
    system.plug(tfm('1-2', 'ttyACM1'));
    await listener.hears('plugged 1-2 ttyACM1');
    expect([...new Set(serials)]).toEqual(['0000002', '24680246']);
    // Another device at the port is asked.
    system.attribute('1-1', 'devnum', '5\n');
    await listener.hears('unplugged 1-1 ttyACM0', 'plugged 1-1 ttyACM0');
    expect(serials).toContain('another');
  });
});

describe('the fingerprint', () => {
  const view = () => fingerprint(system.roots, system.virtualFolder);

  it('is the same while nothing changes', () => {
    system.plug(usr('1-1', 'ttyACM0'));
    expect(view()).toBe(view());
  });

  it.each([
    ['a device comes', () => void system.plug(hiro('1-3'))],
    ['a device goes', () => system.unplug('1-1')],
    ['it comes anew', () => system.attribute('1-1', 'devnum', '5\n')],
    ['it loses an interface', () => rmSync(join(system.roots.sys, 'bus/usb/devices/1-1:2.1'), { recursive: true })],
    ['its tty goes', () => rmSync(join(system.roots.dev, 'ttyACM0'))],
    ['its tty gets other rights', () => chmodSync(join(system.roots.dev, 'ttyACM0'), 0o640)],
    ['a tty of another kind comes', () => void system.node('ttyUSB3')],
  ])('is another when %s', (_what, change) => {
    system.plug(usr('1-1', 'ttyACM0'));
    const before = view();
    change();
    expect(view()).not.toBe(before);
  });
});
