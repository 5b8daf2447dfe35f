/** The misbehaviours by name, as `NAME` or `NAME=VALUE`: the one table behind `--misbehave`, the control socket and the documentation. */
import { ModemctlError } from '../../core/errors.ts';
import { Garbage, Hang, Leaving, MissedCallerId, StuckOnline, StuckVoice } from './hangs.ts';
import { ConnectDrop, EchoSplit, InitError, Late, RefusesToDial, RingInAnswer, StoredSetting } from './manners.ts';
import type { Misbehaviour } from './misbehaviour.ts';

/** One entry: what the value means, if there is one, and how the misbehaviour is made. */
interface Entry {
  readonly summary: string;
  readonly value: null | { readonly name: string; readonly otherwise: string; readonly pattern: RegExp };
  readonly make: (spec: string, value: string) => Misbehaviour;
}

const COUNT = /^\d{1,6}$/;
const MILLISECONDS = /^\d{1,7}$/;
const SECONDS = /^\d{1,5}(?:\.\d{1,3})?$/;
const COMMAND = /^[\x21-\x7e]{1,40}$/;

export const MISBEHAVIOURS: Readonly<Record<string, Entry>> = {
  silent: {
    summary: 'takes bytes and says nothing more after N commands; a USB reset cures it',
    value: { name: 'N', otherwise: '0', pattern: COUNT },
    make: (spec, value) => new Hang(spec, 'deaf', Number(value)),
  },
  stalled: {
    summary: 'takes no more bytes after N commands; a USB reset cures it',
    value: { name: 'N', otherwise: '0', pattern: COUNT },
    make: (spec, value) => new Hang(spec, 'blocked', Number(value)),
  },
  wedged: {
    summary:
      'answers nothing more on the bus after N commands, so that its USB reset fails; cycling port power cures it',
    value: { name: 'N', otherwise: '0', pattern: COUNT },
    make: (spec, value) => new Hang(spec, 'wedged', Number(value), ['power']),
  },
  'stuck-voice': {
    summary: 'sits in voice transmit state; <DLE><ETX> or <DLE>! cures it',
    value: null,
    make: (spec) => new StuckVoice(spec),
  },
  'stuck-data': {
    summary: 'sits in online data state without carrier; a guarded +++ and ATH, or DTR, cures it',
    value: null,
    make: (spec) => new StuckOnline(spec, false),
  },
  'stuck-call': {
    summary: 'sits in a call, DCD on; a guarded +++ and ATH, or DTR, cures it',
    value: null,
    make: (spec) => new StuckOnline(spec, true),
  },
  quiet: {
    summary: 'has Q1 in its stored profile',
    value: null,
    make: (spec) => new StoredSetting(spec, 'Q', 1),
  },
  numeric: {
    summary: 'has V0 in its stored profile',
    value: null,
    make: (spec) => new StoredSetting(spec, 'V', 0),
  },
  'echo-off': {
    summary: 'has E0 in its stored profile',
    value: null,
    make: (spec) => new StoredSetting(spec, 'E', 0),
  },
  'echo-split': {
    summary: 'echoes in pieces, the answer well after',
    value: null,
    make: (spec) => new EchoSplit(spec),
  },
  late: {
    summary: 'answers MS milliseconds late, while the next command waits',
    value: { name: 'MS', otherwise: '6000', pattern: MILLISECONDS },
    make: (spec, value) => new Late(spec, Number(value)),
  },
  'ring-in-answer': {
    summary: 'says RING and a caller-ID block in the middle of every answer',
    value: null,
    make: (spec) => new RingInAnswer(spec),
  },
  'init-error': {
    summary: 'answers ERROR to the command CMD',
    value: { name: 'CMD', otherwise: '&D2', pattern: COMMAND },
    make: (spec, value) => new InitError(spec, value),
  },
  vanish: {
    summary: 'leaves the bus on the next command and comes back after SECONDS',
    value: { name: 'SECONDS', otherwise: '2', pattern: SECONDS },
    make: (spec, value) => new Leaving(spec, Number(value) * 1000),
  },
  renumber: {
    summary: 'leaves the bus on the next command and is back at once, under another number',
    value: null,
    make: (spec) => new Leaving(spec, 50, true),
  },
  'dead-until-power': {
    summary: 'leaves the bus on the next command until its port power is cycled',
    value: null,
    make: (spec) => new Leaving(spec, null),
  },
  'dead-after-reset': {
    summary: 'says nothing, not even after a USB reset; cycling port power cures it',
    value: null,
    make: (spec) => new Hang(spec, 'deaf', 0, ['power']),
  },
  'no-caller-id': {
    summary: 'tells no caller ID any more; a USB reset cures it',
    value: null,
    make: (spec) => new MissedCallerId(spec),
  },
  'connect-drop': {
    summary: 'drops the carrier right after CONNECT',
    value: null,
    make: (spec) => new ConnectDrop(spec),
  },
  garbage: {
    summary: 'says nonsense without end, N bytes a second; a USB reset cures it',
    value: { name: 'N', otherwise: '2000', pattern: COUNT },
    make: (spec, value) => new Garbage(spec, Number(value)),
  },
  delayed: {
    summary: 'answers DELAYED to D; cycling port power cures it',
    value: null,
    make: (spec) => new RefusesToDial(spec, 'DELAYED'),
  },
  blacklisted: {
    summary: 'answers BLACKLISTED to D; cycling port power cures it',
    value: null,
    make: (spec) => new RefusesToDial(spec, 'BLACKLISTED'),
  },
};

/**
 * Makes a misbehaviour of `NAME` or `NAME=VALUE`.
 * @throws ModemctlError USAGE
 */
export function makeMisbehaviour(spec: string): Misbehaviour {
  const [name = '', given] = splitOnce(spec, '=');
  const entry = Object.hasOwn(MISBEHAVIOURS, name) ? MISBEHAVIOURS[name] : undefined;
  if (!entry) {
    throw new ModemctlError('USAGE', `there is no misbehaviour called ${JSON.stringify(name)}`, {
      hint: `choose from ${Object.keys(MISBEHAVIOURS).join(', ')}`,
    });
  }
  if (!entry.value) {
    if (given === undefined) return entry.make(spec, '');
    throw new ModemctlError('USAGE', `the misbehaviour ${name} takes no value`);
  }
  const value = given ?? entry.value.otherwise;
  if (!entry.value.pattern.test(value)) {
    throw new ModemctlError('USAGE', `${JSON.stringify(value)} is no ${entry.value.name} for the misbehaviour ${name}`);
  }
  return entry.make(spec, value);
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
