/**
 * Stops a unit of systemd's that has the modem, for as long as some work takes, and starts it again however that ends: it failed, was broken off, or this process was killed. For programs that hold the port without a lock, and
 * for good (callattendant).
 */
import { runBounded } from '../core/bounded-child.ts';
import type { Clock } from '../core/clock.ts';
import { isModemctlError, ModemctlError } from '../core/errors.ts';
import { findProgram } from '../core/find-program.ts';
import { LastWill } from '../core/last-will.ts';
import { printable } from '../core/text.ts';

export interface AroundOptions {
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  /** Each thing that was done. */
  readonly tell?: (event: AroundEvent) => void;
}

export type AroundEvent =
  /** It did not run, so it is left alone. */
  | 'notRunning'
  | 'stopping'
  | 'stopped'
  | 'startedAgain'
  /** It takes longer to start than is waited for. */
  | 'starting';

/** systemd.unit(5): the characters of a unit's name. */
const UNIT_NAME = /^[A-Za-z0-9_@][A-Za-z0-9:_.\\@-]{0,254}$/;
const SHOW_LIMIT_MS = 10_000;
/** systemd itself kills what does not end after TimeoutStopSec, 90 s unless told otherwise (systemd-system.conf(5)). */
const STOP_LIMIT_MS = 100_000;
/** A service may take its time to be ready; that it is being started is enough. */
const START_LIMIT_MS = 20_000;
/** EXIT_NOPERMISSION of systemctl(1), which is LSB's. */
const NO_PERMISSION = 4;
const QUIET = '--no-ask-password';
/** When we are killed. It is not waited for: the shell need not live until the service does. */
const START = `exec "$1" start --no-block ${QUIET} -- "$2"`;

/**
 * Does `work` while the unit is stopped. A unit that does not run is left as it is.
 * @throws ModemctlError HELPER (no systemctl, it failed, or the unit could not be started again), USAGE (no such unit, one that could not be started again), DENIED; all of these but the last of HELPER before anything is stopped; what `work` throws; the signal's reason
 */
export async function aroundUnit<T>(unit: string, options: AroundOptions, work: () => Promise<T>): Promise<T> {
  const systemd = new Systemd(unit, options);
  if (!(await systemd.runs())) {
    options.tell?.('notRunning');
    return work();
  }
  const will = systemd.makeWill();
  let outcome: { readonly done: T } | { readonly failure: unknown };
  try {
    await systemd.stop();
    outcome = { done: await work() };
  } catch (failure) {
    outcome = { failure };
  }
  const isUntouched = 'failure' in outcome && isModemctlError(outcome.failure) && systemd.refusedToStop;
  const trouble = isUntouched ? null : await systemd.startAgain();
  will.cancel();
  // What the modem's trouble is can be asked again; that the unit is down must be known.
  if (trouble) throw trouble;
  if ('failure' in outcome) throw outcome.failure;
  return outcome.done;
}

class Systemd {
  readonly #unit: string;
  readonly #options: AroundOptions;
  readonly #systemctl: string;
  /** It was not even tried: the right is missing. */
  refusedToStop = false;

  /** @throws ModemctlError USAGE, HELPER */
  constructor(unit: string, options: AroundOptions) {
    if (!UNIT_NAME.test(unit)) {
      throw new ModemctlError('USAGE', `"${printable(unit)}" is no name of a systemd unit`, {
        hint: 'List them: systemctl list-units --type=service',
      });
    }
    this.#unit = unit;
    this.#options = options;
    this.#systemctl = systemctlIn(options.env);
  }

  /** @throws ModemctlError HELPER, USAGE */
  async runs(): Promise<boolean> {
    const names = ['LoadState', 'ActiveState', 'Transient', 'CanStart', 'CanStop'];
    const { signal } = this.#options;
    const shown = await this.#run(['show', `--property=${names.join(',')}`], SHOW_LIMIT_MS, signal);
    if (shown.trouble !== null) throw this.#failed('cannot be asked about', shown.trouble);
    const facts = new Map(shown.stdout.split('\n').map((line) => line.split('=', 2) as [string, string]));
    if (facts.get('LoadState') === 'not-found') {
      throw new ModemctlError('USAGE', `there is no systemd unit ${this.#unit}`, {
        hint: 'List them: systemctl list-units --type=service',
        details: { unit: this.#unit },
      });
    }
    if (!['active', 'activating', 'reloading', 'refreshing'].includes(facts.get('ActiveState') ?? '')) return false;
    const lasts = facts.get('LoadState') === 'loaded' && facts.get('Transient') !== 'yes';
    if (lasts && facts.get('CanStart') !== 'no' && facts.get('CanStop') !== 'no') return true;
    throw new ModemctlError('USAGE', `${this.#unit} is not stopped: systemd could not start it again`, {
      hint: `See: systemctl status ${this.#unit}`,
      details: { unit: this.#unit },
    });
  }

  makeWill(): LastWill {
    return new LastWill(START, [this.#systemctl, this.#unit]);
  }

  /** @throws ModemctlError DENIED, HELPER; the signal's reason */
  async stop(): Promise<void> {
    const { tell, signal } = this.#options;
    tell?.('stopping');
    const { trouble, code } = await this.#run(['stop', QUIET], STOP_LIMIT_MS, signal);
    if (trouble !== null && (code === NO_PERMISSION || /denied|authentication|permission/i.test(trouble))) {
      this.refusedToStop = true;
      throw new ModemctlError('DENIED', `no right to stop ${this.#unit}`, {
        hint: 'The same with sudo in front of it.',
        details: { unit: this.#unit },
      });
    }
    if (trouble !== null) throw this.#failed('could not be stopped', trouble);
    tell?.('stopped');
  }

  /** @returns that it cannot be started */
  async startAgain(): Promise<ModemctlError | null> {
    const { tell } = this.#options;
    const { trouble, timedOut } = await this.#run(['start', QUIET], START_LIMIT_MS);
    if (trouble === null || timedOut) {
      tell?.(timedOut ? 'starting' : 'startedAgain');
      return null;
    }
    return this.#failed('could not be started again', trouble, `sudo systemctl start ${this.#unit}`);
  }

  async #run(args: readonly string[], deadlineMs: number, signal?: AbortSignal): Promise<Answer> {
    const { clock } = this.#options;
    const ran = await runBounded(this.#systemctl, [...args, '--', this.#unit], { deadlineMs, clock, signal });
    if (ran.kind === 'unstartable') return { ...NOTHING, trouble: ran.errno };
    if (ran.kind === 'timeout') {
      return { ...NOTHING, trouble: `systemctl took longer than ${deadlineMs / 1000} s`, timedOut: true };
    }
    const said = printable(ran.stderr.trim().split('\n')[0]?.slice(0, 300) ?? '').replace(/\.+$/, '');
    const trouble = ran.code === 0 ? null : said || `systemctl ended with ${ran.code ?? 'a signal'}`;
    return { trouble, code: ran.code, stdout: ran.stdout.toString('utf8'), timedOut: false };
  }

  #failed(what: string, trouble: string, hint = `See: systemctl status ${this.#unit}`): ModemctlError {
    return new ModemctlError('HELPER', `${this.#unit} ${what}: ${trouble}`, { hint, details: { unit: this.#unit } });
  }
}

interface Answer {
  /** In words; null: it went well. */
  readonly trouble: string | null;
  readonly code: number | null;
  readonly stdout: string;
  readonly timedOut: boolean;
}

const NOTHING: Omit<Answer, 'trouble'> = { code: null, stdout: '', timedOut: false };

function systemctlIn(env: NodeJS.ProcessEnv): string {
  try {
    return findProgram('systemctl', env);
  } catch (error) {
    if (!isModemctlError(error, 'HELPER')) throw error;
    throw new ModemctlError('HELPER', 'there is no program systemctl, so this system has no units to stop', {
      hint: 'Stop what has the modem in its own way, then leave --around out.',
      details: { program: 'systemctl' },
    });
  }
}
