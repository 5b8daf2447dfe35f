import assert from 'node:assert/strict';
import type { KernelCase } from '../guest/case.ts';
import { plugIn } from '../guest/lab.ts';

export const cases: KernelCase[] = [
  {
    name: 'the kernel log: no reset for at, detect, tty and hangup, and nothing is unbound or bound again',
    essential: true,
    async run(guest) {
      await plugIn(guest, { model: 'usr5637' }, { model: 'tfm561u' });
      for (const args of [
        ['detect'],
        ['detect', '--all', '--json'],
        ['tty', '1-1'],
        ['at', '-d', '1-1', 'ATI3'],
        ['at', '-d', '1-2', 'ATI3'],
        ['hangup', '1-2'],
      ]) {
        assert.equal((await guest.cli(args)).code, 0, args.join(' '));
      }
      const told = guest.log.lines().filter((line) => /reset|disconnect|cdc_acm/.test(line));
      assert.deepEqual(told, []);
    },
  },
];
