// Calls in a row with PPP: whatever becomes of one of them, the next always works.
import assert from 'node:assert/strict';
import type { KernelCase } from '../guest/case.ts';
import { type Guest, holdersOf, pause } from '../guest/guest.ts';
import { plugIn, type Unit } from '../guest/lab.ts';
import {
  assertReady,
  type Beside,
  besideCli,
  cliInFar,
  ping,
  preparePpp,
  untilEnded,
  untilSaid,
} from '../guest/ppp.ts';

interface Scene {
  readonly caller: Unit;
  readonly called: Unit;
  /** The caller's modemctl. */
  readonly dial: Beside;
  readonly cut: (isCut: boolean) => void;
}

const killHolder = (unit: Unit) => {
  const [pid] = holdersOf(unit.tty);
  assert.ok(pid, `somebody has ${unit.tty}`);
  process.kill(pid, 'SIGKILL');
};

/** How a link ends that nobody ends properly, and what the caller's modemctl ends with. */
const VANISHINGS: ReadonlyArray<
  readonly [how: string, ended: number | NodeJS.Signals, vanish: (scene: Scene) => unknown]
> = [
  ["SIGKILL of the caller's pppd", 22, ({ caller }) => killHolder(caller)],
  ["SIGKILL of the caller's modemctl", 'SIGKILL', ({ dial }) => dial.child.kill('SIGKILL')],
  ["the caller's modem hung, his pppd wedged", 22, ({ caller }) => caller.misbehave('stalled')],
  ["the caller's modem pulled out", 21, ({ caller }) => caller.usb.unplug()],
  ['carrier loss', 21, ({ cut }) => cut(true)],
  ['SIGKILL of our pppd', 21, ({ called }) => killHolder(called)],
  ['our modem hung, our pppd wedged', 22, ({ called }) => called.misbehave('stalled')],
  [
    'our modem pulled out, and plugged in again',
    21,
    async ({ called }) => {
      await called.usb.unplug();
      await pause(2000);
      await called.usb.plugIn();
    },
  ],
];

/** Both ends find out within seconds that nobody is there any more. */
const ECHO = ['--', 'lcp-echo-interval', '3', 'lcp-echo-failure', '2'];

export const cases: KernelCase[] = [
  {
    name: 'PPP calls in a row through answer without help: caller, pppd, modemctl or modem vanish each time in another way, the next call always works',
    limitMs: 1_500_000,
    async run(guest: Guest) {
      await preparePpp(guest);
      const { units, exchange } = await plugIn(guest, { model: 'usr5637' }, { model: 'tfm561u' });
      const [caller, called] = units as [Unit, Unit];
      const answer = cliInFar(guest, ['-v', 'answer', '-d', called.port, '--ppp', '--no-auth', ...ECHO]);
      let calls = 0;
      const connect = async () => {
        await untilSaid(guest, answer, 'Waiting.', calls + 1);
        calls++;
        const dial = besideCli(guest, ['-v', 'dial', '-d', caller.port, '--ppp', called.number, ...ECHO]);
        await untilSaid(guest, dial, 'PPP up: 10.64.0.2 <-> 10.64.0.1');
        await untilSaid(guest, answer, 'PPP up: 10.64.0.1 <-> 10.64.0.2', calls);
        await ping(guest, '10.64.0.1');
        return dial;
      };
      for (const [how, expected, vanish] of VANISHINGS) {
        guest.note(`--- ${how}`);
        const dial = await connect();
        const cut = (isCut: boolean) => exchange.setCut(caller.number, isCut);
        await vanish({ caller, called, dial, cut });
        const ended = await untilEnded(guest, dial, 120_000);
        assert.equal(ended, expected, `after ${how}, the caller said: ${dial.said}`);
        cut(false);
        if (!caller.usb.plugged) await caller.usb.plugIn();
        await caller.ready(guest);
        await guest.until("nobody has the caller's modem", () => holdersOf(caller.tty).length === 0);
        await assertReady(guest, caller);
      }
      guest.note('--- the last one ends properly');
      const dial = await connect();
      dial.child.kill('SIGTERM');
      assert.equal(await untilEnded(guest, dial), 'SIGTERM');
      await untilSaid(guest, answer, 'Waiting.', calls + 1);
      assert.match(answer.said, /PPP down: the far end ended PPP/);
      answer.child.kill('SIGTERM');
      await untilEnded(guest, answer);
      await assertReady(guest, called);
    },
  },
];
