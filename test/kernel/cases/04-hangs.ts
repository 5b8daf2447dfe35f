import assert from 'node:assert/strict';
import type { KernelCase } from '../guest/case.ts';
import { assertFails, documentOf, type ResetDocument, stepsOf } from '../guest/contract.ts';
import { holdersOf, pause, ttyAt } from '../guest/guest.ts';
import { plugIn, withEach } from '../guest/lab.ts';
import type { Ended } from '../guest/process.ts';

/** A plain close takes the kernel 30 s (the first case below); who is back by then did not wait for it. */
const CLOSING_WAIT_MS = 30_000;

/**
 * Checks that a run was back within 5 s of its time-out. A program's start takes seconds here, under software emulation: that much is known from a run with the modem well, and is granted twice.
 */
function assertBackInTime(hung: Ended, limitMs: number, well: Ended): void {
  const granted = Math.min(limitMs + 5000 + 2 * well.elapsedMs, CLOSING_WAIT_MS - 2000);
  assert.ok(hung.elapsedMs >= limitMs - 100, `it gave up early, after ${hung.elapsedMs} ms`);
  assert.ok(
    hung.elapsedMs < granted,
    `${hung.elapsedMs} ms, where ${well.elapsedMs} ms is usual and the time-out ${limitMs} ms`,
  );
}

const LADDER = ['at', 'escape', 'dtr', 'usb'];

export const cases: KernelCase[] = [
  {
    name: 'the yardstick: an ordinary close of a tty whose modem takes no bytes blocks for half a minute',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637', misbehave: ['stalled'] });
      const closing = await guest.run(['bash', '-c', `exec 3<>${units[0]!.tty}; printf 'AT\\r' >&3; exec 3>&-`]);
      assert.ok(closing.elapsedMs > 25_000, `${closing.elapsedMs} ms: then the cases below prove nothing`);
    },
  },
  {
    name: 'a modem that says nothing: at is exit 6 in time, and points to reset',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' }, { model: 'tfm561u' });
      await withEach(units, async (unit) => {
        const well = await guest.cli(['at', '-d', unit.port, 'AT']);
        assert.equal(well.code, 0);
        unit.misbehave('silent');
        const result = await guest.cli(['at', '-d', unit.port, 'AT', '--timeout', '3s']);
        assertFails(result, 6, 'NOT_RESPONDING');
        assert.match(result.stderr, /modemctl reset/);
        assertBackInTime(result, 3000, well);
      });
      documentOf(await guest.cli(['at', '-d', '1-1', '--json', '--timeout', '1s']), 6, 'NOT_RESPONDING');
      assert.deepEqual(guest.log.resets(), []);
    },
  },
  {
    name: 'a modem that takes no more bytes: at is exit 6, at the shell within 5 s of its time-out, and lets go of the tty',
    essential: true,
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' }, { model: 'tfm561u' });
      await withEach(units, async (unit) => {
        const well = await guest.cli(['at', '-d', unit.port, 'AT']);
        assert.equal(well.code, 0);
        unit.misbehave('stalled');
        const result = await guest.cli(['at', '-d', unit.port, 'AT', '--timeout', '3s']);
        assertFails(result, 6, 'NOT_RESPONDING');
        assertBackInTime(result, 3000, well);
        await guest.until('nobody holds the tty', () => holdersOf(unit.tty).length === 0, 10_000);
        unit.dce.behave();
        assert.equal(
          (await guest.cli(['at', '-d', unit.port, 'AT'])).code,
          0,
          'once it takes bytes again it can be used',
        );
      });
    },
  },
  {
    name: 'Ctrl-C while a modem takes no bytes ends at with 130, at once',
    essential: true,
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637', misbehave: ['stalled'] });
      let pid = 0;
      const running = guest.cli(['at', 'AT', '--timeout', '60s'], { started: (started) => (pid = started) });
      await guest.until('at has the tty open', () => holdersOf(units[0]!.tty).includes(pid));
      await pause(500);
      const pressed = performance.now();
      process.kill(pid, 'SIGINT');
      const result = await running;
      assert.equal(result.code, 130);
      assert.ok(performance.now() - pressed < 5000, `${Math.round(performance.now() - pressed)} ms`);
    },
  },
  {
    name: 'reset of a modem that answers: exit 0, nothing was reset, and how to force one',
    async run(guest) {
      await plugIn(guest, { model: 'usr5637' });
      const document = documentOf<ResetDocument>(await guest.cli(['reset', '--json']), 0);
      assert.deepEqual(stepsOf(document), ['at']);
      assert.deepEqual([document.modem, document.recovered, document.tty], ['1-1', true, '/dev/ttyACM0']);
      const told = await guest.cli(['reset']);
      assert.match(told.stdout, /nothing was reset/);
      assert.match(told.stdout, /modemctl reset --method usb/);
      assert.deepEqual(guest.log.resets(), []);
    },
  },
  {
    name: 'reset brings both chip families back by a USB reset, under the same number; the kernel saw exactly one',
    essential: true,
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' }, { model: 'tfm561u' });
      for (const [index, unit] of units.entries()) {
        const hang = ['silent', 'stalled'][index]!;
        const tty = unit.tty;
        unit.misbehave(hang);
        const document = documentOf<ResetDocument>(await guest.cli(['reset', '--json', '-d', unit.port]), 0);
        assert.deepEqual([document.recovered, document.recoveredBy, document.tty], [true, 'usb', tty], hang);
        assert.deepEqual(stepsOf(document), LADDER, hang);
        for (const step of document.steps) assert.ok(Number.isFinite(step.elapsedMs), step.step);
        assert.equal(guest.log.resets(unit.port).length, 1, guest.log.resets(unit.port).join('\n'));
        assert.equal((await guest.cli(['at', '-d', unit.port, 'AT'])).code, 0);
        assert.equal(unit.tty, tty);
      }
    },
  },
  {
    name: 'gentler hangs are cured by gentler steps: a stuck voice or data state needs no USB reset',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' }, { model: 'tfm561u' });
      for (const hang of ['stuck-voice', 'stuck-data']) {
        await withEach(units, async (unit) => {
          unit.misbehave(hang);
          const document = documentOf<ResetDocument>(await guest.cli(['reset', '--json', '-d', unit.port]), 0);
          assert.equal(document.recovered, true);
          assert.ok(['escape', 'dtr'].includes(document.recoveredBy ?? ''), `${hang}: ${document.recoveredBy}`);
          assert.equal(unit.dce.state.offHook, false);
        });
      }
      assert.deepEqual(guest.log.resets(), []);
    },
  },
  {
    name: 'reset --method usb goes straight there, also with a modem that answers',
    async run(guest) {
      await plugIn(guest, { model: 'usr5637' });
      const document = documentOf<ResetDocument>(await guest.cli(['reset', '--json', '--method', 'usb']), 0);
      assert.deepEqual(stepsOf(document), ['usb']);
      assert.deepEqual([document.recoveredBy, document.tty], ['usb', '/dev/ttyACM0']);
      assert.equal(guest.log.resets().length, 1);
    },
  },
  {
    name: 'reset while another program holds the tty: exit 5 and by whom; with --force exit 0, and -d 1-1 finds it under its new number',
    essential: true,
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637', misbehave: ['silent'] });
      const keeper = guest.start(['bash', '-c', `exec 3<>${units[0]!.tty}; exec sleep 300`]);
      await guest.until('the other program has it open', () => holdersOf(units[0]!.tty).includes(keeper.pid!));
      const refused = await guest.cli(['reset']);
      assertFails(refused, 5, 'IN_USE');
      assert.match(refused.stderr, new RegExp(`\\b${keeper.pid}\\b`));
      assert.match(refused.stderr, /sleep/);
      assert.deepEqual(guest.log.resets(), []);

      const document = documentOf<ResetDocument>(await guest.cli(['reset', '--force', '--json']), 0);
      assert.deepEqual([document.recovered, document.recoveredBy, document.tty], [true, 'usb', '/dev/ttyACM1']);
      assert.equal(ttyAt('1-1'), '/dev/ttyACM1');
      assert.equal(guest.log.resets().length, 1);
      assert.equal((await guest.cli(['-d', '1-1', 'at', 'AT'])).code, 0);
      assert.equal((await guest.cli(['-d', '1-1', 'tty'])).stdout, '/dev/ttyACM1\n');
    },
  },
  {
    name: 'a modem that stays silent after a USB reset: exit 9, every step in the report, and what to do by hand',
    essential: true,
    async run(guest) {
      const { units } = await plugIn(
        guest,
        { model: 'usr5637', misbehave: ['dead-after-reset'] },
        { model: 'tfm561u', misbehave: ['dead-after-reset'] },
      );
      await withEach(units, async (unit) => {
        const document = documentOf<ResetDocument>(
          await guest.cli(['reset', '--json', '-d', unit.port]),
          9,
          'NOT_RECOVERED',
        );
        assert.deepEqual([document.recovered, document.recoveredBy], [false, null]);
        assert.deepEqual(stepsOf(document), LADDER);
        assert.equal(guest.log.resets(unit.port).length, 1);
      });
      const told = await guest.cli(['reset', '-d', '1-1']);
      assertFails(told, 9, 'NOT_RECOVERED');
      for (const step of LADDER) assert.match(told.stderr, new RegExp(`^${step}\\b`, 'm'));
      assert.match(told.stderr, /[Uu]nplug/);
    },
  },
  {
    name: 'a modem that is gone after its USB reset: exit 9 or 7, not a hang',
    essential: true,
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637', misbehave: ['dead-until-power'] });
      const result = await guest.cli(['at', '--timeout', '20s', 'AT']);
      assertFails(result, 7, 'GONE');
      assert.equal(units[0]!.usb.plugged, false);
      documentOf(await guest.cli(['reset', '--json']), 3, 'NO_MODEM');
    },
  },
  {
    name: 'one that disappears for two seconds: at is exit 7, and it can be used when it is back',
    essential: true,
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637', misbehave: ['vanish=2'] });
      assertFails(await guest.cli(['at', '--timeout', '20s', 'AT']), 7, 'GONE');
      await guest.cli(['detect', '--wait', '20s']);
      assert.equal((await guest.cli(['at', '-d', '1-1', 'ATI3'])).code, 0);
      assert.equal(units[0]!.tty, '/dev/ttyACM0', 'we let go at once, so it kept its number');
    },
  },
];
