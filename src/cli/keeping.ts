/** What others are told of a command that keeps modems: systemd, Prometheus, and whoever asks for its health. */
import type { GivenEnvironment } from '../core/environment.ts';
import { ModemctlError } from '../core/errors.ts';
import { printable } from '../core/text.ts';
import { requireResetRights } from '../modem/recover.ts';
import type { Session } from '../modem/session.ts';
import { ServiceManager } from '../native/service-manager.ts';
import type { Errands } from '../services/control/errands.ts';
import { type Happening, ServiceRecord } from '../services/control/service-record.ts';
import { Hooks } from '../services/hooks.ts';
import type { SuspectOptions } from '../services/reset-suspect.ts';
import { SUSPECT_AFTER } from '../services/suspicion.ts';
import type { PowerPolicy } from '../usb/power/plan.ts';
import { parseWhole } from './call-options.ts';
import type { Invocation, OptionSpec } from './command.ts';
import type { Context } from './context.ts';
import { modemField } from './event-stream.ts';
import { POWER_NOTE, POWER_OPTIONS, permittedPower, powerPolicy } from './power-options.ts';
import { TextFile } from './text-file.ts';

export const KEEPING_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--suspect-after <calls>',
    describe: `tell when so many calls in a row had no caller ID any more, or did not connect (default ${SUSPECT_AFTER})`,
    parse: parseWhole,
  },
  { flags: '--reset-suspect', describe: 'and have the modem reset then (USB)' },
  { flags: '--recover-power', describe: 'where nothing else helps, switch the power of its port too' },
  ...POWER_OPTIONS,
  { flags: '--await', describe: 'wait for a modem that is not there yet, or that another program has' },
  {
    flags: '--on-failure <hook>',
    describe: 'run this when a modem cannot be brought back: a file, or a line for /bin/sh',
  },
  { flags: '--textfile <path>', describe: "keep a file for the textfile collector of Prometheus' node_exporter" },
];

export const FAILURE_NOTE =
  'With --recover-power the ladder goes one step further, and a modem that has left its port for half a minute has its power switched, once. What gave up is told by one event gaveUp, and to the hook of --on-failure: the same object (time, event, modem, why) on its stdin, and in its environment MODEMCTL_EVENT (gaveUp), MODEMCTL_MODEM, MODEMCTL_TTY and MODEMCTL_WHY. It has a minute; where Ctrl-C or SIGTERM ends modemctl, three seconds more.';

export const KEEPING_NOTES: readonly string[] = [
  FAILURE_NOTE,
  POWER_NOTE,
  'Under systemd with Type=notify it is ready when a modem is, or is known to be waited for or brought back; it tells its state and feeds the watchdog (WatchdogSec=); where koffi is missing the unit needs NotifyAccess=all. The file of --textfile is written at every event and once a minute, and taken away at the end; its metrics are modemctl_up, modemctl_state, modemctl_last_answer_timestamp_seconds, modemctl_last_call_timestamp_seconds, modemctl_rings_without_caller_id, modemctl_rings_total, modemctl_calls_total, modemctl_hangs_total, modemctl_recoveries_total, modemctl_recoveries_failed_total and modemctl_unplugged_total.',
];

const HOOK_LIMIT_MS = 60_000;
/** A hook may end what it began, after we were asked to end. */
const HOOK_END_MS = 3000;

/** One modem that is kept. */
export interface Kept {
  readonly record: ServiceRecord;
  /** How its power may be switched; null: it may not. */
  readonly power: PowerPolicy | null;
  /** To be called with every event. */
  told(event: Happening): void;
  end(): void;
}

/** From then on it does its work, which may be to wait for the modem or to bring it back. */
const READY_AT: readonly string[] = ['waiting', 'hung', 'unplugged', 'obstacle'];

export class Keeping {
  /** What is done about a modem that answers AT and does not work. */
  readonly suspect: SuspectOptions;
  readonly #power: PowerPolicy | null;
  readonly #given: Invocation['given'];
  readonly #context: Context;
  readonly #onFailure: Hooks | null;
  readonly #manager: ServiceManager;
  readonly #file: TextFile | null;
  /** What was told last, by modem. */
  readonly #last = new Map<string, string>();

  /** @throws ModemctlError USAGE, also where the file cannot be written */
  constructor(context: Context, { options, given }: Invocation) {
    const { onFailure, textfile } = options;
    const { suspect, power } = keepingPolicy(options);
    this.suspect = suspect;
    this.#power = power;
    this.#given = given;
    this.#context = context;
    const note = (text: string) => context.say(`${context.colourOfTalk.yellow('note:')} ${printable(text)}`);
    const { clock } = context;
    this.#onFailure =
      typeof onFailure === 'string' ? new Hooks(onFailure, { clock, limitMs: HOOK_LIMIT_MS, note }) : null;
    this.#manager = new ServiceManager(context.world.env, context.clock);
    this.#file = typeof textfile === 'string' ? new TextFile(textfile, context) : null;
  }

  /** @throws ModemctlError USAGE, DENIED, HELPER: it could not be reset, or its power not switched, if it came to that */
  async keep(session: Session, errands: Errands): Promise<Kept> {
    if (this.suspect.reset) requireReset(session);
    const power = this.#power && (await permittedPower(this.#context, session, this.#power, this.#given));
    const record = new ServiceRecord(session);
    const forget = this.#file?.add({ session, errands, record });
    return {
      record,
      power,
      told: (event) => {
        record.take(event);
        this.#file?.write();
        if (event.kind === 'gaveUp') this.#failed(session, event.why ?? '');
        this.#last.set(session.id, event.kind);
        if (READY_AT.includes(event.kind)) this.#manager.ready();
        this.#manager.status(printable([...this.#last].map(([id, kind]) => `${id} ${kind}`).join(', ')));
      },
      end: () => {
        forget?.();
        this.#last.delete(session.id);
      },
    };
  }

  /** There is no modem yet. */
  awaits(what: string): void {
    this.#manager.ready();
    this.#manager.status(printable(`waiting for ${what}`));
  }

  #failed(session: Session, why: string): void {
    const { id, tty } = session;
    const env: GivenEnvironment = {
      MODEMCTL_EVENT: 'gaveUp',
      MODEMCTL_MODEM: id,
      MODEMCTL_TTY: tty ?? '',
      MODEMCTL_WHY: printable(why),
    };
    this.#onFailure?.run(env, { time: new Date().toISOString(), event: 'gaveUp', modem: modemField(session), why });
  }

  async end(): Promise<void> {
    await this.#onFailure?.close(this.#context.signal.aborted ? HOOK_END_MS : HOOK_LIMIT_MS);
    this.#file?.end();
    await this.#manager.end();
  }
}

/**
 * What is done about a modem that does not work.
 * @throws ModemctlError USAGE
 */
export function keepingPolicy(options: Invocation['options']): Pick<Keeping, 'suspect'> & Pick<Kept, 'power'> {
  const { suspectAfter = SUSPECT_AFTER, resetSuspect, recoverPower } = options;
  const after = suspectAfter as number;
  if (after < 1) throw new ModemctlError('USAGE', '--suspect-after is at least 1');
  if (recoverPower === true && options.recover === false) {
    throw new ModemctlError('USAGE', '--recover-power and --no-recover: only one of them can be meant');
  }
  const power = powerPolicy(options, recoverPower === true, '--recover-power');
  return { suspect: { after, reset: resetSuspect === true }, power: recoverPower === true ? power : null };
}

function requireReset({ info, name }: Session): void {
  if (info) requireResetRights(info);
  else throw new ModemctlError('USAGE', `${name} belongs to no USB device: there is nothing to reset`);
}
