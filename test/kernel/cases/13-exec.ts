import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { KernelCase } from '../guest/case.ts';
import { assertFails } from '../guest/contract.ts';
import { type Guest, holdersOf, pause } from '../guest/guest.ts';
import { plugIn, type Unit } from '../guest/lab.ts';

const LOCK = '/run/lock/LCK..ttyACM0';

/** The script that a terminal program runs in, so that it has a terminal; what it says is gathered. */
function inTerminal(
  guest: Guest,
  command: string,
): { child: ChildProcess; said: () => string; ended: Promise<number> } {
  const child = guest.start(['script', '-qefc', command, '/dev/null'], { env: { TERM: 'vt100' } });
  let said = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (data: Buffer) => (said += data.toString('latin1')));
  const ended = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
  return { child, said: () => said, ended };
}

/** How often DTR went that way since the modem was plugged in. */
function dtr(unit: Unit, event: 'dtr-on' | 'dtr-off'): number {
  return unit.dce.state.log.filter((entry) => entry.event === event).length;
}

const MODEMCTL = '/opt/node/bin/node /opt/modemctl/bin/modemctl.js';

export const cases: KernelCase[] = [
  {
    name: 'exec lends the modem to minicom and picocom: lock file, nobody else gets it, DTR never drops on the way, ready afterwards',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' });
      const [unit] = units as [Unit];
      for (const [program, command] of [
        ['minicom', 'minicom -D {}'],
        // SIGTERM it would pass on to its whole process group.
        ['picocom', 'picocom -q -b 115200 --exit-after 20000 {}'],
      ] as const) {
        const [ons, offs] = [dtr(unit, 'dtr-on'), dtr(unit, 'dtr-off')];
        const terminal = inTerminal(guest, `${MODEMCTL} exec -- ${command}`);
        const isAlone = () => {
          const names = holdersOf(unit.tty).map(nameOf);
          return names.length > 0 && names.every((name) => name === program);
        };
        await guest.until(`${program} alone has the tty`, isAlone, 90_000).catch((late) => {
          guest.note(terminal.said());
          throw late;
        });
        assert.ok(holdersOf(unit.tty).includes(lockPid()), `the lock file names ${program}`);
        assert.deepEqual(
          [dtr(unit, 'dtr-on') - ons, dtr(unit, 'dtr-off') - offs],
          [1, 0],
          'DTR went up once and stayed',
        );
        const refused = await guest.cli(['at', 'AT']);
        assertFails(refused, 5, 'IN_USE');
        assert.match(refused.stderr, /in use by modemctl exec \(pid \d+\)/);
        if (program !== 'picocom') process.kill(lockPid(), 'SIGTERM');
        await terminal.ended;
        guest.note(terminal.said());
        assert.match(terminal.said(), /line is on-hook, the modem is ready/);
        assert.equal(existsSync(LOCK), false);
        assert.deepEqual(holdersOf(unit.tty), []);
      }
      assert.equal((await guest.cli(['at', 'AT'])).code, 0);
      assert.deepEqual(guest.log.resets(), []);
    },
  },
  {
    name: 'exec lends the modem to a script that calls and leaves the call up: the line is free afterwards, and exit 0',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' });
      const [unit] = units as [Unit];
      const script = `exec 3<>"$MODEMCTL_TTY"; printf 'ATDT5550100\\r' >&3; sed '/CONNECT/q' <&3`;
      const result = await guest.cli(['exec', '--record', '/tmp/exec.script', '--', 'sh', '-c', script], {
        user: 'dialout',
      });
      guest.note(readFileSync('/tmp/exec.script', 'latin1'));
      assert.equal(result.code, 0);
      assert.match(result.stdout, /CONNECT 33600/);
      assert.match(result.stderr, /line is on-hook, the modem is ready/);
      assert.deepEqual([unit.dce.state.offHook, unit.dce.state.circuits.dcd], [false, false]);
    },
  },
  {
    name: 'exec: unplugged while a program has it that does not notice: exit 7 in limited time',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' });
      const [unit] = units as [Unit];
      const { tty } = unit;
      const running = guest.cli([
        'exec',
        '--',
        'sh',
        '-c',
        'trap "" HUP; exec 3<>"$MODEMCTL_TTY"; while :; do sleep 1; done',
      ]);
      await guest.until('the script alone has the tty', () => {
        const names = holdersOf(tty).map(nameOf);
        return names.length > 0 && !names.includes('modemctl');
      });
      const pulled = performance.now();
      await unit.usb.unplug();
      assertFails(await running, 7, 'GONE');
      assert.ok(performance.now() - pulled < 30_000, `${Math.round(performance.now() - pulled)} ms`);
    },
  },
  {
    name: 'exec: modemctl and the program killed in a call: the kernel drops DTR, the line is free',
    essential: true,
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' });
      const [unit] = units as [Unit];
      const script = `exec 3<>"$MODEMCTL_TTY"; printf 'ATDT5550100\\r' >&3; exec cat <&3`;
      const child = guest.startCli(['exec', '--', 'sh', '-c', script]);
      await guest.until('the call is up', () => unit.dce.state.circuits.dcd, 60_000);
      await guest.until('only the script has the tty', () => !holdersOf(unit.tty).map(nameOf).includes('modemctl'));
      const offs = dtr(unit, 'dtr-off');
      child.kill('SIGKILL');
      await pause(1000);
      assert.equal(unit.dce.state.circuits.dcd, true, 'the program has the call still');
      const [pid] = holdersOf(unit.tty);
      process.kill(pid!, 'SIGKILL');
      await guest.until('DTR is down', () => !unit.dce.state.dtr);
      assert.equal(dtr(unit, 'dtr-off'), offs + 1);
      await guest.until('the line is free', () => !unit.dce.state.offHook && !unit.dce.state.circuits.dcd);
      const again = await guest.cli(['at', 'AT']);
      assert.equal(again.code, 0, 'and what they left behind does not hinder us');
    },
  },
];

function lockPid(): number {
  return Number(readFileSync(LOCK, 'latin1').slice(0, 10));
}

function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'latin1').trim();
  } catch {
    return '';
  }
}
