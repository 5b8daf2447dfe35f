import assert from 'node:assert/strict';
import type { KernelCase } from '../guest/case.ts';
import { assertFails, documentOf } from '../guest/contract.ts';
import { holdersOf, pause } from '../guest/guest.ts';
import { plugIn } from '../guest/lab.ts';

export const cases: KernelCase[] = [
  {
    name: 'unplugged in the middle of at: exit 7, at once',
    essential: true,
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637', misbehave: ['silent'] });
      const { tty } = units[0]!;
      let pid = 0;
      const running = guest.cli(['at', '--json', '--timeout', '60s', 'AT'], { started: (started) => (pid = started) });
      await guest.until('at has the tty open', () => holdersOf(tty).includes(pid));
      await pause(1000);
      const pulled = performance.now();
      await units[0]!.usb.unplug();
      documentOf(await running, 7, 'GONE');
      assert.ok(performance.now() - pulled < 5000, `${Math.round(performance.now() - pulled)} ms`);
    },
  },
  {
    name: 'unplugged in the middle of reset: exit 7 or 9, not a hang',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637', misbehave: ['silent'] });
      const { tty } = units[0]!;
      let pid = 0;
      const running = guest.cli(['reset', '--json'], { started: (started) => (pid = started) });
      await guest.until('reset has the tty open', () => holdersOf(tty).includes(pid));
      await units[0]!.usb.unplug();
      documentOf(await running, 7, 'GONE');
    },
  },
  {
    name: 'a different modem that takes the old tty number is not spoken to: at',
    essential: true,
    async run(guest) {
      const { units } = await plugIn(
        guest,
        { model: 'usr5637', misbehave: ['silent=1'] },
        { model: 'tfm561u', plugged: false },
      );
      const [first, second] = units;
      const { tty } = first!;
      const running = guest.cli(['at', '--timeout', '15s', '-'], { input: 'AT\nATI3\n' });
      // It has been answered once, so that it listens when the modem goes.
      await guest.until('at talks to the first', () => first!.dce.state.commandCount > 0);
      await first!.usb.unplug();
      await second!.usb.plugIn();
      await second!.ready(guest);
      assertFails(await running, 7, 'GONE');
      assert.equal(second!.port, '1-1', 'it sits where the other one sat');
      assert.equal(second!.tty, tty, 'and has its number');
      assert.equal(second!.dce.state.commandCount, 0);
      assert.deepEqual(
        second!.dce.state.log.filter(({ event }) => event === 'dtr-on'),
        [],
        'its port was not even opened',
      );
    },
  },
  {
    name: 'a different modem that takes the old tty number is not spoken to: reset',
    async run(guest) {
      const { units } = await plugIn(
        guest,
        { model: 'usr5637', misbehave: ['silent'] },
        { model: 'tfm561u', plugged: false },
      );
      const [first, second] = units;
      const { tty } = first!;
      const running = guest.cli(['reset', '--json']);
      // It leaves in the USB reset, and the other one is put in its place while reset waits for it to come back.
      await guest.until('the USB reset has begun', () => guest.log.resets().length > 0, 60_000);
      await first!.usb.unplug();
      await second!.usb.plugIn();
      await second!.ready(guest);
      const result = await running;
      documentOf(result, 7, 'GONE');
      assert.equal(second!.port, '1-1');
      assert.equal(second!.tty, tty);
      assert.equal(second!.dce.state.commandCount, 0);
      assert.deepEqual(
        second!.dce.state.log.filter(({ event }) => event === 'dtr-on'),
        [],
        'its port was not even opened',
      );
    },
  },
];
