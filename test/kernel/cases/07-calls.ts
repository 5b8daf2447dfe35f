import assert from 'node:assert/strict';
import type { KernelCase } from '../guest/case.ts';
import { type AtDocument, assertFails, documentOf, type ResetDocument } from '../guest/contract.ts';
import type { Guest } from '../guest/guest.ts';
import { pause } from '../guest/guest.ts';
import { plugIn, type Unit, withEach } from '../guest/lab.ts';

/** Makes a real call from one modem to the other and leaves it up, with nobody holding either tty; returns what the called side was sent since. */
async function leaveCallUp(guest: Guest, caller: Unit, called: Unit): Promise<() => string> {
  for (const unit of [caller, called]) {
    // Without HUPCL, so that the close does not drop DTR.
    await guest.run(['stty', '-F', unit.tty, 'raw', '-echo', '-hupcl', 'clocal', '115200']);
  }
  const listener = guest.start(['bash', '-c', `exec 3<>${called.tty}; printf 'ATS0=1\\r' >&3; exec cat <&3`]);
  let heard = '';
  listener.stdout!.on('data', (data: Buffer) => {
    heard += data.toString('latin1');
  });
  await guest.until('the called modem waits for a call', () => called.dce.state.registers.S0 === 1);
  await guest.run([
    'bash',
    '-c',
    `exec 3<>${caller.tty}; printf 'ATD${called.number}\\r' >&3; timeout 20 grep -m1 -a CONNECT <&3`,
  ]);
  await guest.until('both have a carrier', () => caller.dce.state.circuits.dcd && called.dce.state.circuits.dcd);
  await guest.until('CONNECT was read', () => /CONNECT[^\r]*\r\n$/.test(heard));
  heard = '';
  return () => heard;
}

export const cases: KernelCase[] = [
  {
    name: 'in a call: at and reset are exit 5 and write nothing into it; hangup frees the line',
    essential: true,
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' }, { model: 'tfm561u' });
      const [caller, called] = units as [Unit, Unit];
      const heard = await leaveCallUp(guest, caller, called);
      assertFails(await guest.cli(['at', '-d', '1-1', 'ATI3']), 5, 'IN_CALL');
      documentOf<ResetDocument>(await guest.cli(['reset', '-d', '1-1', '--json']), 5, 'IN_CALL');
      await pause(1000);
      assert.equal(heard(), '', 'nothing reached the far end');
      assert.equal(caller.dce.state.circuits.dcd, true, 'and the call is still up');

      const result = await guest.cli(['hangup', '-d', '1-1']);
      assert.equal(result.code, 0);
      assert.deepEqual([caller.dce.state.offHook, caller.dce.state.circuits.dcd], [false, false]);
      assert.doesNotMatch(heard(), /AT|\+\+\+/, 'not even the hang-up was written into the call');
      assert.equal((await guest.cli(['at', '-d', '1-1', 'AT'])).code, 0);
      assert.deepEqual(guest.log.resets(), []);
    },
  },
  {
    name: 'hangup frees the line whatever state the modem is in: idle, off-hook, stuck in a call, stuck in data state',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' }, { model: 'tfm561u' });
      await withEach(units, async (unit) => {
        for (const state of ['idle', 'stuck-call', 'stuck-data'] as const) {
          if (state !== 'idle') unit.misbehave(state);
          const result = await guest.cli(['hangup', '-d', unit.port]);
          assert.equal(result.code, 0, state);
          assert.deepEqual([unit.dce.state.offHook, unit.dce.state.mode], [false, 'command'], state);
        }
        unit.misbehave('silent');
        assertFails(await guest.cli(['hangup', '-d', unit.port]), 6, 'NOT_RESPONDING');
      });
    },
  },
  {
    name: 'a call that at ATD makes is hung up before it leaves',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' });
      const result = await guest.cli(['at', '--json', 'ATD5550198']);
      const { commands } = documentOf<AtDocument>(result, 0);
      assert.match(commands[0]!.result ?? '', /^CONNECT/);
      assert.deepEqual([units[0]!.dce.state.offHook, units[0]!.dce.state.circuits.dcd], [false, false]);
      documentOf<AtDocument>(await guest.cli(['at', '--json', 'ATD5550195']), 11, 'BUSY');
      documentOf<AtDocument>(await guest.cli(['at', '--json', 'ATS7=6', 'ATD5550196']), 20, 'NO_CARRIER');
      assert.equal(units[0]!.dce.state.offHook, false);
    },
  },
  {
    name: 'with --keep the call outlives at, and hangup ends it',
    essential: true,
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' });
      documentOf<AtDocument>(await guest.cli(['at', '--json', '--keep', 'ATD5550198']), 0);
      await pause(1000);
      assert.equal(units[0]!.dce.state.circuits.dcd, true);
      assertFails(await guest.cli(['at', 'AT']), 5, 'IN_CALL');
      assert.equal((await guest.cli(['hangup'])).code, 0);
      assert.equal(units[0]!.dce.state.offHook, false);
    },
  },
];
