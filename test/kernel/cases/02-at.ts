import assert from 'node:assert/strict';
import type { KernelCase } from '../guest/case.ts';
import { type AtDocument, assertFails, documentOf } from '../guest/contract.ts';
import { plugIn, withEach } from '../guest/lab.ts';

const USR_ATI3 = 'U.S. Robotics 56K FAX USB V1.2.23';
const TFM_ATI3 = 'CX93001-EIS_V0.2002-V92';

export const cases: KernelCase[] = [
  {
    name: 'modemctl -d 1-1 at ATI3 prints U.S. Robotics 56K FAX USB V1.2.23 and nothing else on stdout',
    essential: true,
    async run(guest) {
      await plugIn(guest, { model: 'usr5637' });
      const result = await guest.cli(['-d', '1-1', 'at', 'ATI3']);
      assert.equal(result.code, 0);
      assert.equal(result.stdout, `${USR_ATI3}\n`);
    },
  },
  {
    name: 'at ATI3 by port path, VID:PID, tty and model name, on both chip families',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' }, { model: 'tfm561u' });
      const selectors = [
        ['1-1', '0baf:0303', '/dev/ttyACM0', 'usr5637'],
        ['1-2', '0572:1329', '/dev/ttyACM1', 'tfm-561u'],
      ] as const;
      await withEach(units, async (_, index) => {
        for (const selector of selectors[index]!) {
          const result = await guest.cli(['at', '--json', '-d', selector, 'ATI3']);
          const { commands } = documentOf<AtDocument>(result, 0);
          assert.deepEqual(
            commands.map(({ command, lines, result }) => ({ command, lines, result })),
            [{ command: 'ATI3', lines: [[USR_ATI3, TFM_ATI3][index]], result: 'OK' }],
          );
          assert.ok(commands[0]!.elapsedMs >= 0 && commands[0]!.elapsedMs < 5000);
        }
      });
      assert.equal((await guest.cli(['at', 'I3'], { env: { MODEMCTL_DEVICE: '1-2' } })).stdout, `${TFM_ATI3}\n`);
      assert.deepEqual(guest.log.resets(), []);
    },
  },
  {
    name: 'a modem that powers up with its echo off, quiet or numeric answers all the same, and its echo is on afterwards',
    async run(guest) {
      const { units } = await plugIn(
        guest,
        { model: 'tfm561u', misbehave: ['echo-off'] },
        { model: 'usr5637', misbehave: ['quiet', 'numeric', 'echo-off'] },
      );
      assert.equal(units[0]!.dce.state.settings.E, 0, 'it does start with its echo off');
      assert.equal((await guest.cli(['at', '-d', '1-1', 'ATI3'])).stdout, `${TFM_ATI3}\n`);
      assert.equal(units[0]!.dce.state.settings.E, 1);
      assert.equal((await guest.cli(['at', '-d', '1-2', 'ATI3'])).stdout, `${USR_ATI3}\n`);
    },
  },
  {
    name: 'at stops at the first command that is not OK, and its exit code says so',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' });
      const result = await guest.cli(['at', '--json', 'ATS0=3', 'AT+NOSUCH', 'ATS0=7']);
      const { commands } = documentOf<AtDocument>(result, 1, 'MODEM_ERROR');
      assert.deepEqual(
        commands.map((entry) => [entry.command, entry.result]),
        [
          ['ATS0=3', 'OK'],
          ['AT+NOSUCH', 'ERROR'],
        ],
      );
      assert.equal(units[0]!.dce.state.registers.S0, 3);
      assertFails(await guest.cli(['at', 'AT+NOSUCH']), 1, 'MODEM_ERROR');
    },
  },
  {
    name: 'at - reads commands from stdin, # comments',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' });
      const result = await guest.cli(['at', '-'], { input: '# set up\nATS0=2\n\nATI3\n' });
      assert.equal(result.code, 0);
      assert.equal(result.stdout, `${USR_ATI3}\n`);
      assert.equal(units[0]!.dce.state.registers.S0, 2);
    },
  },
  {
    name: 'RING and caller ID in the middle of answers leave them unharmed',
    async run(guest) {
      await plugIn(
        guest,
        { model: 'usr5637', misbehave: ['ring-in-answer'] },
        { model: 'tfm561u', misbehave: ['ring-in-answer'] },
      );
      for (const [port, expected] of [
        ['1-1', USR_ATI3],
        ['1-2', TFM_ATI3],
      ] as const) {
        const { commands } = documentOf<AtDocument>(
          await guest.cli(['at', '--json', '-d', port, 'AT+VCID=1', 'ATI3', 'AT']),
          0,
        );
        assert.deepEqual(
          commands.map(({ lines, result }) => [lines, result]),
          [
            [[], 'OK'],
            [[expected], 'OK'],
            [[], 'OK'],
          ],
        );
      }
    },
  },
  {
    name: 'while the telephone rings, at is answered, and the modem still announces the caller',
    async run(guest) {
      const { exchange, units } = await plugIn(guest, { model: 'usr5637' });
      const caller = exchange.ringFromOutside(units[0]!.number, { number: '5550142', name: 'SOMEBODY' });
      assert.ok(caller);
      guest.onEnd(async () => caller.hangUp());
      for (let round = 0; round < 3; round++) {
        assert.equal((await guest.cli(['at', 'ATI3'])).stdout, `${USR_ATI3}\n`);
      }
      assert.equal(units[0]!.dce.state.offHook, false, 'and nobody picked up');
    },
  },
  {
    name: 'a late OK is never the result of the next command',
    async run(guest) {
      const { units } = await plugIn(
        guest,
        { model: 'usr5637', misbehave: ['late=3000'] },
        { model: 'tfm561u', misbehave: ['late=3000'] },
      );
      await withEach(units, async (unit) => {
        const late = await guest.cli(['at', '--json', '-d', unit.port, '--timeout', '1s', 'ATI3']);
        const { commands } = documentOf<AtDocument>(late, 6, 'NOT_RESPONDING');
        assert.equal(commands.at(-1)?.result, null);
        unit.dce.behave();
        // Its OK to ATI3 is still to come, or lies there unread.
        const next = await guest.cli(['at', '--json', '-d', unit.port, '--timeout', '20s', 'AT+NOSUCH']);
        const document = documentOf<AtDocument>(next, 1, 'MODEM_ERROR');
        assert.deepEqual(
          document.commands.map(({ lines, result }) => [lines, result]),
          [[[], 'ERROR']],
        );
        assert.equal((await guest.cli(['at', '-d', unit.port, 'ATI3'])).code, 0);
      });
    },
  },
  {
    name: 'endless garbage is no answer: exit 6, in time',
    async run(guest) {
      await plugIn(guest, { model: 'usr5637', misbehave: ['garbage'] });
      const result = await guest.cli(['at', 'AT', '--timeout', '3s']);
      assertFails(result, 6, 'NOT_RESPONDING');
      assert.ok(result.elapsedMs < 15_000, `${result.elapsedMs} ms`);
    },
  },
];
