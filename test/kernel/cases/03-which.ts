import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KernelCase } from '../guest/case.ts';
import { type AtDocument, assertFails, type DetectDocument, documentOf } from '../guest/contract.ts';
import { plugIn } from '../guest/lab.ts';

export const cases: KernelCase[] = [
  {
    name: 'two equal modems with equal serial numbers are told apart by port path; without -d, exit 3',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'tfm561u' }, { model: 'tfm561u' });
      const { modems } = documentOf<DetectDocument>(await guest.cli(['detect', '--json']), 0);
      assert.deepEqual(
        modems.map(({ id, serial }) => [id, serial]),
        [
          ['1-1', '24680246'],
          ['1-2', '24680246'],
        ],
      );
      assert.equal((await guest.cli(['at', '-d', '1-2', 'ATS8=7'])).code, 0);
      assert.equal((await guest.cli(['at', '-d', '1-1', 'ATS8=9'])).code, 0);
      assert.deepEqual(
        units.map((unit) => unit.dce.state.registers.S8),
        [9, 7],
      );

      const seen = units.map((unit) => unit.dce.state.commandCount);
      for (const selector of [[], ['-d', '24680246'], ['-d', '0572:1329'], ['-d', 'tfm']]) {
        const result = await guest.cli(['at', ...selector, 'AT']);
        assertFails(result, 3, 'AMBIGUOUS');
        assert.match(result.stderr, /1-1/);
        assert.match(result.stderr, /1-2/);
      }
      assertFails(await guest.cli(['at', '-d', '1-9', 'AT']), 3, 'NO_MODEM');
      assertFails(await guest.cli(['at', '-d', 'zoom', 'AT']), 3, 'NO_MODEM');
      assert.deepEqual(
        units.map((unit) => unit.dce.state.commandCount),
        seen,
        'and neither was spoken to',
      );
    },
  },
  {
    name: 'one modem, held by another program: exit 5 and by whom, not 3',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' });
      const keeper = guest.start(['bash', '-c', `exec 3<>${units[0]!.tty}; exec sleep 301`]);
      await guest.until('the other program has it open', async () => {
        const list = (await guest.cli(['detect', '--json'])).json as DetectDocument;
        return list.modems[0]!.state === 'busy';
      });
      const [modem] = documentOf<DetectDocument>(await guest.cli(['detect', '--json']), 0).modems;
      assert.deepEqual([modem!.usable, modem!.state], [true, 'busy']);
      assert.deepEqual(
        modem!.heldBy.map(({ pid }) => pid),
        [keeper.pid],
      );
      assert.match(modem!.heldBy[0]!.command, /sleep/);
      const refused = await guest.cli(['at', 'AT']);
      assertFails(refused, 5, 'IN_USE');
      assert.match(refused.stderr, new RegExp(`\\b${keeper.pid}\\b`));
      assert.match(refused.stderr, /sleep/);
      assert.equal(units[0]!.dce.state.commandCount, 0);
      documentOf<AtDocument>(await guest.cli(['at', '--force', '--json', 'AT']), 0);
    },
  },
  {
    name: 'a winmodem alone is exit 3 with its reason, for every command that needs a tty',
    async run(guest) {
      await plugIn(guest, { model: 'hiro' });
      for (const command of ['at', 'hangup', 'tty']) {
        const result = await guest.cli([command]);
        assert.equal(result.code, 3, command);
      }
      const named = await guest.cli(['at', '-d', '1-1']);
      assertFails(named, 3, 'UNUSABLE');
      assert.match(named.stderr, /Windows driver/);
    },
  },
  {
    name: 'tty prints the path and nothing else, and follows the modem',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' }, { model: 'tfm561u' });
      assert.equal((await guest.cli(['tty', '1-2'])).stdout, '/dev/ttyACM1\n');
      await units[0]!.usb.unplug();
      await units[1]!.usb.unplug();
      await units[1]!.usb.plugIn();
      await units[1]!.ready(guest);
      const result = await guest.cli(['-d', units[1]!.port, 'tty']);
      assert.equal(result.stdout, '/dev/ttyACM0\n');
    },
  },
  {
    name: 'a name of the configuration follows the USB port whatever tty it gets; a file that others may write gives root no command',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' }, { model: 'tfm561u' });
      const folder = mkdtempSync('/tmp/config-');
      const file = join(folder, 'config.toml');
      chmodSync(folder, 0o755);
      const lines = [
        'device = "right"',
        'deny = "1-1"',
        '[modem.right]',
        'port = "1-2"',
        '[recovery]',
        'up_to = "power"',
      ];
      writeFileSync(file, `${lines.join('\n')}\n`);
      const config = ['--config', file];
      assert.equal((await guest.cli(['tty', ...config])).stdout, '/dev/ttyACM1\n');
      await units[0]!.usb.unplug();
      await units[1]!.usb.unplug();
      assertFails(await guest.cli(['tty', ...config]), 3, 'NO_MODEM');
      await units[1]!.usb.plugIn();
      await units[1]!.ready(guest);
      assert.equal((await guest.cli(['tty', ...config])).stdout, '/dev/ttyACM0\n');
      assert.equal((await guest.cli(['at', ...config], { user: 'dialout' })).code, 0);
      const checked = await guest.cli(['config', 'check', file]);
      assert.equal(checked.code, 0, checked.stderr);
      assert.match(
        checked.stdout,
        /^modem right: .* at 1-2\n {4}power (may be switched by .*|will not be switched: .*)\n$/m,
      );

      appendFileSync(file, 'power_command = "true"\n');
      chmodSync(file, 0o666);
      assertFails(await guest.cli(['config', 'check', file]), 2, 'CONFIG_INVALID');
      assert.equal((await guest.cli(['config', 'check', file], { user: 'dialout' })).code, 0);
      const reset = await guest.cli(['reset', ...config]);
      assert.equal(reset.code, 0, reset.stderr);
      assert.match(reset.stderr, /not taken from here: others may write to it/);
      rmSync(folder, { recursive: true });
    },
  },
];
