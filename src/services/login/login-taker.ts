/** A call for the system's login. */
import { runBounded } from '../../core/bounded-child.ts';
import { type Clock, systemClock } from '../../core/clock.ts';
import { formatDuration } from '../../core/duration.ts';
import { printable } from '../../core/text.ts';
import type { Call } from '../../modem/call.ts';
import { handOver } from '../../modem/hand-over.ts';
import { type Taken, type Taker, taken } from '../taker.ts';
import { FailedLogins } from './failed-logins.ts';
import { TtyOwner } from './tty-owner.ts';

const HELPER_LIMIT_MS = 5000;
const TAG = 'modemctl';
const MAX_FAILURES = 3;
const LOOK_MS = 500;

/** What became of it, in words; also what the journal has. */
export type LoginLog = (text: string) => void;

/**
 * The login program has the tty to itself; when it, or the shell after it, ends, the call ends. Whatever else the user left on the tty is ended too. Who called, who logged in and for how long goes to the system's log.
 * @param program as {@link loginProgram} has it
 */
export function loginTaker(program: readonly [string, ...string[]], log: LoginLog): Taker {
  return async (session, call, signal) => {
    const { clock } = session;
    const owner = new TtyOwner(session.tty ?? '', clock);
    const tries = new Tries(session.tty ?? '', clock, () => owner.user !== null);
    const note = async (text: string) => {
      log(text);
      await toJournal(text, clock);
    };
    const caller = callerOf(call);
    await note(`login on ${session.tty} for ${caller}`);
    let end: Taken | null = null;
    try {
      const { signal: by } = await handOver(session, {
        argv: program,
        // A login that is left open is ended by the kernel: SIGHUP when the carrier goes.
        endsOthers: true,
        signal: AbortSignal.any([signal, tries.over]),
      });
      if (tries.over.aborted) await note(`${MAX_FAILURES} failed logins of ${caller}: the call is ended`);
      end = signal.aborted ? taken('signal') : taken(by === 'SIGHUP' ? 'farEnd' : 'us');
      return end;
    } finally {
      tries.end();
      owner.restore();
      const user = owner.user === null ? 'nobody logged in' : `user ${await nameOf(owner.user, clock)}`;
      await note(`login for ${caller} ended after ${formatDuration(call.elapsedMs)}: ${user}`);
    }
  };
}

/** The system's login gives up by itself at some time; Debian's after five tries (LOGIN_RETRIES). */
class Tries {
  readonly #over = new AbortController();
  #cancel = () => {};

  constructor(tty: string, clock: Clock, isIn: () => boolean) {
    const failures = new FailedLogins(tty);
    const look = () => {
      // A wrong password that is given to su counts there too.
      if (isIn()) return;
      if (failures.count >= MAX_FAILURES) this.#over.abort();
      else this.#cancel = clock.after(LOOK_MS, look);
    };
    look();
  }

  /** Aborted when there were too many. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  end(): void {
    this.#cancel();
  }
}

function callerOf({ incoming }: Call): string {
  const caller = incoming?.caller;
  if (!caller) return 'a caller without caller ID';
  const number =
    caller.number ?? `a caller whose number is ${caller.presentation === 'private' ? 'withheld' : 'not known'}`;
  return printable(caller.name === null ? number : `${number} (${caller.name})`);
}

async function nameOf(uid: number, clock: Clock): Promise<string> {
  const ran = await runBounded('id', ['-nu', String(uid)], { deadlineMs: HELPER_LIMIT_MS, clock });
  return ran.kind === 'exit' && ran.code === 0 ? ran.stdout.toString().trim() : String(uid);
}

/** Where there is no logger, the user has what we say ourselves. */
async function toJournal(text: string, clock: Clock = systemClock): Promise<void> {
  await runBounded('logger', ['-t', TAG, '-p', 'auth.info', '--', text], { deadlineMs: HELPER_LIMIT_MS, clock });
}
