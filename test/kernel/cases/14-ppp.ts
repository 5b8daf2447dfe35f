import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { KernelCase } from '../guest/case.ts';
import { assertFails } from '../guest/contract.ts';
import { type Guest, holdersOf } from '../guest/guest.ts';
import {
  answerWithPppd,
  assertReady,
  Beside,
  besideCli,
  cliInFar,
  IN_FAR,
  LINK_LIMIT_MS,
  pair,
  ping,
  untilEnded,
  untilSaid,
  useLink,
} from '../guest/ppp.ts';

const SECRET = 'pi * sesame *\n';

const tables = async (guest: Guest) => (await guest.run(['nft', 'list', 'tables'])).stdout;
const forwards = () => readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8').trim();

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
  {
    name: 'answer --ppp and dial --ppp: the caller authenticates himself; a wrong name or secret is 22, a caller who vanishes costs nothing, the next call works',
    limitMs: 600_000,
    async run(guest) {
      const [caller, called] = await pair(guest);
      const dial = ['dial', '-d', caller.port, '--ppp', called.number];
      const noSecret = await guest.cli(['answer', '-d', called.port, '--ppp']);
      assertFails(noSecret, 2, 'CONFIG_INVALID');
      appendFileSync('/etc/ppp/chap-secrets', SECRET);
      const answer = cliInFar(guest, ['answer', '-d', called.port, '--ppp', '--dns', '9.9.9.9']);
      await untilSaid(guest, answer, 'Waiting.');

      const vanishing = besideCli(guest, [...dial, '--user', 'pi']);
      await untilSaid(guest, answer, 'PPP up: 10.64.0.1 <-> 10.64.0.2 on ppp0');
      await untilSaid(guest, vanishing, 'PPP up: 10.64.0.2 <-> 10.64.0.1');
      await ping(guest, '10.64.0.1');
      vanishing.child.kill('SIGKILL');
      await untilSaid(guest, answer, 'Waiting.', 2);
      await guest.until('its pppd is gone too', () => holdersOf(caller.tty).length === 0);

      const refused = async (args: readonly string[], said: RegExp, waits: number) => {
        const result = await guest.cli([...dial, '--user', ...args], { limitMs: LINK_LIMIT_MS });
        assertFails(result, 22, 'SCRIPT_FAILED');
        assert.match(result.stderr, /the far end refused our name or secret/);
        assert.match(result.stderr, said);
        assert.match(result.stderr, /line is on-hook, the modem is ready/);
        await untilSaid(guest, answer, 'Waiting.', waits);
      };
      await refused(['mallory'], /pppd said: LCP terminated by peer \(peer refused to authenticate\)/, 3);
      await refused(['pi', '--', 'password', 'wrong'], /pppd said: .*authentication fail/, 4);
      assert.match(answer.said, /PPP down: the far end did not authenticate itself/);

      const again = besideCli(guest, [...dial, '--user', 'pi']);
      await untilSaid(guest, again, 'PPP up: 10.64.0.2 <-> 10.64.0.1');
      await ping(guest, '10.64.0.1');
      again.child.kill('SIGINT');
      await untilEnded(guest, again);
      await untilSaid(guest, answer, 'Waiting.', 5);
      assert.match(answer.said, /PPP down: the far end ended PPP/);
      answer.child.kill('SIGTERM');
      await untilEnded(guest, answer);
      await assertReady(guest, called);
      await assertReady(guest, caller);
    },
  },
  {
    name: 'wvdial with its own pppd dials answer --ppp',
    limitMs: 400_000,
    async run(guest) {
      const [caller, called] = await pair(guest);
      appendFileSync('/etc/ppp/chap-secrets', SECRET);
      // wvdial writes its own secret into the file, and would take the far end's away: ip-netns(8) has one there for it alone.
      await guest.run(['sh', '-c', 'mkdir -p /etc/netns/far && cp -a /etc/ppp /etc/netns/far/']);
      guest.onEnd(async () => rmSync('/etc/netns/far', { recursive: true }));
      const answer = cliInFar(guest, ['answer', '-d', called.port, '--ppp']);
      await untilSaid(guest, answer, 'Waiting.');
      const lines = [
        '[Dialer Defaults]',
        `Modem = ${caller.tty}`,
        'Baud = 115200',
        'Init1 = ATZ',
        `Phone = ${called.number}`,
        'Username = pi',
        'Password = sesame',
        'Stupid Mode = yes',
        'New PPPD = yes',
        'Auto Reconnect = no',
      ];
      writeFileSync('/run/wvdial.conf', `${lines.join('\n')}\n`);
      // wvdial 1.61 moves between stacks of its own making: in some layouts of its memory it ends with an assertion of wvtask.cc, before it has dialled.
      const command = ['setarch', '-R', 'sh', '-c', 'ulimit -s 65536; exec wvdial --config /run/wvdial.conf'];
      const wvdial = new Beside(guest.start(command));
      await untilSaid(guest, wvdial, 'Carrier detected');
      await untilSaid(guest, answer, 'PPP up: 10.64.0.1 <-> 10.64.0.2 on ppp0');
      await ping(guest, '10.64.0.1');
      wvdial.child.kill('SIGINT');
      await untilEnded(guest, wvdial);
      await untilSaid(guest, answer, 'Waiting.', 2);
      answer.child.kill('SIGTERM');
      await untilEnded(guest, answer);
    },
  },
  {
    name: 'pppd killed by SIGKILL is 22, and the next call works; a far end that drops the line is 21',
    limitMs: 400_000,
    async run(guest) {
      const [caller, called] = await pair(guest);
      const dial = ['dial', '-d', caller.port, '--ppp', called.number];
      const first = await answerWithPppd(guest, called);
      const killed = besideCli(guest, dial);
      await untilSaid(guest, killed, 'PPP up');
      process.kill(holdersOf(caller.tty)[0]!, 'SIGKILL');
      assert.equal(await untilEnded(guest, killed), 22);
      assert.match(killed.said, /pppd was ended by SIGKILL/);
      await assertReady(guest, caller);
      await untilEnded(guest, first);

      const second = await answerWithPppd(guest, called);
      const dropped = besideCli(guest, dial);
      await untilSaid(guest, dropped, 'PPP up');
      second.child.kill('SIGKILL');
      assert.equal(await untilEnded(guest, dropped), 21);
      assert.match(dropped.said, /\[CUT_OFF\]/);
      await assertReady(guest, caller);
    },
  },
  {
    name: 'a modem that takes no more bytes under pppd: pppd is ended within a limit, the modem brought back by a USB reset, and it can be used',
    limitMs: 400_000,
    async run(guest) {
      const [caller, called] = await pair(guest);
      await answerWithPppd(guest, called);
      const echo = ['--', 'lcp-echo-interval', '2', 'lcp-echo-failure', '2'];
      const near = besideCli(guest, ['-v', 'dial', '-d', caller.port, '--ppp', called.number, ...echo]);
      await untilSaid(guest, near, 'PPP up');
      guest.log.mark();
      caller.misbehave('stalled');
      const hung = performance.now();
      assert.equal(await untilEnded(guest, near, 120_000), 22);
      guest.note(`ended ${Math.round(performance.now() - hung)} ms after the modem hung`);
      assert.match(near.said, /the modem is ready \(after step usb\)/);
      assert.equal(guest.log.resets(caller.port).length, 1);
      await assertReady(guest, caller);
    },
  },
  {
    name: 'answer --ppp --share: the caller reaches what we reach, until the call ends; nothing stays behind, not even after SIGKILL',
    limitMs: 600_000,
    async run(guest) {
      const [caller, called] = await pair(guest);
      // A network that knows no way to the caller's address, so that only NAT brings answers back.
      const world = ['ip', 'netns', 'exec', 'world'];
      await guest.run(['ip', 'netns', 'add', 'world']);
      guest.onEnd(async () => void (await guest.run(['ip', 'netns', 'delete', 'world'])));
      await guest.run(['ip', 'link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'out', 'netns', 'world']);
      await guest.run(['ip', 'address', 'add', '192.0.2.1/24', 'dev', 'near']);
      await guest.run(['ip', 'link', 'set', 'near', 'up']);
      await guest.run([...world, 'ip', 'address', 'add', '192.0.2.2/24', 'dev', 'out']);
      await guest.run([...world, 'ip', 'link', 'set', 'out', 'up']);
      const reach = () => guest.run([...IN_FAR, 'busybox', 'ping', '-c', '2', '-W', '15', '192.0.2.2']);
      assert.deepEqual([forwards(), await tables(guest)], ['0', '']);

      const answering = ['answer', '-d', called.port, '--ppp', '--no-auth', '--share'];
      const dialling = ['dial', '-d', caller.port, '--ppp', '--default-route', called.number];
      const answer = besideCli(guest, answering);
      await untilSaid(guest, answer, 'Waiting.');
      const dial = cliInFar(guest, dialling);
      await untilSaid(guest, dial, 'PPP up');
      await guest.until('it is shared', async () => forwards() === '1' && /modemctl_ppp/.test(await tables(guest)));
      assert.equal((await reach()).code, 0, 'the caller reaches the world');
      dial.child.kill('SIGTERM');
      await untilEnded(guest, dial);
      await untilSaid(guest, answer, 'Waiting.', 2);
      assert.deepEqual([forwards(), await tables(guest)], ['0', '']);

      const again = cliInFar(guest, dialling);
      await untilSaid(guest, again, 'PPP up');
      await guest.until('it is shared', async () => forwards() === '1');
      answer.child.kill('SIGKILL');
      await guest.until('all is taken back', async () => forwards() === '0' && (await tables(guest)) === '');
      await untilEnded(guest, again);
    },
  },
  {
    name: 'dial --ppp without pppd, without PPP in the kernel, without rights: said before anything is dialled',
    async run(guest) {
      const [caller, called] = await pair(guest);
      const dial = ['dial', '-d', caller.port, '--ppp', called.number];
      const denied = await guest.cli(dial, { user: 'dialout' });
      assertFails(denied, 4, 'DENIED');
      assertFails(await guest.cli([...dial, '--share'], { user: 'dialout' }), 4, 'DENIED');
      const away = async (path: string, said: RegExp) => {
        renameSync(path, `${path}.away`);
        const result = await guest.cli(dial);
        renameSync(`${path}.away`, path);
        assertFails(result, 8, 'HELPER');
        assert.match(result.stderr, said);
      };
      await away('/usr/sbin/pppd', /sudo apt install ppp/);
      await away('/dev/ppp', /sudo modprobe ppp_async/);
      assertFails(await guest.cli([...dial, '--', 'frobnicate']), 2, 'USAGE');
      assert.deepEqual([caller.dce.state.offHook, called.dce.state.offHook], [false, false]);
      await assertReady(guest, caller);
    },
  },
];
