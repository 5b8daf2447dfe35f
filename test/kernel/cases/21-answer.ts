// Calls that are answered: the next call always works.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Keyboard } from '../../support/keyboard.ts';
import {
  Answering,
  assertOnHook,
  CALL_LIMIT_MS,
  call,
  pairToAnswer,
  RECOVERY_LIMIT_MS,
  toCommandState,
} from '../guest/answering.ts';
import type { KernelCase } from '../guest/case.ts';
import { type Guest, holdersOf, pause } from '../guest/guest.ts';
import type { Unit } from '../guest/lab.ts';
import { type Beside, callWithPppd, ping, preparePpp } from '../guest/ppp.ts';

/** Each caller is greeted, and hears what he says. */
const TALKS = ['--exec', 'echo hello $$; exec cat'];

interface Scene {
  readonly ours: Unit;
  readonly theirs: Unit;
  readonly keyboard: Keyboard;
  /** Of the program that has the call. */
  readonly pid: number;
  readonly cut: (isCut: boolean) => void;
}

/** How a call ends that nobody ends properly. */
type Vanishing = readonly [how: string, vanish: (scene: Scene) => Promise<void>];

const CALLER_GOES: readonly Vanishing[] = [
  [
    'ATH',
    async ({ keyboard }) => {
      await toCommandState(keyboard);
      await keyboard.type('ATH\r');
    },
  ],
  ['DTR', async ({ keyboard }) => keyboard.close()],
  ["the caller's modem pulled out", async ({ theirs }) => theirs.usb.unplug()],
  ['carrier loss', async ({ cut }) => cut(true)],
];

const OUR_SIDE_DIES: readonly Vanishing[] = [
  ['SIGKILL of the program', async ({ pid }) => void process.kill(pid, 'SIGKILL')],
  [
    'a flood that comes back',
    async ({ keyboard }) => {
      const flood = keyboard.type(randomBytes(200_000)).catch(() => {});
      await Promise.race([flood, pause(3000)]);
      await keyboard.close();
    },
  ],
];

const OUR_MODEM_FAILS: readonly Vanishing[] = [
  [
    'our modem hung',
    async ({ ours, keyboard }) => {
      ours.misbehave('silent');
      await keyboard.close();
    },
  ],
  [
    'our modem stalled',
    async ({ ours, keyboard }) => {
      ours.misbehave('stalled');
      await keyboard.close();
    },
  ],
  [
    'our modem pulled out',
    async ({ ours }) => {
      await ours.usb.unplug();
      await pause(2000);
      await ours.usb.plugIn();
    },
  ],
];

/** A call, and the pid of the program that has it. */
async function connect(theirs: Unit, number: string): Promise<{ keyboard: Keyboard; pid: number }> {
  const keyboard = await call(theirs, number);
  return { keyboard, pid: Number(/\d+/.exec(await keyboard.expect(/hello \d+\r?\n/, CALL_LIMIT_MS))?.[0]) };
}

/** Calls in a row, each ending in another way; the last proves that the one before it cost nothing. */
async function vanishOneByOne(guest: Guest, vanishings: readonly Vanishing[]): Promise<void> {
  const { ours, theirs, exchange } = await pairToAnswer(guest);
  const cut = (isCut: boolean) => exchange.setCut(theirs.number, isCut);
  const answering = new Answering(guest, TALKS);
  await answering.waiting(1);
  for (const [calls, [how, vanish]] of vanishings.entries()) {
    guest.note(`--- ${how}`);
    const scene = { ours, theirs, cut, ...(await connect(theirs, ours.number)) };
    await vanish(scene);
    await answering.waiting(calls + 2).catch((error) => assert.fail(`after ${how}: ${error.message}`));
    await scene.keyboard.close().catch(() => {});
    cut(false);
    if (!theirs.usb.plugged) await theirs.usb.plugIn();
    await theirs.ready(guest);
    await ours.ready(guest);
    const { offHook, settings, registers, extended } = ours.dce.state;
    const found = [offHook, settings.E, registers.S0, registers.S2, extended['+VCID']];
    assert.deepEqual(found, [false, 1, 0, 255, '1'], `after ${how}`);
  }
  guest.note('--- the last call');
  const { keyboard } = await connect(theirs, ours.number);
  await keyboard.type('still here\r');
  await keyboard.expect('still here');
  await answering.end();
  await keyboard.expect('NO CARRIER', CALL_LIMIT_MS);
  await keyboard.close();
  assertOnHook(ours);
  assert.equal((await guest.cli(['-d', '1-1', 'at', 'AT'])).code, 0);
}

export const cases: KernelCase[] = [
  {
    name: 'calls in a row through answer, the caller vanishing by ATH, by DTR, unplugged, without carrier: the next call always works',
    limitMs: 400_000,
    run: (guest) => vanishOneByOne(guest, CALLER_GOES),
  },
  {
    name: 'calls in a row through answer, its program killed, flooded by what it sent: the next call always works',
    limitMs: 300_000,
    run: (guest) => vanishOneByOne(guest, OUR_SIDE_DIES),
  },
  {
    name: 'calls in a row through answer, our modem hung, stalled, pulled out in the call: the next call always works',
    limitMs: 400_000,
    run: (guest) => vanishOneByOne(guest, OUR_MODEM_FAILS),
  },
  {
    name: 'a caller who gives up while answer picks up costs nothing; after SIGKILL of answer the line is free, and the next answer works',
    limitMs: 400_000,
    async run(guest) {
      const { ours, theirs } = await pairToAnswer(guest);
      const first = new Answering(guest, TALKS);
      await first.waiting(1);
      const impatient = await Keyboard.open(theirs.tty);
      await impatient.type(`ATDT${ours.number}\r`);
      await guest.until('our modem goes off-hook', () => ours.dce.state.offHook, CALL_LIMIT_MS);
      await impatient.close();
      // Its own wait for a carrier is a minute.
      await first.says('no connection', () => first.said.includes('"noConnection"'), RECOVERY_LIMIT_MS);
      await first.waiting(2);

      const orphan = await connect(theirs, ours.number);
      await first.kill();
      await orphan.keyboard.expect('NO CARRIER', CALL_LIMIT_MS);
      await orphan.keyboard.close();
      const second = new Answering(guest, TALKS);
      await second.waiting(1);
      const { keyboard } = await connect(theirs, ours.number);
      await second.end();
      await keyboard.expect('NO CARRIER', CALL_LIMIT_MS);
      await keyboard.close();
      assertOnHook(ours);
    },
  },
  {
    name: 'geerlingguy/pi-isp issue 3 (the caller hangs up, the modem never does, the next call rings for ever): the next call gets its link',
    limitMs: 400_000,
    async run(guest) {
      await preparePpp(guest);
      const { ours, theirs } = await pairToAnswer(guest);
      const answering = new Answering(guest, ['--ppp', '--no-auth', '--rings', '1']);
      await answering.waiting(1);
      for (const [calls, vanish] of [
        // The line drops, and pppd is not told by its peer.
        async (pppd: Beside) => void pppd.child.kill('SIGKILL'),
        async () => theirs.usb.unplug(),
      ].entries()) {
        const pppd = callWithPppd(guest, theirs, ours.number);
        const isUp = () => answering.said.split('PPP up:').length > calls + 1;
        await answering.says('the link is up', isUp, 2 * CALL_LIMIT_MS);
        await ping(guest, '10.64.0.2');
        await vanish(pppd);
        await answering.waiting(calls + 2);
        assertOnHook(ours);
        await guest.until('its pppd is gone', () => pppd.ended !== null);
        if (!theirs.usb.plugged) await theirs.usb.plugIn();
        await theirs.ready(guest);
      }
      const last = callWithPppd(guest, theirs, ours.number);
      await answering.says('the link is up', () => answering.said.split('PPP up:').length > 3, 2 * CALL_LIMIT_MS);
      await ping(guest, '10.64.0.2');
      await answering.end();
      await guest.until('the caller knows', () => last.ended !== null);
      assert.deepEqual(holdersOf(ours.tty), []);
      assertOnHook(ours);
    },
  },
];
