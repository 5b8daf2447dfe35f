import assert from 'node:assert/strict';
import type { KernelCase } from '../guest/case.ts';
import { type DetectDocument, documentOf, type ResetDocument } from '../guest/contract.ts';
import { ttyAt, usbDevices } from '../guest/guest.ts';
import { plugIn } from '../guest/lab.ts';

export const cases: KernelCase[] = [
  {
    name: 'modemctl virtual --usbip --attach plugs its modems into this kernel, once each, and out again at its end',
    essential: true,
    async run(guest) {
      const box = guest.startCli([
        'virtual',
        '--usbip',
        '--attach',
        '--model',
        'usr5637,tfm561u,hiro',
        '--misbehave',
        'silent=4',
      ]);
      await guest.until('all three are on the bus', () => usbDevices().length === 3, 60_000);
      await guest.until('two have a tty', () => ttyAt('1-1') !== null && ttyAt('1-2') !== null);
      await guest.settle();
      const { modems } = documentOf<DetectDocument>(await guest.cli(['detect', '--json']), 0);
      assert.deepEqual(
        modems.map(({ id, virtual }) => [id, virtual]),
        [
          ['1-1', false],
          ['1-2', false],
          ['1-3', false],
        ],
        'real USB devices to the kernel, and not listed twice',
      );
      for (let round = 0; round < 8; round++) {
        if ((await guest.cli(['at', '-d', '1-1', '--timeout', '2s', 'AT'])).code !== 0) break;
      }
      const document = documentOf<ResetDocument>(await guest.cli(['reset', '--json', '-d', '1-1']), 0);
      assert.equal(document.recoveredBy, 'usb');
      const ended = new Promise((resolve) => box.once('exit', (code, signal) => resolve(signal ?? code)));
      box.kill('SIGTERM');
      await ended;
      await guest.until('the bus is empty', () => usbDevices().length === 0);
    },
  },
  {
    name: 'more modems than one controller has ports go to the next one',
    async run(guest) {
      const { units } = await plugIn(guest, ...Array.from({ length: 17 }, () => ({ model: 'hiro' as const })));
      assert.deepEqual(
        units.map(({ port }) => port),
        [...Array.from({ length: 15 }, (_, index) => `1-${index + 1}`), '3-1', '3-2'],
      );
      assert.equal(documentOf<DetectDocument>(await guest.cli(['detect', '--json']), 3, 'UNUSABLE').modems.length, 17);
    },
  },
];
