// Pulled out, and perhaps put back, in the middle of every command: it ends with what it promises, or goes on; never a hang. What at, health, term, exec, detect --watch and a call of answer do is in the cases of each.
import assert from 'node:assert/strict';
import type { KernelCase } from '../guest/case.ts';
import { type Guest, hasOpen, pause, ttyAt } from '../guest/guest.ts';
import { plugIn, type Unit } from '../guest/lab.ts';
import { answersStranger, tryRows } from '../guest/rows.ts';

interface Row {
  readonly name: string;
  readonly misbehave?: string;
  readonly command: readonly string[];
  /** When it is pulled out; else once the command has the tty open. */
  readonly when?: (unit: Unit, said: string) => boolean;
  /** Put back after so long; else it stays out. */
  readonly backAfterMs?: number;
  readonly exit: number;
  readonly code?: string;
  /** From the moment it was pulled out. */
  readonly limitS: number;
}

const ROWS: readonly Row[] = [
  { name: 'info', misbehave: 'silent', command: ['info'], exit: 7, code: 'GONE', limitS: 20 },
  { name: 'init', misbehave: 'silent', command: ['init'], exit: 7, code: 'GONE', limitS: 20 },
  {
    name: 'init of one that takes no bytes',
    misbehave: 'stalled',
    command: ['init'],
    exit: 7,
    code: 'GONE',
    limitS: 20,
  },
  { name: 'hangup', misbehave: 'silent', command: ['hangup'], exit: 7, code: 'GONE', limitS: 25 },
  {
    name: 'dial, while it dials',
    command: ['dial', '5550196'],
    when: (unit) => unit.dce.state.offHook,
    exit: 7,
    code: 'GONE',
    limitS: 25,
  },
  {
    name: 'dial, in the call',
    command: ['dial', '5550198'],
    when: (unit) => unit.dce.state.circuits.dcd,
    exit: 21,
    code: 'CUT_OFF',
    limitS: 30,
  },
  { name: 'at --recover', misbehave: 'silent', command: ['at', '--recover', 'AT'], exit: 7, code: 'GONE', limitS: 40 },
  {
    name: 'reset, and put back: goes on, and finds it answering',
    misbehave: 'silent',
    command: ['reset'],
    when: (_, said) => /^at /m.test(said),
    backAfterMs: 2000,
    exit: 0,
    limitS: 40,
  },
];

async function pullOut(guest: Guest, row: Row, unit: Unit): Promise<void> {
  const { port, tty } = unit;
  const [verb, ...rest] = row.command;
  if (row.misbehave) unit.misbehave(row.misbehave);
  let said = '';
  // Our side of a call is there for as long as it lasts.
  const child = guest.start(['/opt/node/bin/node', '/opt/modemctl/bin/modemctl.js', verb!, '-d', port, ...rest], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (data: Buffer) => (said += data));
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
  const isDue = () => (row.when ? row.when(unit, said) : hasOpen(child.pid!, tty));
  await guest.until('it is in the middle of it', isDue, 90_000).catch((error) => {
    throw new Error(`${error.message}; it said: ${said}`);
  });
  await pause(700);
  const pulled = performance.now();
  await unit.usb.unplug();
  if (row.backAfterMs !== undefined) {
    await pause(row.backAfterMs);
    await unit.usb.plugIn();
  }
  const exit = await Promise.race([ended, pause(60_000).then(() => 'it hangs')]);
  const elapsed = performance.now() - pulled;
  guest.note(`${row.name}: ${exit}, ${(elapsed / 1000).toFixed(1)} s after it was pulled out; it said:\n${said}`);
  assert.equal(exit, row.exit, said);
  if (row.code) assert.match(said, new RegExp(`^error: .*\\[${row.code}\\]`, 'm'));
  assert.ok(elapsed < row.limitS * 1000, `${elapsed} ms`);
  if (row.backAfterMs === undefined) return;
  await unit.ready(guest);
  assert.ok(await answersStranger(guest, unit.tty));
}

/** A service that goes on beside the case, and what it has said. */
function startService(guest: Guest, ...args: string[]) {
  const service = { said: '', child: guest.startCli(args) };
  for (const stream of [service.child.stdout!, service.child.stderr!])
    stream.on('data', (data: Buffer) => (service.said += data));
  return service;
}

const times = (text: string, event: string) => text.split(`"event":"${event}"`).length - 1;

export const cases: KernelCase[] = [
  {
    name: 'coming and going: a modem that is pulled out ends every command in time, with exit 7, or 21 in a call; reset goes on with one that is put back',
    async run(guest) {
      const rows = ROWS.map((row) => ({
        ...row,
        modem: { model: 'usr5637' as const },
      }));
      await tryRows(guest, rows, (row, unit) => pullOut(guest, row, unit));
    },
  },
  {
    name: 'coming and going: answer and watch take a modem up again under another number while a stranger holds the old tty; a different modem there is not spoken to',
    async run(guest) {
      const { units } = await plugIn(
        guest,
        { model: 'usr5637' },
        { model: 'usr5637' },
        { model: 'tfm561u', plugged: false },
        { model: 'tfm561u', plugged: false },
      );
      const [answered, watched, other, another] = units as [Unit, Unit, Unit, Unit];
      const services = [
        startService(guest, 'answer', '-d', '1-1', '--json', '--exec', 'cat'),
        startService(guest, 'watch', '-d', '1-2', '--json'),
      ];
      const all = async (what: string, holds: (said: string) => boolean) =>
        guest
          .until(what, () => services.every(({ said }) => holds(said)), 60_000)
          .catch((error) => {
            throw new Error(`${error.message}: ${services.map(({ said }) => said).join('\n')}`);
          });
      await all('both wait', (said) => times(said, 'waiting') === 1);

      const old = [answered.tty, watched.tty];
      const keeper = guest.start(['bash', '-c', `exec 3<>${old[0]} 4<>${old[1]}; exec sleep 301`]);
      await guest.until('a stranger has both ttys', () => old.every((tty) => hasOpen(keeper.pid!, tty)));
      for (const unit of [answered, watched]) await unit.usb.unplug();
      await all('both tell that it is gone', (said) => times(said, 'unplugged') === 1);
      for (const unit of [answered, watched]) {
        await unit.usb.plugIn();
        await unit.ready(guest);
        assert.ok(!old.includes(unit.tty), `${unit.tty} is another number`);
      }
      await all('both wait again', (said) => times(said, 'plugged') === 1 && times(said, 'waiting') === 2);
      keeper.kill('SIGKILL');

      const now = [answered.tty, watched.tty];
      for (const unit of [answered, watched]) await unit.usb.unplug();
      await all('both tell that it is gone again', (said) => times(said, 'unplugged') === 2);
      for (const unit of [other, another]) {
        await unit.usb.plugIn();
        await unit.ready(guest);
      }
      assert.deepEqual([other.port, another.port], ['1-1', '1-2'], 'they sit where the others sat');
      guest.note(`they had ${now}, the others have ${[ttyAt('1-1'), ttyAt('1-2')]}`);
      await pause(5000);
      for (const unit of [other, another]) {
        assert.equal(unit.dce.state.commandCount, 0);
        const opened = unit.dce.state.log.filter(({ event }) => event === 'dtr-on');
        assert.deepEqual(opened, [], 'its port was not even opened');
      }
      for (const { child, said } of services) {
        const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
        child.kill('SIGTERM');
        assert.equal(await ended, 'SIGTERM', said);
      }
    },
  },
];
