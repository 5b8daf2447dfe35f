import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { KernelCase } from '../guest/case.ts';
import { type Guest, holdersOf } from '../guest/guest.ts';
import { plugIn, type Unit } from '../guest/lab.ts';
import { answerWithPppd, assertReady, Beside, besideCli, ping, preparePpp, useLink } from '../guest/ppp.ts';

/** A carrier, LCP, authentication and IPCP, where everything takes ten times its time. */
const LINK_LIMIT_MS = 120_000;

async function pair(guest: Guest): Promise<[caller: Unit, called: Unit]> {
  await preparePpp(guest);
  return (await plugIn(guest, { model: 'usr5637' }, { model: 'tfm561u' })).units as [Unit, Unit];
}

const untilSaid = async (guest: Guest, beside: Beside, text: string) => {
  const isSaid = () => beside.said.includes(text);
  try {
    await guest.until(`it says ${text}`, () => isSaid() || beside.ended !== null, LINK_LIMIT_MS);
    assert.ok(isSaid(), `it ended with ${beside.ended} before it said ${text}`);
  } catch (error) {
    guest.note(`it said: ${beside.said}`);
    throw error;
  }
};

const untilEnded = async (guest: Guest, beside: Beside, limitMs = 60_000) => {
  await guest.until('it has ended', () => beside.ended !== null, limitMs);
  guest.note(beside.said);
  return beside.ended;
};

export const cases: KernelCase[] = [
  {
    name: 'dial --ppp: a link to a plain pppd carries ping and a megabyte each way; it ends on-hook, and the far end knows',
    essential: true,
    limitMs: 600_000,
    async run(guest) {
      const [caller, called] = await pair(guest);
      const far = await answerWithPppd(guest, called);
      const near = besideCli(guest, ['-v', 'dial', '-d', caller.port, '--ppp', called.number]);
      await untilSaid(guest, near, 'PPP up: 10.64.0.2 <-> 10.64.0.1 on ppp');
      const [pppd] = holdersOf(caller.tty);
      assert.match(readFileSync('/run/lock/LCK..ttyACM0', 'latin1'), new RegExp(`^ *${pppd}\n$`), "the lock is pppd's");
      await useLink(guest);
      near.child.kill('SIGTERM');
      assert.equal(await untilEnded(guest, near), 'SIGTERM');
      assert.match(near.said, /PPP down: pppd was asked to end: \d{7} bytes received/);
      assert.match(near.said, /line is on-hook, the modem is ready/);
      await untilEnded(guest, far);
      assert.match(far.said, /LCP terminated by peer/);
      await assertReady(guest, caller);
    },
  },
  {
    name: 'pppd dials with "modemctl -d - dial" and hangs up with "modemctl -d - hangup"; where it is busy, pppd ends with 8 and the line is free',
    async run(guest) {
      const [caller, called] = await pair(guest);
      const pppd = (number: string) => [
        ...['pppd', caller.tty, '115200', 'nodetach', 'noauth', 'lock', 'modem', 'logfd', '1', 'noipdefault'],
        ...['connect', `modemctl -d - dial ${number}`, 'disconnect', 'modemctl -d - hangup'],
      ];
      const refused = await guest.run(pppd('5550195'));
      assert.equal(refused.code, 8, 'connect script failed');
      await assertReady(guest, caller);

      const far = await answerWithPppd(guest, called);
      const near = new Beside(guest.start(pppd(called.number)));
      await untilSaid(guest, near, 'remote IP address 10.64.0.1');
      await ping(guest, '10.64.0.1');
      near.child.kill('SIGTERM');
      assert.equal(await untilEnded(guest, near), 5);
      await untilEnded(guest, far);
      await assertReady(guest, caller);
    },
  },
];
