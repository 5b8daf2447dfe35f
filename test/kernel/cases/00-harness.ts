// The ground the other cases stand on: the kernel takes our devices for what they are, and the tty behaves as a modem's.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { KernelCase } from '../guest/case.ts';
import { usbDevices } from '../guest/guest.ts';
import { plugIn } from '../guest/lab.ts';

export const cases: KernelCase[] = [
  {
    name: 'the kernel sees the modems as the real ones: 1-1:2.0 for the USR5637, 1-2:1.0 for the TFM-561U, no driver for the Hiro',
    essential: true,
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' }, { model: 'tfm561u' }, { model: 'hiro' });
      assert.deepEqual(usbDevices().sort(), ['1-1', '1-2', '1-3']);
      assert.deepEqual(
        units.slice(0, 2).map((unit) => unit.tty),
        ['/dev/ttyACM0', '/dev/ttyACM1'],
      );
      const log = (await guest.run(['dmesg'])).stdout;
      assert.match(log, /cdc_acm 1-1:2\.0: ttyACM0: USB ACM device/);
      assert.match(log, /cdc_acm 1-2:1\.0: ttyACM1: USB ACM device/);
      const attribute = (name: string) => readFileSync(`/sys/bus/usb/devices/${name}`, 'latin1').trim();
      assert.equal(attribute('1-1/serial'), '0000002');
      assert.equal(attribute('1-1/bMaxPower'), '360mA');
      assert.equal(attribute('1-1:2.0/bmCapabilities'), '6');
      // The quirk that lets cdc_acm live with the misplaced descriptors also hides them.
      assert.equal(attribute('1-2:1.0/bmCapabilities'), '0');
      assert.equal(attribute('1-2/bNumConfigurations'), '2');
    },
  },
  {
    name: 'AT is answered through ttyACM0',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' });
      const talk = await guest.run([
        'bash',
        '-c',
        `(printf 'ATI3\\r'; sleep 3) | timeout 10 socat -T4 - ${units[0]!.tty},rawer`,
      ]);
      assert.match(talk.stdout, /^ATI3\r\r\nU\.S\. Robotics 56K FAX USB V1\.2\.23\r\n/);
      assert.deepEqual(guest.log.resets(), []);
    },
  },
];
