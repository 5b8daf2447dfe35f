import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { KernelCase } from '../guest/case.ts';
import {
  type AtDocument,
  assertFails,
  type DetectDocument,
  documentOf,
  type ResetDocument,
} from '../guest/contract.ts';
import type { Guest } from '../guest/guest.ts';
import { plugIn } from '../guest/lab.ts';

const RULES = '/run/udev/rules.d/70-modems.rules';

/** What a setup gives the group dialout: the usbfs node, beside the tty that Debian's own rules give it. */
async function grantUsbfs(guest: Guest): Promise<void> {
  mkdirSync('/run/udev/rules.d', { recursive: true });
  const rule = (vendor: string) =>
    `SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ATTR{idVendor}=="${vendor}", GROUP="dialout", MODE="0660"\n`;
  writeFileSync(RULES, rule('0baf') + rule('0572'));
  guest.onEnd(async () => {
    rmSync(RULES);
    await guest.run(['udevadm', 'control', '--reload']);
  });
  await guest.run(['udevadm', 'control', '--reload']);
}

export const cases: KernelCase[] = [
  {
    name: 'an ordinary user without rights: exit 4 with the remedy, and the modem is listed all the same',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' });
      const listed = await guest.cli(['detect', '--json'], { user: 'stranger' });
      const [modem] = documentOf<DetectDocument>(listed, 0).modems;
      assert.deepEqual([modem!.usable, modem!.state, modem!.tty], [true, 'denied', '/dev/ttyACM0']);
      for (const command of ['at', 'hangup', 'reset']) {
        const result = await guest.cli([command], { user: 'stranger' });
        assertFails(result, 4, 'DENIED');
        assert.match(result.stderr, /dialout|sudo/);
      }
      assert.equal((await guest.cli(['tty'], { user: 'stranger' })).stdout, '/dev/ttyACM0\n');
      assert.equal(units[0]!.dce.state.commandCount, 0);
    },
  },
  {
    name: 'one of the group dialout: at works; reset of a hung modem is exit 4 before the first step, with the command that gives the rights',
    essential: true,
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' });
      documentOf<AtDocument>(await guest.cli(['at', '--json', 'ATI3'], { user: 'dialout' }), 0);
      units[0]!.misbehave('silent');
      const result = await guest.cli(['reset'], { user: 'dialout' });
      assertFails(result, 4, 'DENIED');
      assert.match(result.stderr, /modemctl|sudo|udev/);
      assert.deepEqual(guest.log.resets(), []);
    },
  },
  {
    name: "with udev's rights on tty and usbfs node everything works without root: detect, at, reset of a hung modem",
    async run(guest) {
      await grantUsbfs(guest);
      const { units } = await plugIn(guest, { model: 'usr5637' }, { model: 'tfm561u' });
      const user = 'dialout';
      const { modems } = documentOf<DetectDocument>(await guest.cli(['detect', '--json'], { user }), 0);
      assert.deepEqual(
        modems.map(({ state }) => state),
        ['ready', 'ready'],
      );
      for (const unit of units) {
        assert.equal((await guest.cli(['at', '-d', unit.port, 'ATI3'], { user })).code, 0);
        unit.misbehave('silent');
        assertFails(await guest.cli(['at', '-d', unit.port, '--timeout', '2s'], { user }), 6, 'NOT_RESPONDING');
        const document = documentOf<ResetDocument>(await guest.cli(['reset', '--json', '-d', unit.port], { user }), 0);
        assert.deepEqual([document.recoveredBy, document.tty], ['usb', unit.tty]);
        assert.equal(guest.log.resets(unit.port).length, 1);
        unit.misbehave('stalled');
        const again = documentOf<ResetDocument>(await guest.cli(['reset', '--json', '-d', unit.port], { user }), 0);
        assert.equal(again.recoveredBy, 'usb');
        assert.equal((await guest.cli(['hangup', '-d', unit.port], { user })).code, 0);
      }
    },
  },
];
