// `setup answer` and `setup watch`, under a real systemd.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import {
  addTester,
  assertOnHook,
  CALL_LIMIT_MS,
  call,
  logIn,
  pairToAnswer,
  RECOVERY_LIMIT_MS,
} from '../guest/answering.ts';
import type { KernelCase } from '../guest/case.ts';
import { assertFails } from '../guest/contract.ts';
import { type Guest, holdersOf, usbDevices } from '../guest/guest.ts';
import type { Unit } from '../guest/lab.ts';
import { callWithPppd, LINK_LIMIT_MS, ping, preparePpp } from '../guest/ppp.ts';
import { Systemd } from '../guest/systemd.ts';

const ANSWER = 'modemctl-answer@1-1.service';
const WATCH = 'modemctl-watch.service';
const HOLDER = 'holder.service';
/** As callattendant does: without a lock, and again if it ends. */
const HOLDS = `[Service]
ExecStart=/bin/sh -c 'exec 3<>/dev/ttyACM0; exec sleep infinity'
Restart=always
`;
/** systemd reads %, $ and quotes in a way of its own. */
const GREETS = 'echo "hello $LOGNAME, 50% of \\"it\\"; \\\\ $((6*7))"; exec cat';
const GREETING = 'hello tester, 50% of "it"; \\ 42';
/** RestartSec= of the unit, and what recovery takes. */
const RESTART_LIMIT_MS = RECOVERY_LIMIT_MS + 30_000;

/** Somebody calls, is greeted, and hears what he says. */
async function assertAnswered(theirs: Unit, number: string): Promise<void> {
  const keyboard = await call(theirs, number);
  await keyboard.expect(GREETING, CALL_LIMIT_MS);
  await keyboard.type('marco\r');
  await keyboard.expect('marco', CALL_LIMIT_MS);
  await keyboard.close();
}

async function assertGone(systemd: Systemd, unit: string): Promise<void> {
  assert.ok(!existsSync(`/etc/systemd/system/${unit}`), 'the unit');
  assert.ok(!existsSync(`/etc/systemd/system/multi-user.target.wants/${unit}`), 'its link');
  assert.ok(!existsSync(`/run/modemctl/${unit.replace('.service', '')}`), 'its folder');
  const known = await systemd.run(['systemctl', 'list-units', '--all', '--plain', '--no-legend', 'modemctl*']);
  assert.equal(known.stdout, '');
}

async function onHook(guest: Guest, unit: Unit, limitMs: number): Promise<void> {
  await guest.until('the line is on-hook', () => !unit.dce.state.offHook, limitMs);
}

export const cases: KernelCase[] = [
  {
    name: 'setup answer: systemd starts it, calls are answered and in the journal, also after a replug under another tty; --remove leaves nothing',
    limitMs: 500_000,
    async run(guest) {
      const systemd = await Systemd.boot(guest);
      const { ours, theirs } = await pairToAnswer(guest);
      await addTester(guest);
      const wish = ['setup', 'answer', '-d', '1-1', '--run-as', 'tester', '--exec', GREETS];
      const denied = await guest.cli(wish, { user: 'stranger' });
      assertFails(denied, 4, 'DENIED');
      assert.match(denied.stderr, /^sudo .* setup answer -d 1-1 --run-as tester --exec 'echo "hello/m);
      assertFails(await systemd.cli([...wish, '--rings', '0']), 2, 'USAGE');
      assert.ok(!existsSync(`/etc/systemd/system/${ANSWER}`));

      const done = await systemd.cli(wish);
      assert.equal(done.code, 0, done.stderr);
      assert.equal(await systemd.show(ANSWER, 'ActiveState'), 'active');
      assert.equal(await systemd.show(ANSWER, 'StatusText'), '1-1 waiting');
      const pid = await systemd.show(ANSWER, 'MainPID');
      const words = (await systemd.run(['cat', `/proc/${pid}/cmdline`])).stdout.split('\0');
      assert.ok(words.includes(GREETS), words.join(' | '));
      await assertAnswered(theirs, ours.number);
      await systemd.logs(ANSWER, /Waiting\.$/, 2);
      const lines = await systemd.journal(ANSWER);
      guest.note(lines.join('\n'));
      assert.ok(lines.some((line) => /^<6> Connected: /.test(line)));
      assert.ok(
        lines.every((line) => !/\x1b|\r|⠋/.test(line)),
        'no colours, no progress',
      );

      guest.note('--- others borrow it');
      assert.equal((await systemd.cli(['at', '-d', '1-1', 'ATI3'])).code, 0);
      await systemd.logs(ANSWER, /lent to/);

      guest.note('--- replugged');
      const before = ours.tty;
      const keeper = guest.start(['bash', '-c', `exec 3<>${before}; exec sleep 301`]);
      await guest.until('it is held', () => holdersOf(before).includes(keeper.pid!));
      await ours.usb.unplug();
      await systemd.logs(ANSWER, /^<4> note: .*went away/);
      assert.equal(await systemd.show(ANSWER, 'ActiveState'), 'active');
      await ours.usb.plugIn();
      await ours.ready(guest);
      assert.notEqual(ours.tty, before);
      await systemd.logs(ANSWER, /is back/);
      await systemd.logs(ANSWER, /Waiting\.$/, 4);
      await assertAnswered(theirs, ours.number);
      assert.equal(await systemd.show(ANSWER, 'NRestarts'), '0');

      guest.note('--- with other options');
      const again = await systemd.cli([...wish.slice(0, -1), 'exec cat', '--check-every', '1m']);
      assert.equal(again.code, 0, again.stderr);
      assert.match(readFileSync(`/etc/systemd/system/${ANSWER}`, 'utf8'), /--exec "exec cat" --check-every 1m$/m);
      assert.notEqual(await systemd.show(ANSWER, 'MainPID'), pid);

      const rules = await systemd.cli(['setup', '--remove']);
      assert.match(rules.stderr, /still starts at boot.*setup answer --remove -d 1-1/);
      assert.equal((await systemd.cli(['setup', 'answer', '--remove'])).code, 0);
      await assertGone(systemd, ANSWER);
      assertOnHook(ours);
    },
  },
  {
    name: 'setup answer: stopped in a call, killed in a call, standing still in a call (its watchdog), and with a modem that hangs, the line ends on-hook and the service answers again',
    limitMs: 500_000,
    async run(guest) {
      const systemd = await Systemd.boot(guest);
      const { ours, theirs } = await pairToAnswer(guest);
      await addTester(guest);
      const wish = ['setup', 'answer', '1-1', '--run-as', 'tester', '--exec', GREETS, '--check-every', '10s'];
      assert.equal((await systemd.cli(wish)).code, 0);

      guest.note('--- stopped in a call');
      const stopped = await call(theirs, ours.number);
      await stopped.expect(GREETING, CALL_LIMIT_MS);
      const stop = await systemd.run(['systemctl', 'stop', ANSWER]);
      assert.equal(stop.code, 0);
      assertOnHook(ours);
      assert.equal(await systemd.show(ANSWER, 'Result'), 'success');
      await stopped.close();

      guest.note('--- killed in a call');
      assert.equal((await systemd.run(['systemctl', 'start', ANSWER])).code, 0);
      const killed = await call(theirs, ours.number);
      await killed.expect(GREETING, CALL_LIMIT_MS);
      await systemd.kill(ANSWER);
      await onHook(guest, ours, 30_000);
      await killed.close();
      await systemd.logs(ANSWER, /Waiting\.$/, 3, RESTART_LIMIT_MS);
      assert.equal(await systemd.show(ANSWER, 'NRestarts'), '1');
      await assertAnswered(theirs, ours.number);

      guest.note('--- standing still in a call');
      await systemd.logs(ANSWER, /Waiting\.$/, 4);
      mkdirSync(`/etc/systemd/system/${ANSWER}.d`);
      writeFileSync(`/etc/systemd/system/${ANSWER}.d/watchdog.conf`, '[Service]\nWatchdogSec=20s\n');
      assert.equal((await systemd.run(['systemctl', 'daemon-reload'])).code, 0);
      assert.equal((await systemd.run(['systemctl', 'restart', ANSWER])).code, 0);
      const still = await call(theirs, ours.number);
      await still.expect(GREETING, CALL_LIMIT_MS);
      const standStill = ['systemctl', 'kill', '--kill-whom=main', '--signal=SIGSTOP', ANSWER];
      assert.equal((await systemd.run(standStill)).code, 0);
      await onHook(guest, ours, 60_000);
      await still.close();
      await systemd.logs(ANSWER, /Waiting\.$/, 6, RESTART_LIMIT_MS);
      assert.equal(await systemd.show(ANSWER, 'NRestarts'), '1');
      await assertAnswered(theirs, ours.number);

      guest.note('--- hung');
      await systemd.logs(ANSWER, /Waiting\.$/, 7);
      ours.misbehave('silent');
      await systemd.logs(ANSWER, /^<4> note: .*does not answer/, 1, RECOVERY_LIMIT_MS);
      await systemd.logs(ANSWER, /brought back by step/, 1, RECOVERY_LIMIT_MS);
      await assertAnswered(theirs, ours.number);
      assert.equal(await systemd.show(ANSWER, 'NRestarts'), '1');
      assert.equal((await systemd.cli(['setup', 'answer', '--remove', '-d', '1-1'])).code, 0);
      await assertGone(systemd, ANSWER);
      assertOnHook(ours);
    },
  },
  {
    name: 'setup answer and setup watch: started without a modem they wait for it, and begin when it is plugged in; after a power failure the boot starts them',
    limitMs: 500_000,
    async run(guest) {
      const systemd = await Systemd.boot(guest);
      const { ours, theirs } = await pairToAnswer(guest);
      await addTester(guest);
      await ours.usb.unplug();
      await guest.until('it is away', () => !existsSync('/sys/bus/usb/devices/1-1'));
      const wish = ['setup', 'answer', '-d', '1-1', '--run-as', 'tester', '--exec', GREETS];
      const done = await systemd.cli(wish);
      assert.equal(done.code, 0, done.stderr);
      assert.match(done.stderr, /no modem at USB port 1-1; the service waits for it/);
      assert.equal(await systemd.show(ANSWER, 'StatusText'), 'waiting for 1-1');
      await systemd.logs(ANSWER, /^<4> note: no modem at USB port 1-1; waiting for it/);
      await ours.usb.plugIn();
      await ours.ready(guest);
      await systemd.logs(ANSWER, /Waiting\.$/);
      await assertAnswered(theirs, ours.number);

      guest.note('--- a power failure in a call');
      await systemd.logs(ANSWER, /Waiting\.$/, 2);
      const lost = await call(theirs, ours.number);
      await lost.expect(GREETING, CALL_LIMIT_MS);
      await systemd.reboot();
      await onHook(guest, ours, 30_000);
      await lost.close();
      await systemd.logs(ANSWER, /Waiting\.$/);
      await assertAnswered(theirs, ours.number);
      assert.equal((await systemd.cli(['setup', 'answer', '--remove'])).code, 0);
      await assertGone(systemd, ANSWER);

      guest.note('--- watch, without any modem');
      for (const unit of [ours, theirs]) await unit.usb.unplug();
      await guest.until('all are away', () => usbDevices().length === 0);
      const watch = await systemd.cli(['setup', 'watch', '--run-as', 'tester']);
      assert.equal(watch.code, 0, watch.stderr);
      assert.equal(await systemd.show(WATCH, 'ActiveState'), 'active');
      for (const unit of [ours, theirs]) await unit.usb.plugIn();
      for (const unit of [ours, theirs]) await unit.ready(guest);
      for (const port of ['1-1', '1-2']) await systemd.logs(WATCH, new RegExp(`${port}.*(Waiting|waiting)`));
      const lines = await systemd.journal(WATCH);
      guest.note(lines.join('\n'));
      assert.ok(lines.every((line) => !/\x1b|\r|Ctrl-C/.test(line)));
      assert.equal((await systemd.cli(['at', '-d', '1-2', 'ATI3'])).code, 0);
      assert.equal((await systemd.cli(['setup', 'watch', '--remove'])).code, 0);
      await assertGone(systemd, WATCH);
    },
  },
  {
    name: 'setup answer --login and --ppp: under systemd a caller logs in and may become root as ever, and a link comes up',
    limitMs: 500_000,
    async run(guest) {
      await preparePpp(guest);
      const systemd = await Systemd.boot(guest);
      const { ours, theirs } = await pairToAnswer(guest);
      await addTester(guest);
      const failed = await systemd.cli([
        'setup',
        'answer',
        '-d',
        '1-1',
        '--login',
        '--textfile',
        '/nowhere/modems.prom',
      ]);
      assertFails(failed, 8, 'HELPER');
      assert.match(failed.stderr, /did not start[\s\S]*It said:\nerror: --textfile cannot be written/);
      assert.equal(await systemd.show(ANSWER, 'ActiveState'), 'failed', 'another start would not cure it');
      assert.equal((await systemd.cli(['setup', 'answer', '-d', '1-1', '--login'])).code, 0);
      const keyboard = await call(theirs, ours.number);
      await logIn(keyboard);
      // What a sandbox would take away.
      await keyboard.type(
        'grep -c "NoNewPrivs:.0" /proc/self/status; id -un; tty; touch /tmp/of-caller && echo is-$((6*7))\r',
      );
      const seen = keyboard.expect(/[\r\n]1\s+tester\s+\/dev\/ttyACM0\s+is-42/, CALL_LIMIT_MS);
      await seen.catch(async (error) => {
        const processes = await systemd.run(['ps', 'axfo', 'pid,stat,wchan:20,tty,args']);
        throw new Error(`${error.message}\n${(await systemd.journal(ANSWER)).join('\n')}\n${processes.stdout}`);
      });
      assert.ok(existsSync('/tmp/of-caller'), "its /tmp is everybody's");
      await keyboard.type('exit\r');
      await keyboard.expect('NO CARRIER', CALL_LIMIT_MS);
      await keyboard.close();
      await systemd.logs(ANSWER, /login for 5550102.*user tester/);
      await systemd.logs(ANSWER, /Waiting\.$/, 2);
      guest.note((await systemd.journal(ANSWER)).join('\n'));

      guest.note('--- PPP');
      const ppp = await systemd.cli(['setup', 'answer', '-d', '1-1', '--ppp', '--no-auth', '--', 'mtu', '576']);
      assert.equal(ppp.code, 0, ppp.stderr);
      const pppd = callWithPppd(guest, theirs, ours.number);
      await systemd.logs(ANSWER, /PPP up:/, 1, LINK_LIMIT_MS);
      await ping(guest, '10.64.0.2');
      pppd.child.kill('SIGTERM');
      await guest.until('pppd has ended', () => pppd.ended !== null);
      await systemd.logs(ANSWER, /PPP down:/);
      assert.equal((await systemd.cli(['setup', 'answer', '--remove'])).code, 0);
      await assertGone(systemd, ANSWER);
      assertOnHook(ours);
    },
  },
  {
    name: '--around: a unit that holds the port without a lock is stopped, and started again, also when modemctl is killed',
    limitMs: 400_000,
    async run(guest) {
      const systemd = await Systemd.boot(guest);
      const { ours } = await pairToAnswer(guest);
      writeFileSync(`/etc/systemd/system/${HOLDER}`, HOLDS);
      guest.onEnd(async () => rmSync(`/etc/systemd/system/${HOLDER}`));
      assert.equal((await systemd.run(['systemctl', 'daemon-reload'])).code, 0);
      assert.equal((await systemd.run(['systemctl', 'start', HOLDER])).code, 0);
      await guest.until('it holds the port', () => holdersOf(ours.tty).length > 0);

      const held = await systemd.cli(['health', '-d', '1-1']);
      assertFails(held, 5, 'IN_USE');
      assert.match(held.stderr, /health --around holder\.service -d 1-1/);
      assert.match((await systemd.cli(['at', '-d', '1-1', 'AT'])).stderr, /sudo systemctl stop holder\.service/);

      for (const args of [
        ['health', '--around', HOLDER, '-d', '1-1'],
        ['reset', '--around', 'holder', '-d', '1-1'],
      ]) {
        const before = await systemd.show(HOLDER, 'MainPID');
        const done = await systemd.cli(args);
        assert.equal(done.code, 0, done.stderr);
        assert.match(done.stderr, /was started again/);
        assert.equal(await systemd.show(HOLDER, 'ActiveState'), 'active');
        assert.notEqual(await systemd.show(HOLDER, 'MainPID'), before);
      }

      guest.note('--- killed meanwhile');
      ours.misbehave('silent');
      let pid = 0;
      const killed = systemd.cli(['reset', '--around', HOLDER, '-d', '1-1'], { started: (started) => (pid = started) });
      const isStopped = async () => (await systemd.show(HOLDER, 'ActiveState')) === 'inactive';
      await guest.until('the unit is stopped', isStopped, 60_000);
      const own = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
      process.kill(Number(own || pid), 'SIGKILL');
      await killed;
      const isBack = async () => (await systemd.show(HOLDER, 'ActiveState')) === 'active';
      await guest.until('the unit runs again', isBack, 60_000);
      assertFails(await systemd.cli(['health', '--around', 'nothing.service', '-d', '1-1']), 2, 'USAGE');
    },
  },
];
