// Other people's programs, a system without udev, devices that wish us ill.
import assert from 'node:assert/strict';
import { listModems } from '../../../src/usb/list-modems.ts';
import { toJson } from '../../../src/usb/modem-info.ts';
import { modelNamed } from '../../../src/virtual/models/index.ts';
import type { UsbDescription } from '../../../src/virtual/usb/description.ts';
import { describeModel } from '../../../src/virtual/usb/layouts.ts';
import type { KernelCase } from '../guest/case.ts';
import { type DetectDocument, documentOf } from '../guest/contract.ts';
import { ARDUINO, HUNGRY, UNLISTED } from '../guest/devices.ts';
import { ttyAt, usbDevices } from '../guest/guest.ts';
import { plugIn, withEach } from '../guest/lab.ts';

/** Everything a string descriptor can hold that nobody should print: escape sequences, a line break, quotes, right-to-left marks, halves of surrogate pairs. */
const NASTY = '\x1b[2J\x1b]0;owned\x07"; $(reboot) `id`\r\n\u202e\u200f\u061c\ud800\udc00\udfff\ud800\u0085\u0000';
/** As much of it as fits. */
const NASTIEST = NASTY.repeat(4).slice(0, 126);

/** Nothing that steers a terminal or rearranges its lines. */
function assertClean(text: string, what: string): void {
  assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\ufffd]/u, what);
}

/** A USR5637 whose configuration is altered. */
function lying(alter: (configuration: Uint8Array) => void): UsbDescription {
  const honest = describeModel(modelNamed('usr5637'));
  return {
    ...honest,
    configurations: honest.configurations.map((configuration) => {
      const copy = Uint8Array.from(configuration);
      alter(copy);
      return copy;
    }),
  };
}

/** Where things are in it: the configuration (9 bytes), the first interface (9), its functional descriptors (5, 5, 4, 5), endpoint (7), the second interface. */
const AT = {
  totalLength: 2,
  interfaceCount: 4,
  header: 18,
  callManagement: 23,
  union: 32,
  firstEndpoint: 37,
  secondInterface: 44,
};

const LIES: Readonly<Record<string, (configuration: Uint8Array) => void>> = {
  'nine interfaces where there are two': (bytes) => bytes.set([9], AT.interfaceCount),
  'no interfaces': (bytes) => bytes.set([0], AT.interfaceCount),
  'far longer than it is': (bytes) => bytes.set([0xff, 0xff], AT.totalLength),
  'shorter than it is': (bytes) => bytes.set([20, 0], AT.totalLength),
  'a functional descriptor that reaches beyond the end': (bytes) => bytes.set([0xff], AT.header),
  'a functional descriptor without length': (bytes) => bytes.set([0], AT.callManagement),
  'a union with an interface that is not there': (bytes) => bytes.set([77], AT.union + 4),
  'a data interface with the number 200': (bytes) => bytes.set([200], AT.secondInterface + 2),
  'two interfaces with the same number': (bytes) => bytes.set([0], AT.secondInterface + 2),
  'eight endpoints where there is one': (bytes) => bytes.set([8], 9 + 4),
  'packets of 65535 bytes': (bytes) => bytes.set([0xff, 0xff], AT.firstEndpoint + 4),
};

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
        { model: 'usr5637', changes: { manufacturer: '\ud83d', product: NASTIEST, serial: '\u202e' } },
      );
      const withPackage = await listModems({ all: true, useUsbPackage: true });
      const withoutIt = await listModems({ all: true, useUsbPackage: false });
      assert.equal(withPackage.length, 8);
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
      assertClean(Object.values(modems[0]!).join(), 'a document, read');
      assert.ok([...modems[0]!.serial!].length <= 126);
      for (const args of [
        ['detect'],
        ['detect', '--all'],
        [],
        ['tty'],
        ['at', '-v', 'ATI3'],
        ['info'],
        ['init'],
        ['hangup'],
        ['reset'],
        ['setup', '--dry-run'],
        ['at', '-d', 'nosuch'],
        ['at', '-d', '1-9'],
      ]) {
        const { code, stdout, stderr } = await guest.cli(args);
        assert.equal(code, args.includes('-d') ? 3 : 0, args.join(' '));
        assertClean(stdout + stderr, `modemctl ${args.join(' ')}`);
        if (args[0] === 'setup') assert.doesNotMatch(stdout, /reboot|owned/, "no string of the device's in a rule");
      }
      const named = documentOf<{ modem: string }>(await guest.cli(['tty', '--json', modems[0]!.serial!]), 0);
      assert.equal(named.modem, '1-1', 'what detect shows as its serial number is taken as a selector');
    },
  },
  {
    name: 'descriptors that lie: every such device is listed, with the same answer both ways, and every command ends',
    async run(guest) {
      const specs = Object.values(LIES).map((lie) => ({
        model: 'usr5637' as const,
        description: lying(lie),
        // Whether the kernel takes it is the kernel's business.
        tty: false,
      }));
      await plugIn(guest, ...specs);
      await guest.settle();
      const listed = await guest.cli(['detect', '--json']);
      const { modems } = listed.json as DetectDocument;
      assert.equal(listed.code, modems.some(({ usable }) => usable) ? 0 : 3);
      assert.equal(modems.length, specs.length);
      for (const [index, { state, reason, tty }] of modems.entries()) {
        const lie = Object.keys(LIES)[index]!;
        guest.note(`${lie}: ${state} ${reason} ${tty}`);
        assert.equal(tty === null, state !== 'ready', lie);
        assert.equal(reason === null, state === 'ready', lie);
      }
      const all = { all: true, useUsbPackage: true };
      assert.deepEqual((await listModems(all)).map(toJson), (await listModems({ all: true })).map(toJson));
      const screen = await guest.cli(['detect']);
      assertClean(screen.stdout + screen.stderr, 'detect');
      await withEach(modems.slice(0, 2), async ({ id, usable }) => {
        const { code } = await guest.cli(['at', '-d', id, 'ATI3']);
        assert.equal(code, usable ? 0 : 3);
      });
    },
  },
  {
    name: 'without udev: root finds a modem, waits for one and resets it all the same',
    essential: true,
    async run(guest) {
      await guest.stopUdev();
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
