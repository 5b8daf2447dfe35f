import assert from 'node:assert/strict';
import { chownSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { KernelCase } from '../guest/case.ts';
import { assertFails, documentOf } from '../guest/contract.ts';
import { holdersOf } from '../guest/guest.ts';
import { plugIn } from '../guest/lab.ts';

const LOCK = '/run/lock/LCK..ttyACM0';
/** No process has this number: Debian's pid_max is 4194304. */
const DEAD = 4_194_303;

function lockFile(pid: number): string {
  return `${String(pid).padStart(10)}\n`;
}

export const cases: KernelCase[] = [
  {
    name: 'a stale lock is removed',
    async run(guest) {
      await plugIn(guest, { model: 'usr5637' });
      writeFileSync(LOCK, lockFile(DEAD));
      assert.equal((await guest.cli(['at', 'AT'])).code, 0);
      assert.equal(existsSync(LOCK), false);
    },
  },
  {
    name: 'a live lock is respected, even if its owner has the tty not open: exit 5 and by whom',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' });
      const owner = guest.start(['sleep', '300']);
      writeFileSync(LOCK, lockFile(owner.pid!));
      for (const command of ['at', 'reset', 'hangup']) {
        const refused = await guest.cli([command]);
        assertFails(refused, 5, 'IN_USE');
        assert.match(refused.stderr, new RegExp(`\\b${owner.pid}\\b`));
      }
      assert.equal(units[0]!.dce.state.commandCount, 0);
      assert.equal(readFileSync(LOCK, 'latin1'), lockFile(owner.pid!), 'it was left alone');
    },
  },
  {
    name: "somebody else's stale lock in a sticky folder is ignored, with a note",
    async run(guest) {
      await plugIn(guest, { model: 'usr5637' });
      writeFileSync(LOCK, lockFile(DEAD));
      chownSync(LOCK, 0, 0);
      const result = await guest.cli(['at', 'AT'], { user: 'dialout' });
      assert.equal(result.code, 0);
      assert.match(result.stderr, /LCK\.\.ttyACM0/);
      assert.equal(readFileSync(LOCK, 'latin1'), lockFile(DEAD));
    },
  },
  {
    name: 'minicom and picocom that hold the port are named: exit 5',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' });
      const { tty } = units[0]!;
      for (const [program, command] of [
        ['picocom', `picocom -q -b 115200 ${tty}`],
        ['minicom', `minicom -D ${tty}`],
      ] as const) {
        // script(1) gives them the terminal they want.
        const terminal = guest.start(['script', '-qfc', command, '/dev/null'], { env: { TERM: 'vt100' } });
        await guest.until(`${program} has the tty open`, () => holdersOf(tty).length > 0, 20_000);
        const [pid] = holdersOf(tty);
        const refused = await guest.cli(['at', 'AT']);
        assertFails(refused, 5, 'IN_USE');
        assert.match(refused.stderr, new RegExp(program));
        assert.match(refused.stderr, new RegExp(`\\b${pid}\\b`));
        process.kill(pid!, 'SIGKILL');
        terminal.kill();
        await guest.until(`${program} is gone`, () => holdersOf(tty).length === 0);
      }
      assert.equal((await guest.cli(['at', 'AT'])).code, 0, 'what they left behind does not hinder us');
    },
  },
  {
    name: 'while at runs, other programs see the lock, and afterwards it is gone',
    essential: true,
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637', misbehave: ['silent'] });
      const { tty } = units[0]!;
      let pid = 0;
      const running = guest.cli(['at', '--json', '--timeout', '12s', 'AT'], { started: (started) => (pid = started) });
      await guest.until('at has the tty open', () => holdersOf(tty).includes(pid));
      assert.equal(readFileSync(LOCK, 'latin1'), lockFile(pid), 'a UUCP lock with a ten-character pid');
      const picocom = await guest.run(['script', '-qec', `picocom -q -b 115200 -x 1000 ${tty}`, '/dev/null']);
      assert.notEqual(picocom.code, 0, 'picocom keeps off');
      const second = await guest.cli(['at', 'AT']);
      assertFails(second, 5, 'IN_USE');
      assert.match(second.stderr, new RegExp(`\\b${pid}\\b`));
      documentOf(await running, 6, 'NOT_RESPONDING');
      assert.equal(existsSync(LOCK), false);
    },
  },
];
