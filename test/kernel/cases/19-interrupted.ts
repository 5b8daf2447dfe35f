// Ctrl-C ends every wait on a modem that hangs: in each step of the ladder, and in every command.
import assert from 'node:assert/strict';
import type { KernelCase } from '../guest/case.ts';
import { type Guest, hasOpen, holdersOf, pause, ttyAt } from '../guest/guest.ts';
import type { Unit } from '../guest/lab.ts';
import { tryRows } from '../guest/rows.ts';

/** By contract ten seconds are all that a first signal leaves; nothing that is in the way here needs them. */
const LIMIT_MS = 5000;
/** Until the step is reached: all that are before it, in vain, and a start of the program. */
const REACHED_MS = 90_000;

interface Interruption {
  readonly name: string;
  readonly misbehave: string;
  readonly command: readonly string[];
  readonly limitMs?: number;
  /** What it has said when the signal is to come; null: it has the tty open. */
  readonly once: RegExp | null;
}

const step = (misbehave: string, name: string, once: RegExp | null): Interruption => ({
  name: `reset of a modem that is ${misbehave}, in step ${name}`,
  misbehave,
  command: ['reset'],
  once,
});

const IN_STEPS: readonly Interruption[] = [
  step('silent', 'at', null),
  step('silent', 'escape', /^at /m),
  step('silent', 'dtr', /^escape /m),
  step('dead-after-reset', 'usb', /^dtr /m),
  step('stalled', 'at', null),
  step('stalled', 'escape', /^at /m),
  step('stalled', 'dtr', /^escape /m),
  step('stalled', 'usb', /^dtr /m),
  step('dead-until-power', 'usb, the modem away', /^dtr /m),
];

/** The kernel waits 5 s for each request that the modem does not answer, and nothing breaks that off: an open of its tty is three of them, and a process is gone when its last call is over. */
const WEDGED_MS = 3 * 5000 + LIMIT_MS;
const WEDGED: readonly Interruption[] = [
  { ...step('wedged', 'at', null), limitMs: WEDGED_MS },
  { ...step('wedged', 'usb', /^dtr /m), limitMs: WEDGED_MS },
  { name: 'health of one that is wedged', misbehave: 'wedged', command: ['health'], once: null, limitMs: WEDGED_MS },
];

const IN_COMMANDS: readonly Interruption[] = [
  { name: 'info', misbehave: 'stalled', command: ['info'], once: null },
  { name: 'init', misbehave: 'stalled', command: ['init'], once: null },
  { name: 'health', misbehave: 'stalled', command: ['health'], once: null },
  { name: 'dial', misbehave: 'stalled', command: ['dial', '5550100'], once: null },
  { name: 'at --recover', misbehave: 'dead-after-reset', command: ['at', '--recover', 'AT'], once: /^at /m },
  { name: 'watch', misbehave: 'stalled', command: ['watch'], once: /hung|does not answer/ },
  { name: 'answer', misbehave: 'stalled', command: ['answer'], once: /hung|does not answer/ },
];

async function interrupt(
  guest: Guest,
  { name, misbehave, command, once, limitMs = LIMIT_MS }: Interruption,
  unit: Unit,
): Promise<void> {
  const { port, tty } = unit;
  const [verb, ...rest] = command;
  unit.misbehave(misbehave);
  let said = '';
  const child = guest.startCli([verb!, '-d', port, ...rest]);
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (data: Buffer) => (said += data));
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
  const isThere = once ? () => once.test(said) : () => hasOpen(child.pid!, tty);
  await guest.until('it is in the middle of it', isThere, REACHED_MS).catch((error) => {
    throw new Error(`${error.message}; it said: ${said}`);
  });
  await pause(300);
  const pressed = performance.now();
  child.kill('SIGINT');
  assert.equal(await ended, 'SIGINT', said);
  const elapsed = Math.round(performance.now() - pressed);
  guest.note(`${name}: ended ${elapsed} ms after Ctrl-C`);
  assert.ok(elapsed < limitMs, `${elapsed} ms; it said: ${said}`);
  const now = ttyAt(port);
  if (now) await guest.until('nobody holds the tty', () => holdersOf(now).length === 0, 10_000);
}

function caseOf(title: string, interruptions: readonly Interruption[]): KernelCase {
  return {
    name: `interrupted: ${title}`,
    async run(guest) {
      const rows = interruptions.map((row) => ({
        ...row,
        modem: { model: 'usr5637' as const },
      }));
      await tryRows(guest, rows, (row, unit) => interrupt(guest, row, unit));
    },
  };
}

export const cases: KernelCase[] = [
  caseOf('Ctrl-C in the middle of each step of the ladder ends it at once, whatever the modem does', IN_STEPS),
  caseOf('Ctrl-C ends every command on a modem that takes no bytes', IN_COMMANDS),
  caseOf('Ctrl-C on a modem that answers nothing on its bus', WEDGED),
];
