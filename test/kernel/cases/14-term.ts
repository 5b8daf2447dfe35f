import assert from 'node:assert/strict';
import { Seat } from '../../support/seat.ts';
import type { KernelCase } from '../guest/case.ts';
import type { Guest } from '../guest/guest.ts';
import { plugIn, type Unit } from '../guest/lab.ts';

const PREFIX = '\x14';

async function sitDown(guest: Guest): Promise<Seat> {
  const seat = await Seat.open();
  guest.onEnd(async () => seat.close());
  return seat;
}

/** Starts term; resolves when it listens to what is typed. */
async function startTerm(guest: Guest, seat: Seat, ...args: string[]) {
  seat.wipe();
  const child = guest.startCliAt(seat.stdio, ['term', ...args]);
  const ended = new Promise<number | string | null>((resolve) => {
    child.on('exit', (code, signal) => resolve(code ?? signal));
  });
  await seat.shows(/to quit\r\n/, 60_000);
  return { child, ended };
}

async function talkToEcho(seat: Seat, unit: Unit): Promise<void> {
  seat.type(`${PREFIX}d5550100\r`);
  await seat.shows(/Connected: .*\r\n/, 60_000);
  seat.type('talk');
  await seat.shows(/talk$/);
  assert.equal(unit.dce.state.circuits.dcd, true);
}

function isOnHook({ dce }: Unit): boolean {
  return !dce.state.offHook && !dce.state.dtr;
}

export const cases: KernelCase[] = [
  {
    name: 'term on a ttyACM: a call by hand, details, a break; unplugged and plugged in again it goes on, under the same number',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' });
      const [unit] = units as [Unit];
      const { tty } = unit;
      const seat = await sitDown(guest);
      const { ended } = await startTerm(guest, seat);
      seat.type('ATD5550100\r');
      await seat.shows(/CONNECT .*\r\n[\s\S]*-- carrier: a call is up\r\n/, 60_000);
      seat.type(`${PREFIX}i`);
      await seat.shows(/a call is up: 33600 bit\/s[\s\S]*DSR on, DCD on, RI off\r\n/);
      seat.type(`${PREFIX}b`);
      await seat.shows(/-- break sent\r\n/);

      await unit.usb.unplug();
      await seat.shows(/went away; waiting for it/);
      await unit.usb.plugIn();
      await unit.ready(guest);
      await seat.shows(/is back\r\n/, 60_000);
      assert.equal(unit.tty, tty, 'its descriptor was let go at once');
      seat.type('ATI0\r');
      await seat.shows(/ATI0\r\r\n 5601\r\n/);

      seat.type('ATD5550199\r');
      await seat.shows(/carrier: a call is up\r\n[\s\S]*carrier lost: the call is over\r\n$/, 60_000);
      seat.type(`${PREFIX}q`);
      assert.equal(await ended, 0);
      assert.match(seat.screen, /line is on-hook, the modem is ready\r\n$/);
      assert.equal(seat.settings(), seat.before, 'the terminal is as it was');
      assert.ok(isOnHook(unit));
    },
  },
  {
    name: 'term that is killed: the line is on-hook, the terminal as it was',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' });
      const [unit] = units as [Unit];
      for (const signal of ['SIGTERM', 'SIGHUP', 'SIGKILL'] as const) {
        const seat = await sitDown(guest);
        const { child, ended } = await startTerm(guest, seat);
        await talkToEcho(seat, unit);
        child.kill(signal);
        assert.equal(await ended, signal);
        await guest.until(`the line is on-hook after ${signal}`, () => isOnHook(unit));
        await guest.until('the terminal is as it was', () => seat.settings() === seat.before);
      }
    },
  },
  {
    name: 'term --keep leaves the call and finds it again; once it is over, being killed hangs up as ever',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'tfm561u' });
      const [unit] = units as [Unit];
      const seat = await sitDown(guest);
      const first = await startTerm(guest, seat, '--keep');
      await talkToEcho(seat, unit);
      seat.type(`${PREFIX}q`);
      assert.equal(await first.ended, 0);
      assert.match(
        seat.screen,
        /the call goes on; back to it: modemctl term -d 1-1; end it: modemctl hangup -d 1-1\r\n$/,
      );
      assert.equal(unit.dce.state.circuits.dcd, true);

      const second = await startTerm(guest, seat);
      await seat.shows(/carrier: a call is up\r\n/);
      seat.type('again');
      await seat.shows(/again$/);
      seat.type(`${PREFIX}q`);
      assert.equal(await second.ended, 0);
      assert.ok(isOnHook(unit));

      const third = await startTerm(guest, seat);
      await talkToEcho(seat, unit);
      third.child.kill('SIGKILL');
      await guest.until('the line is on-hook', () => isOnHook(unit));
    },
  },
];
