// Callers who log in.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { Answering, assertOnHook, CALL_LIMIT_MS, call, logIn, pairToAnswer, prepareLogin } from '../guest/answering.ts';
import type { KernelCase } from '../guest/case.ts';
import { assertFails } from '../guest/contract.ts';
import { pause } from '../guest/guest.ts';
import { callWithPppd, ping, preparePpp } from '../guest/ppp.ts';

/** Ignores what a shell or a lost carrier tells it. */
const OUTLIVES = "(trap '' HUP TERM; exec sleep 1000)";

export const cases: KernelCase[] = [
  {
    name: 'a login session through answer --login driven by dial --chat: log in, run a command, log out',
    limitMs: 240_000,
    async run(guest) {
      const { ours } = await pairToAnswer(guest);
      await prepareLogin(guest);
      assertFails(await guest.cli(['-d', '1-1', 'answer', '--login'], { user: 'dialout' }), 4, 'DENIED');
      const before = statSync(ours.tty);
      const answering = new Answering(guest, ['--login']);
      await answering.waiting(1);
      const script = [
        'ECHO ON ABORT "Login incorrect" ABORT "NO CARRIER" TIMEOUT 60',
        'ogin: tester assword: \\qsecret',
        '"$ " "tty; who; stty -a | grep -o crtscts; echo is-$((6*7))"',
        'is-42 "" "$ " exit',
      ];
      writeFileSync('/run/login.chat', script.join('\n'));
      const dial = ['-d', '1-2', 'dial', ours.number, '--chat', '/run/login.chat', '--idle', '20s'];
      const session = await guest.cli(dial, { limitMs: 150_000 });
      assert.equal(session.code, 0);
      assert.match(session.stderr, /\/dev\/ttyACM0/);
      assert.match(session.stderr, /tester +ttyACM0/, 'utmp has it');
      assert.match(session.stderr, /^crtscts/m);
      assert.doesNotMatch(session.stderr, /secret/);
      await answering.waiting(2);
      assert.match(answering.said, /"event":"disconnect"[^\n]*"endedBy":"us"/);
      const after = statSync(ours.tty);
      const [owner, mode] = [[after.uid, after.gid], after.mode];
      assert.deepEqual([owner, mode], [[before.uid, before.gid], before.mode], 'the tty is whose it was');
      await guest.until('the journal has it', () =>
        /login for 5550102.*user tester/.test(readFileSync('/run/journal', 'utf8')),
      );
      await answering.end();
      assertOnHook(ours);
    },
  },
  {
    name: 'answer --login: a password that is guessed three times, and half a million bytes before login, cost one call each',
    limitMs: 300_000,
    async run(guest) {
      const { ours, theirs } = await pairToAnswer(guest);
      await prepareLogin(guest);
      const answering = new Answering(guest, ['--login']);
      await answering.waiting(1);
      guest.note('--- three guesses');
      const intruder = await call(theirs, ours.number);
      for (let failures = 0; failures < 3; failures++) {
        await intruder.expect('ogin: ', CALL_LIMIT_MS);
        await intruder.type('tester\r');
        await intruder.expect('assword: ', CALL_LIMIT_MS);
        await intruder.type('guess\r');
      }
      await intruder.expect('NO CARRIER', CALL_LIMIT_MS);
      await intruder.close();
      await answering.waiting(2);

      guest.note('--- half a million bytes');
      const flood = await call(theirs, ours.number);
      await flood.expect('ogin: ', CALL_LIMIT_MS);
      const bytes = Buffer.from(randomBytes(500_000).map((byte) => (byte < 32 || byte === 127 ? 97 : byte)));
      await Promise.race([flood.type(bytes).catch(() => {}), pause(20_000)]);
      // What has not gone by then would go to the caller's own modem, as commands, and closing would wait for it.
      await theirs.usb.unplug();
      await flood.close();
      await answering.waiting(3);
      await theirs.usb.plugIn();
      await theirs.ready(guest);

      guest.note('--- a welcome caller');
      const welcome = await call(theirs, ours.number);
      await logIn(welcome);
      await welcome.close();
      await answering.waiting(4);
      await answering.end();
      assertOnHook(ours);
    },
  },
  {
    name: 'answer --login: a login that is left open, and what is left running in the background, end with the call',
    limitMs: 300_000,
    async run(guest) {
      const { ours, theirs } = await pairToAnswer(guest);
      await prepareLogin(guest);
      const answering = new Answering(guest, ['--login']);
      await answering.waiting(1);

      const left = await call(theirs, ours.number);
      await logIn(left);
      await left.type(`${OUTLIVES} & disown\r`);
      await left.expect('$ ', CALL_LIMIT_MS);
      await left.close();
      await answering.waiting(2);

      const again = await call(theirs, ours.number);
      await logIn(again);
      await again.type(`${OUTLIVES} & exit\r`);
      await again.expect('NO CARRIER', CALL_LIMIT_MS);
      await again.close();
      await answering.waiting(3);
      await answering.end();
      assertOnHook(ours);
    },
  },
  {
    name: 'answer --auto: a caller who begins PPP gets a link, one who gives a name logs in, and so on in any order',
    limitMs: 400_000,
    async run(guest) {
      await preparePpp(guest);
      const { ours, theirs } = await pairToAnswer(guest);
      await prepareLogin(guest);
      assertFails(await guest.cli(['-d', '1-1', 'answer', '--auto'], { user: 'dialout' }), 4, 'DENIED');
      const answering = new Answering(guest, ['--auto', '--no-auth']);
      await answering.waiting(1);
      const logInAndOut = async () => {
        const keyboard = await call(theirs, ours.number);
        await logIn(keyboard);
        await keyboard.type('echo is-$((6*7)); who; tty\r');
        await keyboard.expect(/is-42\s+tester +ttyACM0[^\n]*\n[^\n]*\/dev\/ttyACM0/, CALL_LIMIT_MS);
        await keyboard.type('exit\r');
        await keyboard.expect('NO CARRIER', CALL_LIMIT_MS);
        await keyboard.close();
      };
      await logInAndOut();
      await answering.waiting(2);

      const pppd = callWithPppd(guest, theirs, ours.number);
      await answering.says('the link is up', () => answering.said.includes('PPP up:'), 2 * CALL_LIMIT_MS);
      await ping(guest, '10.64.0.2');
      pppd.child.kill('SIGTERM');
      await guest.until('pppd has ended', () => pppd.ended !== null);
      await answering.waiting(3);
      assert.doesNotMatch(pppd.said, /looped back/);

      await logInAndOut();
      await answering.waiting(4);
      await answering.end();
      assertOnHook(ours);
    },
  },
];
