/** Who gets a call that is up, by the options of `dial` and `answer`. */
import { parseDuration } from '../core/duration.ts';
import { ModemctlError } from '../core/errors.ts';
import { checkTaker } from '../services/check-taker.ts';
import { programTaker, streamTaker } from '../services/stream-taker.ts';
import type { Taker } from '../services/taker.ts';
import { ttyTaker } from '../services/tty-taker.ts';
import type { Invocation, OptionSpec } from './command.ts';
import type { Context } from './context.ts';

type Options = Invocation['options'];

/** After the end of stdin a far end that sends nothing for this long has nothing to send. */
const IDLE_MS = 60_000;

export const TAKER_OPTIONS: readonly OptionSpec[] = [
  { flags: '--exec <command>', describe: 'give the call to a program, on its stdin and stdout' },
  { flags: '--tty <command>', describe: "give the call's tty to a program, in MODEMCTL_TTY" },
  {
    flags: '--idle <duration>',
    describe: 'end the call when stdin has ended and nothing has come for this long (default 60s)',
    parse: parseDuration,
  },
];

/** `dial` only. */
export const CHECK_OPTIONS: readonly OptionSpec[] = [
  { flags: '--check <text>', describe: 'wait until the far end has sent this text, then hang up' },
];

/** The options of which there can be only one. */
const EXCLUSIVE = ['exec', 'tty', 'check', 'ppp', 'login', 'auto'];

/** Whether stdout is the call. */
export function stdoutIsCall(options: Options): boolean {
  return EXCLUSIVE.every((name) => options[name] === undefined);
}

/** @throws ModemctlError USAGE: more than one taker */
export function takerFor(context: Context, options: Options): Taker {
  const chosen = EXCLUSIVE.filter((name) => options[name] !== undefined);
  if (chosen.length > 1) {
    const names = chosen.map((name) => `--${name}`).join(' and ');
    throw new ModemctlError('USAGE', `a call can be given to one taker only, not to ${names}`);
  }
  const idleMs = (options.idle as number | undefined) ?? IDLE_MS;
  if (typeof options.check === 'string') return checkTaker(options.check, idleMs);
  if (typeof options.exec === 'string') return programTaker(options.exec);
  if (typeof options.tty === 'string') return ttyTaker({ argv: ['/bin/sh', '-c', options.tty] });
  return streamTaker(context.world.stdin, context.world.stdout, idleMs);
}
