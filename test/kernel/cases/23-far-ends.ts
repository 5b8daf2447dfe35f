// Other people's programs at the far end of a call: who answers us, who calls us.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { assertOnHook, CALL_LIMIT_MS, pairToAnswer, prepareLogin, RECOVERY_LIMIT_MS } from '../guest/answering.ts';
import type { KernelCase } from '../guest/case.ts';
import { type Guest, holdersOf } from '../guest/guest.ts';
import type { Unit } from '../guest/lab.ts';
import { assertReady, Beside, besideCli, IN_FAR, ping, preparePpp, putOnPath } from '../guest/ppp.ts';

/** mgetty on a modem, started again whenever it ends, as init does it: where it comes too early, the modem is still saying NO CARRIER. */
class Mgetty {
  readonly #guest: Guest;
  readonly #log: string;

  constructor(guest: Guest, unit: Unit) {
    this.#guest = guest;
    const name = unit.tty.slice('/dev/'.length);
    this.#log = `/var/log/mgetty/mg_${name}.log`;
    rmSync(this.#log, { force: true });
    const respawning = 'while :; do setsid --wait mgetty -D -x 5 "$0"; sleep 1; done';
    guest.start([...IN_FAR, 'sh', '-c', respawning, name], { stdio: ['ignore', 'ignore', 'ignore'] });
    guest.onEnd(async () => {
      for (const pid of holdersOf(`/dev/${name}`)) process.kill(pid, 'SIGKILL');
    });
  }

  get #logged(): string {
    return existsSync(this.#log) ? readFileSync(this.#log, 'latin1') : '';
  }

  async waits(times: number): Promise<void> {
    const isWaiting = () => this.#logged.split('waiting...').length > times;
    await this.#guest.until(`mgetty waits for call ${times}`, isWaiting, 2 * CALL_LIMIT_MS).catch((error) => {
      throw new Error(`${error.message}. Its log:\n${this.#logged}`);
    });
  }
}

/** A program at a terminal of its own, and somebody who types there. */
class AtTerminal extends Beside {
  readonly #guest: Guest;
  #seen = 0;

  constructor(guest: Guest, command: string, env: NodeJS.ProcessEnv) {
    const stdio = ['pipe', 'pipe', 'pipe'] as const;
    super(
      guest.start(['script', '-qefc', command, '/dev/null'], { env: { TERM: 'vt100', ...env }, stdio: [...stdio] }),
    );
    this.#guest = guest;
  }

  type(text: string): void {
    this.child.stdin!.write(text);
  }

  /** Waits for a text, after those waited for before. */
  async shows(text: RegExp, limitMs = CALL_LIMIT_MS): Promise<void> {
    const found = () => text.exec(this.said.slice(this.#seen));
    await this.#guest
      .until(`${text} appears`, () => found() !== null, limitMs)
      .catch((error) => {
        throw new Error(`${error.message}. The terminal showed: ${JSON.stringify(this.said.slice(this.#seen))}`);
      });
    const [what] = found()!;
    this.#seen = this.said.indexOf(what, this.#seen) + what.length;
  }

  /** Logs in and runs a command. */
  async useShell(): Promise<void> {
    await this.shows(/ogin: /);
    this.type('tester\r');
    await this.shows(/assword: /);
    this.type('secret\r');
    await this.shows(/\$ /);
    this.type('echo is-$((6*7))\r');
    await this.shows(/is-42/);
    await this.shows(/\$ /);
  }
}

export const cases: KernelCase[] = [
  {
    name: 'mgetty answers our dial: its login by dial --chat, its AutoPPP by dial --ppp',
    limitMs: 400_000,
    async run(guest) {
      await preparePpp(guest);
      const { ours, theirs } = await pairToAnswer(guest);
      await prepareLogin(guest);
      const login = ['/AutoPPP/ - a_ppp /usr/sbin/pppd noauth 10.64.0.1:10.64.0.2', '* - - /bin/login @'];
      writeFileSync('/etc/mgetty/login.config', `${login.join('\n')}\n`, { mode: 0o600 });

      const mgetty = new Mgetty(guest, theirs);
      await mgetty.waits(1);
      const script = [
        'ECHO ON ABORT "NO CARRIER" TIMEOUT 60 ogin: tester assword: \\qsecret',
        '"$ " "echo is-$((6*7))" is-42 "" "$ " exit',
      ];
      writeFileSync('/run/mgetty.chat', script.join('\n'));
      const dial = ['-d', ours.port, 'dial', theirs.number, '--chat', '/run/mgetty.chat', '--idle', '20s'];
      const session = await guest.cli(dial, { limitMs: 150_000 });
      assert.equal(session.code, 0);
      await assertReady(guest, ours);
      await mgetty.waits(2);

      const link = besideCli(guest, ['-d', ours.port, 'dial', '--ppp', theirs.number]);
      await guest.until('PPP is up', () => link.said.includes('PPP up: 10.64.0.2 <-> 10.64.0.1'), 2 * CALL_LIMIT_MS);
      await ping(guest, '10.64.0.1');
      link.child.kill('SIGINT');
      await guest.until('dial has ended', () => link.ended !== null);
      guest.note(link.said);
      await assertReady(guest, ours);
      await mgetty.waits(3);
    },
  },
  {
    name: 'README.md: reach a remote Pi by phone and get a shell, from modemctl and from minicom',
    limitMs: 400_000,
    async run(guest) {
      const { ours, theirs } = await pairToAnswer(guest);
      putOnPath();
      await prepareLogin(guest);
      const [, recipe] = /\*\*Reach a remote Pi by phone([\s\S]*?)\*\*By hand/.exec(readFileSync('README.md', 'utf8'))!;
      const typed = (where: string) =>
        [...recipe!.matchAll(/^(\w+)\$ (?:sudo )?([^#\n]*)/gm)]
          .filter(([, who]) => who === where)
          .map(([, , command]) => command!.trim().replace('5550137', ours.number));
      const [answer, ...more] = typed('remote');
      const [dial, minicom, ...others] = typed('here');
      assert.ok(answer && dial && minicom, recipe);
      assert.deepEqual([more, others], [[], []]);

      const remote = new Beside(guest.start(['sh', '-c', `exec ${answer}`], { env: { MODEMCTL_DEVICE: ours.port } }));
      const waits = async (times: number) => {
        const isWaiting = () => remote.said.split('Waiting.').length > times;
        await guest.until(`it waits for call ${times}`, isWaiting, RECOVERY_LIMIT_MS).catch((error) => {
          throw new Error(`${error.message}. It said:\n${remote.said}`);
        });
      };
      await waits(1);
      const here = (command: string) => new AtTerminal(guest, command, { MODEMCTL_DEVICE: theirs.port });
      const first = here(dial);
      await first.useShell();
      first.type('exit\r');
      await guest.until('dial has ended', () => first.ended !== null, CALL_LIMIT_MS);
      assert.equal(first.ended, 0, first.said);
      await waits(2);

      const second = here(dial);
      await second.shows(/ogin: /);
      second.type('\x14q');
      await guest.until('dial has ended', () => second.ended !== null, CALL_LIMIT_MS);
      assert.equal(second.ended, 0, second.said);
      await waits(3);

      const third = here(minicom);
      await third.shows(/Welcome to minicom/);
      third.type('AT\r');
      await third.shows(/OK/);
      third.type(`ATDT${ours.number}\r`);
      await third.shows(/CONNECT/);
      await third.useShell();
      third.type('exit\r');
      await third.shows(/NO CARRIER/);
      await waits(4);
      third.type('\x01x');
      await third.shows(/Leave/i);
      third.type('\r');
      await guest.until('minicom has ended', () => third.ended !== null);
      remote.child.kill('SIGINT');
      await guest.until('answer has ended', () => remote.ended !== null);
      assertOnHook(ours);
    },
  },
];
