import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import type { KernelCase } from '../guest/case.ts';
import { type DetectDocument, documentOf } from '../guest/contract.ts';
import { ARDUINO, HUNGRY, UNLISTED } from '../guest/devices.ts';
import { pause, ttyAt } from '../guest/guest.ts';
import { plugIn } from '../guest/lab.ts';

const CDC_ACM = '/sys/bus/usb/drivers/cdc_acm';

export const cases: KernelCase[] = [
  {
    name: 'detect lists three modems: two usable with their ttys, the winmodem with its reason',
    essential: true,
    async run(guest) {
      await plugIn(guest, { model: 'usr5637' }, { model: 'tfm561u' }, { model: 'hiro' });
      const { modems } = documentOf<DetectDocument>(await guest.cli(['detect', '--json']), 0);
      assert.deepEqual(
        modems.map(({ id, vendorId, productId }) => `${id} ${vendorId}:${productId}`),
        ['1-1 0baf:0303', '1-2 0572:1329', '1-3 047e:2892'],
      );
      const [usr, tfm, hiro] = modems;
      assert.deepEqual(
        { ...usr, model: null, address: null },
        {
          id: '1-1',
          vendorId: '0baf',
          productId: '0303',
          manufacturer: 'U.S.Robotics',
          product: 'USB Modem',
          serial: '0000002',
          model: null,
          kind: 'controller',
          usable: true,
          state: 'ready',
          reason: null,
          tty: '/dev/ttyACM0',
          driver: 'cdc_acm',
          bus: 1,
          address: null,
          heldBy: [],
          virtual: false,
        },
      );
      assert.match(usr!.model, /5637/);
      assert.ok(Number.isInteger(usr!.address) && usr!.address > 1);
      assert.match(tfm!.model, /TFM-561U/);
      assert.deepEqual([tfm!.usable, tfm!.state, tfm!.tty, tfm!.driver], [true, 'ready', '/dev/ttyACM1', 'cdc_acm']);
      assert.deepEqual(
        [hiro!.usable, hiro!.state, hiro!.kind, hiro!.tty, hiro!.driver],
        [false, 'softmodem', 'softmodem', null, null],
      );
      assert.match(hiro!.reason ?? '', /Windows driver/);

      const screen = await guest.cli(['detect']);
      assert.equal(screen.code, 0);
      assert.match(screen.stdout, /1-1\b.*5637.*\/dev\/ttyACM0/);
      assert.match(screen.stdout, /WINMODEM, cannot work/);
      assert.doesNotMatch(screen.stdout, /\x1b/, 'no colour where stdout is no terminal');
    },
  },
  {
    name: 'a modem refused for bus power and an unlisted Conexant id get their reasons; the new_id remedy cures the latter',
    essential: true,
    async run(guest) {
      await plugIn(
        guest,
        { model: 'usr5637', changes: HUNGRY, tty: false },
        { model: 'tfm561u', changes: UNLISTED, tty: false },
      );
      const before = await guest.cli(['detect', '--json']);
      const [hungry, unlisted] = documentOf<DetectDocument>(before, 3, 'UNUSABLE').modems;
      assert.deepEqual([hungry!.usable, hungry!.state, hungry!.tty], [false, 'no-power', null]);
      assert.match(hungry!.reason ?? '', /510 ?mA/, 'how much it asks for');
      assert.deepEqual(
        [unlisted!.usable, unlisted!.state, unlisted!.tty, unlisted!.driver],
        [false, 'no-driver', null, null],
      );

      const screen = await guest.cli(['detect']);
      assert.equal(screen.code, 3);
      const remedy = /^[^\n]*?((?:sudo |echo |printf )[^\n]*new_id[^\n]*)$/m.exec(screen.stdout)?.[1];
      assert.ok(remedy, 'the remedy stands on the screen as a command');
      guest.onEnd(async () => writeFileSync(`${CDC_ACM}/remove_id`, '0572 1399'));
      const pasted = await guest.run(['bash', '-c', remedy.replaceAll('sudo ', '')]);
      assert.equal(pasted.code, 0, 'the command works as it stands');
      await guest.until('the unlisted modem has a tty', () => ttyAt('1-2') !== null);
      await guest.settle();
      const after = documentOf<DetectDocument>(await guest.cli(['detect', '--json']), 0).modems;
      assert.deepEqual([after[1]!.usable, after[1]!.state, after[1]!.tty], [true, 'ready', ttyAt('1-2')]);
      assert.equal((await guest.cli(['at', '-d', '1-2'])).code, 0, 'and it answers');
    },
  },
  {
    name: 'an Arduino is not taken for a modem: not listed but under --all, never chosen, never spoken to unless named',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637', description: ARDUINO });
      const arduino = units[0]!.dce;
      assert.deepEqual(documentOf<DetectDocument>(await guest.cli(['detect', '--json']), 3, 'NO_MODEM').modems, []);
      const all = documentOf<DetectDocument>(await guest.cli(['detect', '--all', '--json']), 3, 'NO_MODEM').modems;
      assert.deepEqual(
        all.map(({ id, productId, kind, tty }) => [id, productId, kind, tty]),
        [['1-1', '0043', 'unknown', '/dev/ttyACM0']],
      );
      const screen = await guest.cli(['detect']);
      assert.equal(screen.stdout, '');
      assert.match(
        screen.stderr,
        /^ {2}1-1 +2341:0043 +Arduino .*Uno\n.+ modemctl -d 1-1 at ATI3$/m,
        'but told to who looks for it',
      );
      assert.match((await guest.cli([])).stdout, /^No modem is plugged in\.\n.+\n {2}1-1 +2341:0043 /m);
      for (const command of ['at', 'reset', 'hangup', 'tty']) {
        documentOf(await guest.cli([command, '--json']), 3, 'NO_MODEM');
      }
      assert.deepEqual(
        arduino.state.log.filter(({ event }) => event === 'dtr-on'),
        [],
        'its port was never opened',
      );
      assert.equal(arduino.state.commandCount, 0);
      assert.equal((await guest.cli(['at', '-d', '/dev/ttyACM0'])).code, 0, 'but named it is spoken to');
    },
  },
  {
    name: 'no modem: exit 3, and bare modemctl says what to do next',
    async run(guest) {
      documentOf<DetectDocument>(await guest.cli(['detect', '--json']), 3, 'NO_MODEM');
      documentOf(await guest.cli(['at', '--json']), 3, 'NO_MODEM');
      const bare = await guest.cli([]);
      assert.match(bare.stdout + bare.stderr, /modemctl \w+/);
    },
  },
  {
    name: 'detect --wait returns as soon as a modem can be used',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637', plugged: false });
      const waiting = guest.cli(['detect', '--wait', '30s', '--json']);
      await pause(4000);
      const plugged = performance.now();
      await units[0]!.usb.plugIn();
      const result = await waiting;
      const [modem] = documentOf<DetectDocument>(result, 0).modems;
      assert.equal(modem?.tty, '/dev/ttyACM0');
      assert.ok(performance.now() - plugged < 12_000, 'within seconds of the plugging in');
      documentOf(await guest.cli(['at', '--json']), 0);
    },
  },
  {
    name: 'cdc_acm not bound is told apart from cdc_acm not there',
    async run(guest) {
      await plugIn(guest, { model: 'usr5637' });
      await guest.sysfs(`${CDC_ACM}/unbind`, '1-1:2.0');
      const [unbound] = documentOf<DetectDocument>(await guest.cli(['detect', '--json']), 3, 'UNUSABLE').modems;
      assert.deepEqual([unbound!.usable, unbound!.driver, unbound!.tty], [false, null, null]);
      assert.ok(['no-tty', 'no-driver'].includes(unbound!.state), unbound!.state);
      documentOf(await guest.cli(['reset', '--json', '-d', '1-1']), 0);
      assert.equal(ttyAt('1-1'), '/dev/ttyACM0', 'reset binds it again');
      assert.deepEqual(guest.log.resets(), [], 'a driver that is not bound needs no USB reset');
    },
  },
];
