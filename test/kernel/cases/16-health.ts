// What is wrong with a modem, where only a kernel can show it: circuits, drivers, bytes that are not taken, unplugging.
import assert from 'node:assert/strict';
import type { KernelCase } from '../guest/case.ts';
import { assertFails, documentOf, type ResetDocument } from '../guest/contract.ts';
import { holdersOf, ttyAt } from '../guest/guest.ts';
import { plugIn, withEach } from '../guest/lab.ts';

interface HealthDocument {
  modem: string;
  state: string | null;
  tty: string | null;
  heldBy: { pid: number; command: string }[];
  keptBy: string | null;
  lastAnswerAt: string | null;
  ringsWithoutCallerId: number | null;
  error?: { message: string; hint: string | null };
}

export const cases: KernelCase[] = [
  {
    name: 'health: a call that is up is left alone: exit 5 where nobody has it, exit 0 while dial has it',
    essential: true,
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' }, { model: 'tfm561u' });
      const [kept, dialled] = units;
      assert.equal((await guest.cli(['at', '-d', '1-1', '--keep', 'ATD5550198'])).code, 0);
      await guest.until('the call is up', () => kept!.dce.state.circuits.dcd);
      const before = kept!.dce.state;
      const ran = await guest.cli(['health', '--json', '-d', '1-1']);
      const alone = documentOf<HealthDocument>(ran, 5, 'IN_CALL');
      assert.deepEqual([alone.state, alone.heldBy, alone.keptBy], ['in-call', [], null]);
      assert.match(alone.error?.hint ?? '', /modemctl hangup -d 1-1/);
      assert.equal(kept!.dce.state.circuits.dcd, true, 'the call is still up');
      assert.equal(kept!.dce.state.commandCount, before.commandCount);

      let heard = '';
      const dial = guest.startCli(['dial', '-d', '1-2', '5550100']);
      dial.stdout!.on('data', (data: Buffer) => {
        heard += data.toString('latin1');
      });
      await guest.until('the call is up', () => dialled!.dce.state.circuits.dcd, 60_000);
      const ours = documentOf<HealthDocument>(await guest.cli(['health', '--json', '-d', '1-2']), 0);
      assert.deepEqual([ours.state, ours.keptBy, ours.tty], ['in-call', 'dial', '/dev/ttyACM1']);
      assert.equal((await guest.cli(['hangup', '-d', '1-2'])).code, 0);
      assert.equal(heard, '', 'what had been written into the call the echo would have sent back');
      assert.equal((await guest.cli(['hangup', '-d', '1-1'])).code, 0);
      assert.equal((await guest.cli(['health', '-d', '1-1'])).code, 0);
    },
  },
  {
    name: 'health: a modem that takes no bytes is told from one that takes them and says nothing; both exit 6, at the shell in time, and reset brings them back',
    essential: true,
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' }, { model: 'tfm561u' });
      await withEach(units, async (unit, index) => {
        const hang = ['stalled', 'silent'][index]!;
        unit.misbehave(hang);
        const ran = await guest.cli(['health', '--json', '-d', unit.port]);
        const { state, error } = documentOf<HealthDocument>(ran, 6, 'NOT_RESPONDING');
        assert.equal(state, hang);
        assert.match(error?.hint ?? '', new RegExp(`modemctl reset -d ${unit.port}$`));
        // A close that waits for the bytes takes 30 s.
        if (hang === 'stalled') assert.ok(ran.elapsedMs < 25_000, `${ran.elapsedMs} ms`);
        await guest.until('nobody holds the tty', () => holdersOf(unit.tty).length === 0, 10_000);
        assert.deepEqual(guest.log.resets(unit.port), []);
        assert.equal((await guest.cli(['reset', '-d', unit.port])).code, 0);
        assert.equal(
          documentOf<HealthDocument>(await guest.cli(['health', '--json', '-d', unit.port]), 0).state,
          'ready',
        );
      });
    },
  },
  {
    name: 'health: a modem stuck in data or voice state is exit 6 by its name, and is not left off-hook',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' }, { model: 'tfm561u' });
      await withEach(units, async (unit, index) => {
        const hang = ['stuck-data', 'stuck-voice'][index]!;
        unit.misbehave(hang);
        const ran = await guest.cli(['health', '--json', '-d', unit.port]);
        assert.equal(documentOf<HealthDocument>(ran, 6, 'NOT_RESPONDING').state, hang);
        assert.equal(unit.dce.state.offHook, false);
      });
      assert.deepEqual(guest.log.resets(), []);
    },
  },
  {
    name: 'health: one that another program has is not opened, exit 5, by whom; one that watch keeps is armed, for the group dialout too',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' }, { model: 'tfm561u' });
      const [held, armed] = units;
      const keeper = guest.start(['bash', '-c', `exec 3<>${held!.tty}; exec sleep 300`]);
      const watch = guest.startCli(['watch', '-d', '1-2']);
      await guest.until('the other program has it open', () => holdersOf(held!.tty).includes(keeper.pid!));
      const before = held!.dce.state.log.length;
      const ran = await guest.cli(['health', '--json', '-d', '1-1']);
      const document = documentOf<HealthDocument>(ran, 5, 'IN_USE');
      assert.deepEqual([document.state, document.keptBy], ['held', null]);
      assert.deepEqual(document.heldBy, [{ pid: keeper.pid, command: 'sleep' }]);
      assert.equal(held!.dce.state.log.length, before, 'no circuit has moved');
      assert.equal(held!.dce.state.commandCount, 0);

      const isSetUp = () => armed!.dce.state.extended['+VCID'] === '1' || armed!.dce.state.commandCount > 3;
      await guest.until('watch has set it up', isSetUp);
      const asked = await guest.cli(['health', '--json', '-d', '1-2'], { user: 'dialout' });
      const kept = documentOf<HealthDocument>(asked, 0);
      assert.deepEqual([kept.state, kept.keptBy, kept.ringsWithoutCallerId], ['armed', 'watch', 0]);
      assert.ok(Number.isFinite(Date.parse(kept.lastAnswerAt ?? '')), `${kept.lastAnswerAt}`);
      // It knows that it was there, and waits for it.
      await armed!.usb.unplug();
      const isAway = async () => (await guest.cli(['health', '-d', '1-2'])).code === 7;
      await guest.until('its keeper says that it is away', isAway, 20_000);
      watch.kill('SIGINT');
    },
  },
  {
    name: 'health: no driver is exit 3, and the reset that it names binds it again; unplugged while it is asked is exit 7, not there exit 3',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' });
      const [unit] = units;
      await guest.sysfs('/sys/bus/usb/drivers/cdc_acm/unbind', '1-1:2.0');
      await guest.until('it has no tty', () => ttyAt('1-1') === null);
      const unbound = documentOf<HealthDocument>(await guest.cli(['health', '--json']), 3, 'UNUSABLE');
      assert.deepEqual([unbound.modem, unbound.state, unbound.tty], ['1-1', 'no-tty', null]);
      assert.match(unbound.error?.hint ?? '', /^modemctl reset -d 1-1$/m);
      const reset = documentOf<ResetDocument>(await guest.cli(['reset', '--json', '-d', '1-1']), 0);
      assert.equal(reset.recovered, true);
      assert.equal((await guest.cli(['health', '-d', '1-1'])).code, 0);

      unit!.misbehave('silent');
      let pid = 0;
      const running = guest.cli(['health', '--json'], { started: (started) => (pid = started) });
      await guest.until('health has the tty open', () => holdersOf(unit!.tty).includes(pid));
      await unit!.usb.unplug();
      assert.equal(documentOf<HealthDocument>(await running, 7, 'GONE').state, 'gone');
      assertFails(await guest.cli(['health', '-d', '1-1']), 3, 'NO_MODEM');
    },
  },
];
