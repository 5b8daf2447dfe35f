// Calls that are answered: the next call always works.
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { Keyboard } from '../../support/keyboard.ts';
import type { KernelCase } from '../guest/case.ts';
import { assertFails } from '../guest/contract.ts';
import { type Guest, pause } from '../guest/guest.ts';
import { plugIn, type Unit } from '../guest/lab.ts';

/** A call comes up within two rings, a second's training, and what the emulation takes. */
const CALL_LIMIT_MS = 60_000;
/** A USB reset after all gentler steps; a replug. */
const RECOVERY_LIMIT_MS = 90_000;

/** `answer` that goes on beside the case. */
class Answering {
  readonly child: ChildProcess;
  readonly #guest: Guest;
  said = '';

  constructor(guest: Guest, args: readonly string[]) {
    this.#guest = guest;
    this.child = guest.startCli(['-d', '1-1', 'answer', '--json', ...args]);
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.on('data', (data: Buffer) => {
        this.said += data.toString();
      });
    }
  }

  get waits(): number {
    return this.said.split('"event":"waiting"').length - 1;
  }

  async waiting(times: number): Promise<void> {
    await this.says(`it waits for call ${times}`, () => this.waits >= times, RECOVERY_LIMIT_MS);
  }

  async says(what: string, holds: () => boolean, limitMs = CALL_LIMIT_MS): Promise<void> {
    await this.#guest.until(what, holds, limitMs).catch((error) => {
      throw new Error(`${error.message}. It said:\n${this.said}`);
    });
  }

  /** Ends it as a service is ended. */
  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', (code, signal) => resolve(signal ?? code)));
    this.child.kill('SIGTERM');
    assert.equal(await ended, 'SIGTERM', this.said);
  }

  async kill(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
  }
}

/** Somebody with a modem and no program of ours calls; returns once there is a connection. */
async function call(from: Unit, number: string): Promise<Keyboard> {
  const keyboard = await Keyboard.open(from.tty);
  await keyboard.type('AT&F\r');
  await keyboard.expect('OK');
  await keyboard.type(`ATD${number}\r`);
  await keyboard.expect(/CONNECT[^\r]*\r\n/, CALL_LIMIT_MS);
  return keyboard;
}

async function toCommandState(keyboard: Keyboard): Promise<void> {
  await pause(1500);
  await keyboard.type('+++');
  await pause(1500);
}

interface Scene {
  readonly guest: Guest;
  readonly ours: Unit;
  readonly theirs: Unit;
  readonly keyboard: Keyboard;
  /** Of the program that has the call. */
  readonly pid: number;
  readonly cut: (isCut: boolean) => void;
}

/** How a call ends that nobody ends properly. */
const VANISHINGS: ReadonlyArray<readonly [how: string, vanish: (scene: Scene) => Promise<void>]> = [
  [
    'ATH',
    async ({ keyboard }) => {
      await toCommandState(keyboard);
      await keyboard.type('ATH\r');
    },
  ],
  ['DTR', async ({ keyboard }) => keyboard.close()],
  ["the caller's modem pulled out", async ({ theirs }) => theirs.usb.unplug()],
  ['SIGKILL of the program', async ({ pid }) => void process.kill(pid, 'SIGKILL')],
  ['carrier loss', async ({ cut }) => cut(true)],
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
  [
    'a flood that comes back',
    async ({ keyboard }) => {
      const flood = keyboard.type(randomBytes(200_000)).catch(() => {});
      await Promise.race([flood, pause(3000)]);
      await keyboard.close();
    },
  ],
];

export const cases: KernelCase[] = [
  {
    name: 'calls in a row through answer without help, the caller vanishing each time in another way: the next call always works',
    limitMs: 1_200_000,
    async run(guest) {
      const { units, exchange } = await plugIn(guest, { model: 'usr5637' }, { model: 'tfm561u' });
      const [ours, theirs] = units as [Unit, Unit];
      const cut = (isCut: boolean) => exchange.setCut(theirs.number, isCut);
      let answering = new Answering(guest, ['--exec', 'echo hello $$; exec cat']);
      await answering.waiting(1);
      let calls = 0;
      const connect = async () => {
        const keyboard = await call(theirs, ours.number);
        const pid = Number(/\d+/.exec(await keyboard.expect(/hello \d+\n/, CALL_LIMIT_MS))?.[0]);
        calls++;
        return { guest, ours, theirs, keyboard, pid, cut };
      };
      for (const [how, vanish] of VANISHINGS) {
        guest.note(`--- ${how}`);
        const scene = await connect();
        await vanish(scene);
        await answering.waiting(calls + 1).catch((error) => assert.fail(`after ${how}: ${error.message}`));
        await scene.keyboard.close().catch(() => {});
        cut(false);
        if (!theirs.usb.plugged) await theirs.usb.plugIn();
        await theirs.ready(guest);
        await ours.ready(guest);
        const { offHook, settings, registers, extended } = ours.dce.state;
        assert.deepEqual(
          [offHook, settings.E, registers.S0, registers.S2, extended['+VCID']],
          [false, 1, 0, 255, '1'],
          `after ${how}`,
        );
      }
      guest.note('--- given up while we answer');
      const impatient = await Keyboard.open(theirs.tty);
      await impatient.type(`AT&F;DT${ours.number}\r`.replace(';', ''));
      await guest.until('our modem goes off-hook', () => ours.dce.state.offHook, CALL_LIMIT_MS);
      await impatient.close();
      // Its own wait for a carrier is a minute.
      await answering.says('no connection', () => answering.said.includes('"noConnection"'), RECOVERY_LIMIT_MS);
      calls++;
      await answering.waiting(calls + 1);

      guest.note('--- SIGKILL of answer');
      const orphan = await connect();
      await answering.kill();
      await orphan.keyboard.expect('NO CARRIER', CALL_LIMIT_MS);
      await orphan.keyboard.close();
      answering = new Answering(guest, ['--exec', 'echo hello $$; exec cat']);
      await answering.waiting(1);
      calls = 0;
      const last = await connect();
      await last.keyboard.type('still here\r');
      await last.keyboard.expect('still here');
      await answering.end();
      await last.keyboard.expect('NO CARRIER');
      await last.keyboard.close();
      assert.deepEqual([ours.dce.state.offHook, ours.dce.state.mode], [false, 'command']);
      assert.equal((await guest.cli(['-d', '1-1', 'at', 'AT'])).code, 0);
    },
  },
  {
    name: 'answer --login: somebody logs in by telephone, runs a command, logs out; intruders, floods and what is left running cost one call each',
    limitMs: 900_000,
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' }, { model: 'tfm561u' });
      const [ours, theirs] = units as [Unit, Unit];
      await guest.run(['sh', '-c', 'touch /run/utmp; id tester 2>/dev/null || useradd -m -s /bin/bash tester']);
      await guest.run(['sh', '-c', 'echo tester:secret | chpasswd']);
      guest.start(['socat', '-u', 'UNIX-RECV:/dev/log', 'CREATE:/run/journal']);
      assertFails(await guest.cli(['-d', '1-1', 'answer', '--login'], { user: 'dialout' }), 4, 'DENIED');
      const before = statSync(ours.tty);
      const answering = new Answering(guest, ['--login']);
      await answering.waiting(1);

      writeFileSync(
        '/run/login.chat',
        [
          'ABORT "Login incorrect" TIMEOUT 60',
          'ogin: tester assword: \\qsecret',
          '"$ " "echo is-$((6*7)); tty; who; stty -a | grep -o crtscts"',
          'is-42',
        ].join('\n'),
      );
      const session = await guest.cli(
        ['-d', '1-2', 'dial', ours.number, '--chat', '/run/login.chat', '--exec', 'sleep 5; echo exit; cat >&2'],
        { limitMs: 120_000 },
      );
      assert.match(session.stderr, /\/dev\/ttyACM0/);
      assert.match(session.stderr, /tester +ttyACM0/, 'utmp has it');
      assert.match(session.stderr, /\bcrtscts\b/);
      await answering.waiting(2);
      const after = statSync(ours.tty);
      assert.deepEqual(
        [after.uid, after.gid, after.mode],
        [before.uid, before.gid, before.mode],
        'the tty is whose it was',
      );
      await guest.until('the journal has it', () =>
        /login for 5550102.*user tester/.test(readFileSync('/run/journal', 'utf8')),
      );

      guest.note('--- three failures');
      const intruder = await call(theirs, ours.number);
      for (let failures = 0; failures < 3; failures++) {
        await intruder.expect('ogin: ', CALL_LIMIT_MS);
        await intruder.type('tester\r');
        await intruder.expect('assword: ', CALL_LIMIT_MS);
        await intruder.type('guess\r');
      }
      await intruder.expect('NO CARRIER', CALL_LIMIT_MS);
      await intruder.close();
      await answering.waiting(3);

      guest.note('--- half a million bytes before login');
      const flood = await call(theirs, ours.number);
      await flood.expect('ogin: ', CALL_LIMIT_MS);
      const bytes = Buffer.from(randomBytes(500_000).map((byte) => (byte < 32 || byte === 127 ? 97 : byte)));
      await Promise.race([flood.type(bytes).catch(() => {}), pause(20_000)]);
      await flood.close();
      await answering.waiting(4);

      guest.note('--- a login left open, with something that outlives it');
      const left = await call(theirs, ours.number);
      await left.expect('ogin: ', CALL_LIMIT_MS);
      await left.type('tester\r');
      await left.expect('assword: ', CALL_LIMIT_MS);
      await left.type('secret\r');
      await left.expect('$ ', CALL_LIMIT_MS);
      await left.type("(trap '' HUP TERM; exec sleep 1000) & disown\r");
      await left.expect('$ ', CALL_LIMIT_MS);
      await left.close();
      await answering.waiting(5);

      guest.note('--- and one who logs out with it running');
      const again = await call(theirs, ours.number);
      await again.expect('ogin: ', CALL_LIMIT_MS);
      await again.type('tester\r');
      await again.expect('assword: ', CALL_LIMIT_MS);
      await again.type('secret\r');
      await again.expect('$ ', CALL_LIMIT_MS);
      await again.type("(trap '' HUP TERM; exec sleep 1000) & exit\r");
      await again.expect('NO CARRIER', CALL_LIMIT_MS);
      await again.close();
      await answering.waiting(6);
      await answering.end();
      assert.deepEqual([ours.dce.state.offHook, ours.dce.state.mode], [false, 'command']);
    },
  },
];
