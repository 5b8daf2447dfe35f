import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listModems } from '../../src/usb/list-modems.ts';
import type { ModemInfo } from '../../src/usb/modem-info.ts';
import { Roster, SETTLE_MS } from '../../src/usb/roster.ts';
import { FakeSystem } from '../support/fake-system.ts';
import { usr } from './plugged.ts';

const system = new FakeSystem();
let ready: ModemInfo;
beforeAll(async () => {
  system.plug(usr('1-1', 'ttyACM0', { address: 4 }));
  const [info] = await listModems({ roots: system.roots, virtualFolder: system.virtualFolder });
  ready = info!;
});
afterAll(() => system.remove());

const bare = (more: Partial<ModemInfo> = {}): ModemInfo => ({
  ...ready,
  usable: false,
  state: 'no-driver',
  tty: null,
  driver: null,
  ...more,
});
const denied = (): ModemInfo => ({ ...ready, state: 'denied' });

/** What a roster says in short: `plugged 1-1 /dev/ttyACM0`. */
function tell(roster: Roster, found: readonly ModemInfo[], now: number): string[] {
  return roster
    .update(found, now)
    .map((event) =>
      [event.kind, event.kind === 'plugged' && event.present ? 'present' : '', event.info.id, event.info.state]
        .filter(Boolean)
        .join(' '),
    );
}

describe('a modem that can be opened', () => {
  it('is told of at once, once', () => {
    const roster = new Roster();
    expect(tell(roster, [], 0)).toEqual([]);
    expect(tell(roster, [ready], 10)).toEqual(['plugged 1-1 ready']);
    expect(tell(roster, [ready], 20)).toEqual([]);
    expect(roster.due).toBe(Number.POSITIVE_INFINITY);
    expect(tell(roster, [], 30)).toEqual(['unplugged 1-1 ready']);
    expect(tell(roster, [], 40)).toEqual([]);
  });

  it('is marked when it was there from the beginning, and not when it comes back', () => {
    const roster = new Roster();
    expect(tell(roster, [ready], 0)).toEqual(['plugged present 1-1 ready']);
    expect(tell(roster, [{ ...ready, plugging: '5' }], 10)).toEqual(['unplugged 1-1 ready', 'plugged 1-1 ready']);
  });

  it('is not told of again because somebody uses it', () => {
    const roster = new Roster();
    tell(roster, [ready], 0);
    const busy: ModemInfo = { ...ready, state: 'busy', reason: 'in use', heldBy: [{ pid: 7, command: 'minicom' }] };
    expect(tell(roster, [busy], 10)).toEqual([]);
    expect(roster.due).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a modem that cannot be opened', () => {
  it('is told of when nothing has changed with it for 2 s', () => {
    const roster = new Roster();
    tell(roster, [], 0);
    expect(tell(roster, [bare()], 100)).toEqual([]);
    expect(tell(roster, [bare({ driver: 'cdc_acm' })], 1000)).toEqual([]);
    expect(tell(roster, [denied()], 1500)).toEqual([]);
    expect(roster.due).toBe(1500 + SETTLE_MS);
    expect(tell(roster, [denied()], 3499)).toEqual([]);
    expect(tell(roster, [denied()], 3500)).toEqual(['plugged 1-1 denied']);
  });

  it('is told of as ready when its rights come in time', () => {
    const roster = new Roster();
    tell(roster, [denied()], 0);
    expect(tell(roster, [ready], 30)).toEqual(['plugged present 1-1 ready']);
  });

  it('is told of after 10 s even if it is never the same for long', () => {
    const roster = new Roster();
    const told: string[] = [];
    for (let now = 0; now <= 10_000; now += 500)
      told.push(...tell(roster, [bare({ driver: now % 1000 ? null : 'cdc_acm' })], now));
    expect(told).toEqual(['plugged present 1-1 no-driver']);
  });

  it('is never told of when it goes before', () => {
    const roster = new Roster();
    expect(tell(roster, [bare()], 0)).toEqual([]);
    expect(tell(roster, [], 1000)).toEqual([]);
    expect(roster.due).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a change', () => {
  it('of the tty is told at once when the modem can be opened', () => {
    const roster = new Roster();
    tell(roster, [ready], 0);
    const events = roster.update([{ ...ready, tty: '/dev/ttyACM1' }], 10);
    expect(events).toMatchObject([{ kind: 'changed', info: { tty: '/dev/ttyACM1' }, before: { tty: ready.tty } }]);
  });

  it('that a USB reset makes and takes back is not told', () => {
    const roster = new Roster();
    tell(roster, [ready], 0);
    expect(tell(roster, [bare({ plugging: null })], 100)).toEqual([]);
    expect(tell(roster, [bare()], 400)).toEqual([]);
    expect(tell(roster, [ready], 500)).toEqual([]);
    expect(roster.due).toBe(Number.POSITIVE_INFINITY);
  });

  it('that stays is told', () => {
    const roster = new Roster();
    tell(roster, [ready], 0);
    expect(tell(roster, [bare()], 100)).toEqual([]);
    expect(tell(roster, [bare()], 2100)).toEqual(['changed 1-1 no-driver']);
    expect(tell(roster, [ready], 5000)).toEqual(['changed 1-1 ready']);
  });
});

describe('another device at the same port', () => {
  it.each([
    ['another model', { vendorId: '0572', productId: '1329' }],
    ['another serial number', { serial: '0000003' }],
    ['another plugging: the same one, plugged in anew', { plugging: '5' }],
  ])('is one that goes and one that comes: %s', (_what, difference) => {
    const roster = new Roster();
    tell(roster, [ready], 0);
    expect(tell(roster, [{ ...ready, ...difference }], 10)).toEqual(['unplugged 1-1 ready', 'plugged 1-1 ready']);
  });

  it('is noticed also when the first was last seen in a reset', () => {
    const roster = new Roster();
    tell(roster, [ready], 0);
    tell(roster, [bare({ plugging: null })], 10);
    expect(tell(roster, [{ ...ready, plugging: '6' }], 20)).toEqual(['unplugged 1-1 ready', 'plugged 1-1 ready']);
  });

  it('is not seen in a serial number that could not be read', () => {
    const roster = new Roster();
    tell(roster, [ready], 0);
    expect(tell(roster, [{ ...ready, serial: null }], 10)).toEqual(['changed 1-1 ready']);
  });
});

it('whatever happens, those who listened know in the end what is there', () => {
  const states = fc.constantFrom(
    () => null,
    () => ready,
    () => bare(),
    () => bare({ plugging: null }),
    () => denied(),
    () => ({ ...ready, plugging: '5' }),
    () => ({ ...ready, tty: join('/dev', 'ttyACM1') }),
    () => ({ ...ready, vendorId: '0572' }),
  );
  const step = fc.record({ make: states, waitMs: fc.integer({ min: 0, max: 3000 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const roster = new Roster();
      let known: ModemInfo | null = null;
      let now = 0;
      let last: ModemInfo | null = null;
      const hear = (found: ModemInfo | null) => {
        for (const event of roster.update(found ? [found] : [], now)) {
          // Told in an order that makes sense.
          expect(event.kind === 'plugged').toBe(known === null);
          known = event.kind === 'unplugged' ? null : event.info;
        }
      };
      for (const { make, waitMs } of steps) {
        now += waitMs;
        last = make();
        hear(last);
      }
      now += 20_000;
      hear(last);
      // Which plugging it is, nobody is told.
      const asTold = (info: ModemInfo | null) => info && { ...info, plugging: null };
      expect(asTold(known)).toEqual(asTold(last));
      expect(roster.due).toBe(Number.POSITIVE_INFINITY);
    }),
  );
});
