// What README.md and docs/ tell people to type for PPP, typed as it stands there.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { blocksOf } from '../../newcomer/blocks.js';
import type { KernelCase } from '../guest/case.ts';
import type { Guest } from '../guest/guest.ts';
import type { Unit } from '../guest/lab.ts';
import { Beside, IN_FAR, pair, untilEnded, untilSaid } from '../guest/ppp.ts';

/** What is to be typed, at both ends, and who is who then. */
interface Recipe {
  /** Done at both ends, which share their files here: once. */
  readonly preparation: string;
  readonly answering: string;
  readonly dialling: string;
  /** The addresses of the remote end and of the caller. */
  readonly remote: string;
  readonly here: string;
  readonly user: string;
}

const consoleBlocks = (path: string) =>
  blocksOf(readFileSync(path, 'utf8')).filter(({ language }) => language === 'console');

const only = <T>(found: readonly T[], what: string): T => {
  assert.equal(found.length, 1, `one ${what}`);
  return found[0]!;
};

/** Root types here, and the caller's number is another one. */
const typed = (line: string, called: Unit) => line.replace(/^sudo /, '').replace('5550137', called.number);

async function follow(guest: Guest, [caller, called]: [Unit, Unit], recipe: Recipe): Promise<void> {
  const { preparation, answering, dialling, remote, here, user } = recipe;
  assert.equal((await guest.run(['sh', '-c', preparation])).code, 0);
  const shell = (line: string) => ['sh', '-c', `exec ${line}`];
  const answer = new Beside(guest.start(shell(answering), { env: { MODEMCTL_DEVICE: called.port } }));
  await untilSaid(guest, answer, 'Waiting.');
  const dial = new Beside(guest.start([...IN_FAR, ...shell(dialling)], { env: { MODEMCTL_DEVICE: caller.port } }));
  await untilSaid(guest, answer, `PPP up: ${remote} <-> ${here} on ppp0${user}`);
  await untilSaid(guest, dial, `PPP up: ${here} <-> ${remote}`);
  assert.equal((await guest.run([...IN_FAR, 'busybox', 'ping', '-c', '2', '-W', '15', remote])).code, 0);
  dial.child.kill('SIGTERM');
  await untilEnded(guest, dial);
  await untilSaid(guest, answer, 'Waiting.', 2);
  answer.child.kill('SIGTERM');
  await untilEnded(guest, answer);
}

export const cases: KernelCase[] = [
  {
    name: 'README.md: an IP link to a remote Pi, by the commands that stand there',
    limitMs: 400_000,
    async run(guest) {
      const units = await pair(guest);
      const block = only(
        consoleBlocks('README.md').filter(({ text }) => text.includes('modemctl answer --ppp')),
        'block of commands for an IP link',
      ).text;
      const at = (who: string) =>
        [...block.matchAll(new RegExp(`^${who}\\$ (.*)$`, 'gm'))].map(([, line]) => typed(line!, units[1]));
      const [dialling, login, ...more] = at('here');
      // Nobody listens for ssh in the guest; a ping has to do.
      assert.match(login!, /^ssh pi@10\.64\.0\.1$/);
      assert.deepEqual(more, []);
      await follow(guest, units, {
        preparation: only(at('both'), 'command for both'),
        answering: only(at('remote'), 'command for the remote end'),
        dialling: dialling!,
        remote: '10.64.0.1',
        here: '10.64.0.2',
        // pppd 2.4 does not tell who authenticated himself by CHAP.
        user: '',
      });
    },
  },
  {
    name: 'docs/from-mgetty.md: its commands, as they stand there, make a Pi a provider and a caller its customer',
    limitMs: 400_000,
    async run(guest) {
      const units = await pair(guest);
      const commands = consoleBlocks('docs/from-mgetty.md')
        .flatMap(({ lines }) => lines)
        // Nothing is installed or started here: there is no mgetty, and no network.
        .filter((line) => !/^sudo (apt|systemctl) /.test(line))
        .map((line) => typed(line, units[1]));
      const starting = (start: string) => commands.filter((line) => line.startsWith(start));
      const [preparation, ...same] = commands.filter((line) => line.includes('pap-secrets'));
      assert.deepEqual(same, [preparation], 'what both ends write down is the same');
      await follow(guest, units, {
        preparation: preparation!,
        answering: only(starting('modemctl answer'), 'command that answers'),
        dialling: only(starting('modemctl dial'), 'command that dials'),
        remote: '192.168.32.1',
        here: '192.168.32.105',
        user: ', dial',
      });
    },
  },
];
