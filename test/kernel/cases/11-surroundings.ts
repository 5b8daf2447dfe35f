// Other people's programs, a system without udev, devices that wish us ill.
import assert from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import { listModems } from '../../../src/usb/list-modems.ts';
import { toJson } from '../../../src/usb/modem-info.ts';
import type { KernelCase } from '../guest/case.ts';
import { type DetectDocument, documentOf } from '../guest/contract.ts';
import { ARDUINO, HUNGRY, UNLISTED } from '../guest/devices.ts';
import { ttyAt, usbDevices } from '../guest/guest.ts';
import { plugIn } from '../guest/lab.ts';

/** Everything a string descriptor can hold that nobody should print: an escape sequence, a line break, quotes, a right-to-left override. */
const NASTY = '\x1b[2J\x1b]0;owned\x07"; $(reboot) `id`\r\n\u202e\u0000';

export const cases: KernelCase[] = [
  {
    name: "Debian's own usbip lists and attaches what modemctl virtual --usbip serves",
    async run(guest) {
      const box = guest.startCli(['virtual', '--usbip', '--model', 'usr5637,hiro', '--json']);
      let said = '';
      box.stdout!.on('data', (data: Buffer) => {
        said += data.toString();
      });
      await guest.until('it says where it serves', () => said.includes('\n'), 60_000);
      const port = String((JSON.parse(said) as { usbipPort: number }).usbipPort);
      assert.deepEqual(usbDevices(), [], 'without --attach nothing is plugged in');
      const usbip = (...args: string[]) => guest.run(['usbip', '--tcp-port', port, ...args]);
      const listed = await usbip('list', '-r', '127.0.0.1');
      assert.match(listed.stdout, /1-1: .*\(0baf:0303\)/);
      assert.match(listed.stdout, /1-2: .*\(047e:2892\)/);
      assert.equal((await usbip('attach', '-r', '127.0.0.1', '-b', '1-1')).code, 0);
      await guest.until('it has a tty', () => ttyAt('1-1') !== null);
      await guest.settle();
      assert.equal((await guest.cli(['at', '-d', '1-1', 'ATI3'])).code, 0);
      assert.equal((await guest.run(['usbip', 'detach', '-p', '0'])).code, 0);
      await guest.until('the bus is empty', () => usbDevices().length === 0);
      box.kill('SIGTERM');
    },
  },
  {
    name: 'the usb package and sysfs give the same answer',
    async run(guest) {
      await plugIn(
        guest,
        { model: 'usr5637' },
        { model: 'tfm561u' },
        { model: 'hiro' },
        { model: 'tfm561u', changes: { ...UNLISTED, serial: null }, tty: false },
        { model: 'usr5637', changes: HUNGRY, tty: false },
        { model: 'usr5637', description: ARDUINO },
        { model: 'usr5637', changes: { manufacturer: NASTY, product: `modem ${NASTY}`, serial: 'x'.repeat(126) } },
      );
      const withPackage = await listModems({ all: true, useUsbPackage: true });
      const withoutIt = await listModems({ all: true, useUsbPackage: false });
      assert.equal(withPackage.length, 7);
      assert.deepEqual(withPackage.map(toJson), withoutIt.map(toJson));
    },
  },
  {
    name: 'control characters, quotes and 126 characters in the strings of a device reach no terminal and spoil no document',
    async run(guest) {
      await plugIn(guest, {
        model: 'usr5637',
        changes: {
          productId: 0x0399,
          manufacturer: NASTY,
          product: `modem ${NASTY}`,
          serial: `${NASTY}${'x'.repeat(100)}`,
        },
      });
      const { modems } = documentOf<DetectDocument>(await guest.cli(['detect', '--json']), 0);
      assert.equal(modems.length, 1, 'it calls itself a modem and has a CDC-ACM interface');
      for (const args of [
        ['detect'],
        ['detect', '--all'],
        [],
        ['tty'],
        ['at', '-v', 'ATI3'],
        ['reset'],
        ['at', '-d', 'nosuch'],
      ]) {
        const { stdout, stderr } = await guest.cli(args);
        assert.doesNotMatch(stdout + stderr, /[\x00-\x08\x0b-\x1f\x7f\u202e]/, `modemctl ${args.join(' ')}`);
      }
    },
  },
  {
    name: 'without udev: root finds a modem, waits for one and resets it all the same',
    async run(guest) {
      await guest.run(['udevadm', 'control', '--exit']);
      guest.onEnd(async () => {
        await guest.run([realpathSync('/lib/systemd/systemd-udevd'), '--daemon']);
        await guest.settle();
      });
      const { units } = await plugIn(guest, { model: 'usr5637', plugged: false });
      const waiting = guest.cli(['detect', '--wait', '60s', '--json']);
      const [unit] = units;
      await unit!.usb.plugIn();
      documentOf<DetectDocument>(await waiting, 0);
      unit!.misbehave('silent');
      documentOf(await guest.cli(['reset', '--json', '-d', '1-1']), 0);
      assert.equal(guest.log.resets().length, 1);
    },
  },
];
