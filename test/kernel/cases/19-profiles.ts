// The fifteen ways in which modems were seen to hang or to behave oddly, each with the command that meets it, how it must end, and when at the latest. The numbers are those of docs/recovery.md.
import assert from 'node:assert/strict';
import type { KernelCase } from '../guest/case.ts';
import { type Guest, holdersOf, ttyAt } from '../guest/guest.ts';
import type { Unit } from '../guest/lab.ts';
import { answersStranger, tryRows } from '../guest/rows.ts';

interface Profile {
  /** Its number, and what is done about it. */
  readonly name: string;
  readonly misbehave: readonly string[];
  readonly model?: 'usr5637' | 'tfm561u';
  /** The command; `-d` and `--json` are added. */
  readonly command: readonly string[];
  /** The exit code, and `error.code` where it is not 0. */
  readonly exit: number;
  readonly code?: string;
  /** What must be in its document. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Under emulation, where a start of the program takes two to five seconds, twice that on a busy machine. */
  readonly limitS: number;
  /** USB resets that the kernel must have seen. */
  readonly resets?: number;
  /** The modem answers AT in the end, to another program too. */
  readonly answers: boolean;
}

/** No step that waits longer than the soft ones. */
const SOFT_S = 60;
/** Every soft step in vain, a USB reset, the proof; a start of the program. */
const LADDER_S = 90;
/** And 15 s of waiting for a modem that does not come back. */
const LONG_LADDER_S = 110;

const HANGS: readonly Profile[] = [
  {
    name: '1 silent: reset',
    misbehave: ['silent'],
    command: ['reset'],
    exit: 0,
    fields: { recovered: true, recoveredBy: 'usb' },
    limitS: LADDER_S,
    resets: 1,
    answers: true,
  },
  {
    name: '2 takes no bytes: info --recover',
    misbehave: ['stalled'],
    command: ['info', '--recover'],
    exit: 0,
    fields: { recoveredFirst: 'usb' },
    limitS: LADDER_S + 20,
    resets: 1,
    answers: true,
  },
  {
    name: '3 stuck in voice state: reset',
    misbehave: ['stuck-voice'],
    model: 'tfm561u',
    command: ['reset'],
    exit: 0,
    fields: { recovered: true, recoveredBy: 'escape' },
    limitS: SOFT_S,
    resets: 0,
    answers: true,
  },
  {
    name: '4 stuck in data state: init --recover',
    misbehave: ['stuck-data'],
    command: ['init', '--recover'],
    exit: 0,
    fields: { recoveredFirst: 'escape' },
    limitS: SOFT_S,
    resets: 0,
    answers: true,
  },
  {
    name: '4 stuck in a call, carrier on: hangup',
    misbehave: ['stuck-call'],
    command: ['hangup'],
    exit: 0,
    fields: { onHook: true, hadCarrier: true },
    limitS: SOFT_S,
    resets: 0,
    answers: true,
  },
  {
    name: '4 stuck in a call, carrier on: reset leaves it alone',
    misbehave: ['stuck-call'],
    command: ['reset'],
    exit: 5,
    code: 'IN_CALL',
    limitS: SOFT_S,
    resets: 0,
    answers: false,
  },
  {
    name: '15 endless garbage: reset',
    misbehave: ['garbage'],
    command: ['reset'],
    exit: 0,
    fields: { recovered: true, recoveredBy: 'usb' },
    limitS: LADDER_S,
    resets: 1,
    answers: true,
  },
  {
    name: '13 silent also after the reset: exec --recover',
    misbehave: ['dead-after-reset'],
    command: ['exec', '--recover', '--', 'true'],
    exit: 9,
    code: 'NOT_RECOVERED',
    limitS: LADDER_S,
    resets: 1,
    answers: false,
  },
];

const ODDITIES: readonly Profile[] = [
  {
    name: '5 quiet and numeric: info',
    misbehave: ['quiet', 'numeric'],
    model: 'tfm561u',
    command: ['info'],
    exit: 0,
    limitS: SOFT_S,
    resets: 0,
    answers: true,
  },
  {
    name: '6 echo in pieces, the answer well after: init',
    misbehave: ['echo-split'],
    command: ['init'],
    exit: 0,
    limitS: SOFT_S,
    resets: 0,
    answers: true,
  },
  {
    name: '7 answers late, at the next command: at gives each command its own answer',
    misbehave: ['late=6000'],
    command: ['at', '--timeout', '20s', 'ATI3', 'ATI0'],
    exit: 0,
    fields: {
      commands: [
        { command: 'ATI3', lines: ['U.S. Robotics 56K FAX USB V1.2.23'], result: 'OK' },
        { command: 'ATI0', lines: [' 5601'], result: 'OK' },
      ],
    },
    limitS: SOFT_S,
    resets: 0,
    answers: true,
  },
  {
    name: '7 answers late: reset needs no USB reset',
    misbehave: ['late=1200'],
    command: ['reset'],
    exit: 0,
    fields: { recovered: true, recoveredBy: 'at' },
    limitS: SOFT_S,
    resets: 0,
    answers: true,
  },
  {
    name: '8 RING in the middle of answers: reset',
    misbehave: ['ring-in-answer'],
    command: ['reset'],
    exit: 0,
    fields: { recovered: true, recoveredBy: 'at' },
    limitS: SOFT_S,
    resets: 0,
    answers: true,
  },
  {
    name: '9 ERROR to an item that is needed: init says which',
    misbehave: ['init-error=&D2'],
    command: ['init'],
    exit: 1,
    code: 'MODEM_ERROR',
    limitS: SOFT_S,
    resets: 0,
    answers: true,
  },
  {
    name: '14 CONNECT, then NO CARRIER at once: dial',
    misbehave: ['connect-drop'],
    command: ['dial', '--exec', 'sleep 60', '5550100'],
    exit: 21,
    code: 'CUT_OFF',
    limitS: SOFT_S,
    resets: 0,
    answers: true,
  },
];

const LEAVERS: readonly Profile[] = [
  {
    name: '10 away for 4 s: reset',
    misbehave: ['vanish=4'],
    command: ['reset'],
    exit: 0,
    fields: { recovered: true, recoveredBy: 'usb' },
    limitS: LADDER_S,
    answers: true,
  },
  {
    name: '10 away for 2 s: init says so, and that it can be waited for',
    misbehave: ['vanish=2'],
    model: 'tfm561u',
    command: ['init'],
    exit: 7,
    code: 'GONE',
    limitS: SOFT_S,
    answers: true,
  },
  {
    name: '11 back under another number: reset',
    misbehave: ['renumber'],
    command: ['reset'],
    exit: 0,
    fields: { recovered: true },
    limitS: LADDER_S,
    answers: true,
  },
  {
    name: '12 away until its power is cycled: reset',
    misbehave: ['dead-until-power'],
    command: ['reset'],
    exit: 9,
    code: 'NOT_RECOVERED',
    fields: { recovered: false, recoveredBy: null },
    limitS: LONG_LADDER_S,
    answers: false,
  },
];

/** Not among the fifteen: endpoint 0 is silent too, so that every open, ioctl and close waits 5 s in the kernel, and a USB reset fails after longer. */
const WEDGED: readonly Profile[] = [
  {
    name: 'wedged: at',
    misbehave: ['wedged'],
    command: ['at', 'AT', '--timeout', '3s'],
    exit: 6,
    code: 'NOT_RESPONDING',
    limitS: SOFT_S,
    resets: 0,
    answers: false,
  },
  {
    name: 'wedged: health',
    misbehave: ['wedged'],
    command: ['health'],
    exit: 6,
    code: 'NOT_RESPONDING',
    limitS: SOFT_S,
    resets: 0,
    answers: false,
  },
  {
    name: 'wedged: reset',
    misbehave: ['wedged'],
    command: ['reset'],
    exit: 9,
    code: 'NOT_RECOVERED',
    fields: { recovered: false, recoveredBy: null },
    limitS: 120,
    answers: false,
  },
];

async function meet(guest: Guest, profile: Profile, unit: Unit): Promise<void> {
  const { port } = unit;
  for (const name of profile.misbehave) unit.misbehave(name);
  const argv = [...profile.command];
  const [name, ...rest] = argv;
  // Where stdout is the call, or the other program's, the document goes elsewhere.
  const ownStdout = name === 'dial' || name === 'exec';
  const ran = await guest.cli([name!, '-d', port, ...(ownStdout ? [] : ['--json']), ...rest]);
  guest.note(`${profile.name}: exit ${ran.code} after ${(ran.elapsedMs / 1000).toFixed(1)} s`);
  assert.equal(ran.code, profile.exit, `exit code; it said:\n${ran.stdout.slice(0, 2000)}${ran.stderr}`);
  assert.ok(ran.elapsedMs < profile.limitS * 1000, `${ran.elapsedMs} ms`);
  if (ownStdout) {
    if (profile.code) assert.match(ran.stderr, new RegExp(`^error: .*\\[${profile.code}\\]`, 'm'));
  } else {
    const document = ran.json as { ok: boolean; error?: { code: string } };
    assert.equal(document.error?.code, profile.code);
    for (const [field, value] of Object.entries(profile.fields ?? {})) assertHas(document, field, value);
  }
  if (profile.resets !== undefined) assert.equal(guest.log.resets(port).length, profile.resets, 'USB resets');
  const tty = ttyAt(port);
  if (tty) await guest.until('nobody holds the tty', () => holdersOf(tty).length === 0, 10_000);
  if (!profile.answers) return;
  await unit.ready(guest);
  assert.ok(await answersStranger(guest, unit.tty), 'it answers another program');
  assert.equal(unit.dce.state.offHook, false, 'the line is free');
}

/** What is measured is left out. */
function assertHas(document: object, field: string, value: unknown): void {
  const found = (document as Record<string, unknown>)[field];
  const plain = Array.isArray(found) ? found.map(({ elapsedMs, ...rest }) => rest) : found;
  assert.deepEqual(plain, value, field);
}

function caseOf(title: string, profiles: readonly Profile[]): KernelCase {
  return {
    name: `profiles: ${title}`,
    async run(guest) {
      const rows = profiles.map((profile) => ({
        ...profile,
        modem: { model: profile.model ?? ('usr5637' as const) },
      }));
      await tryRows(guest, rows, (row, unit) => meet(guest, row, unit));
    },
  };
}

export const cases: KernelCase[] = [
  caseOf('each kind of hang ends answered by the step that cures it, or in an honest exit code, in time', HANGS),
  caseOf('one that answers nothing on its bus wedges nobody', WEDGED),
  caseOf('modems that answer oddly are understood, and never reset', ODDITIES),
  caseOf('those that leave the bus are waited for, and found by their port', LEAVERS),
];
