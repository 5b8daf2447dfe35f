import assert from 'node:assert/strict';
import { existsSync, realpathSync } from 'node:fs';
import type { KernelCase } from '../guest/case.ts';
import { type AtDocument, assertFails, documentOf, type ResetDocument } from '../guest/contract.ts';
import { type Guest, holdersOf } from '../guest/guest.ts';
import { plugIn, type Unit, withEach } from '../guest/lab.ts';

const RULES = '/etc/udev/rules.d/70-modemctl.rules';
const user = 'dialout';

/** A modem that is in no catalogue, but says what it is. */
const UNKNOWN_ID = { productId: 0x0399 };

async function setUp(guest: Guest): Promise<void> {
  guest.onEnd(async () => {
    if (existsSync(RULES)) await guest.cli(['setup', '--remove']);
  });
  const done = await guest.cli(['setup']);
  assert.equal(done.code, 0);
  assert.match(done.stdout, new RegExp(`^write ${RULES}$`, 'm'));
}

/** It speaks, and is reset, for an ordinary user. */
async function assertHis(guest: Guest, unit: Unit): Promise<void> {
  documentOf<AtDocument>(await guest.cli(['at', '--json', '-d', unit.port, 'ATI3'], { user }), 0);
  const args = ['reset', '--method', 'usb', '--json', '-d', unit.port];
  assert.equal(documentOf<ResetDocument>(await guest.cli(args, { user }), 0).recoveredBy, 'usb');
}

async function assertNotHis(guest: Guest, unit: Unit): Promise<void> {
  const resets = guest.log.resets().length;
  const refused = await guest.cli(['reset', '--method', 'usb', '-d', unit.port], { user });
  assertFails(refused, 4, 'DENIED');
  assert.match(refused.stderr, /^sudo .*modemctl\S* setup$/m, 'the remedy');
  assert.equal(guest.log.resets().length, resets);
}

export const cases: KernelCase[] = [
  {
    name: 'setup gives one of the group dialout the USB reset of modems listed and unlisted, at once and after a replug; setup --remove takes it away',
    essential: true,
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' }, { model: 'usr5637', changes: UNKNOWN_ID });
      const [listed] = units;
      await assertNotHis(guest, listed!);

      const looked = await guest.cli(['setup', '--dry-run'], { user });
      assert.equal(looked.code, 0);
      assert.match(looked.stdout, /idProduct\}=="0303"/);
      assert.ok(!existsSync(RULES), 'a dry run writes nothing');
      assertFails(await guest.cli(['setup'], { user }), 4, 'DENIED');

      await setUp(guest);
      await withEach(units, (unit) => assertHis(guest, unit));

      await listed!.usb.unplug();
      await listed!.usb.plugIn();
      await listed!.ready(guest);
      await assertHis(guest, listed!);
      const known = await guest.run(['udevadm', 'info', '-q', 'property', listed!.tty]);
      assert.match(known.stdout, /^ID_MM_DEVICE_IGNORE=1$/m);

      const stranger = { user: 'stranger' } as const;
      assertFails(await guest.cli(['at', '-d', listed!.port, 'ATI3'], stranger), 4, 'DENIED');
      const refused = await guest.cli(['reset', '--method', 'usb', '-d', listed!.port], stranger);
      assertFails(refused, 4, 'DENIED');
      assert.match(refused.stderr, /^sudo .*setup --add-user/m);

      assert.equal((await guest.cli(['setup', '--remove'])).code, 0);
      assert.ok(!existsSync(RULES));
      await withEach(units, (unit) => assertNotHis(guest, unit));
      assert.equal((await guest.cli(['at', '-d', listed!.port, 'ATI3'], { user })).code, 0, "Debian's own rules stand");
    },
  },
  {
    name: 'setup: /dev/modem/PORT leads to the modem, also when its tty has another number; after --remove it is gone',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' }, { model: 'tfm561u' });
      await setUp(guest);
      const [unit] = units;
      const name = `/dev/modem/${unit!.port}`;
      const before = unit!.tty;
      assert.deepEqual(
        units.map(({ port }) => realpathSync(`/dev/modem/${port}`)),
        units.map(({ tty }) => tty),
      );

      // Whoever keeps the old tty open makes the kernel give the modem another number.
      const keeper = guest.start(['bash', '-c', `exec 3<>${before}; exec sleep 301`]);
      await guest.until('it is held', () => holdersOf(before).includes(keeper.pid!));
      await unit!.usb.unplug();
      await unit!.usb.plugIn();
      await unit!.ready(guest);
      assert.notEqual(unit!.tty, before);
      assert.equal(realpathSync(name), unit!.tty);
      assert.equal((await guest.cli(['at', '-d', name, 'ATI3'], { user })).code, 0);
      const named = documentOf<{ modem: string }>(await guest.cli(['tty', '--json', '-d', name]), 0);
      assert.equal(named.modem, unit!.port, 'a path leads to the modem, not just to a tty');

      await guest.run(['udevadm', 'trigger']);
      await guest.settle();
      assert.equal(realpathSync(name), unit!.tty);
      assert.equal((await guest.cli(['at', '-d', name, 'ATI3'], { user })).code, 0);

      assert.equal((await guest.cli(['setup', '--remove'])).code, 0);
      assert.ok(!existsSync('/dev/modem'));
    },
  },
];
