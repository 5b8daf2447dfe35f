/** Whoever gets a call that has come up: streams, a program, a terminal, PPP, a login. */
import { isModemctlError, ModemctlError } from '../core/errors.ts';
import type { Call } from '../modem/call.ts';
import type { Session } from '../modem/session.ts';

/** Who or what ended it; `idle` and `maxTime` are limits that it was given. */
export type EndedBy = 'us' | 'farEnd' | 'modemGone' | 'signal' | 'idle' | 'maxTime';

/** How a taker is done with its call. The call may still be up; whoever made it ends it. */
export interface Taken {
  readonly endedBy: EndedBy;
  /** It was cut off while our side still had business. */
  readonly unfinished: boolean;
  /** The taker's own failure: a script, a program. */
  readonly failure: ModemctlError | null;
  /** The call stays up: whoever gave us the modem goes on with it. */
  readonly staysUp?: boolean;
}

export type Taker = (session: Session, call: Call, signal: AbortSignal) => Promise<Taken>;

/** Without a failure. */
export function taken(endedBy: EndedBy, unfinished = false): Taken {
  return { endedBy, unfinished, failure: null };
}

/** Leaves the call to the program that gave us the modem on stdin and stdout; not a byte of it has been read. */
export const leavingTaker: Taker = async () => ({ ...taken('us'), staysUp: true });

/**
 * After handing over: the program ended, or could not run, but the modem is away, or in somebody else's hands. After CONNECT that is no exit code of its own.
 * @throws what is no ModemctlError
 */
export function takenByTrouble(session: Session, error: unknown, signal: AbortSignal): Taken {
  if (!isModemctlError(error)) throw error;
  if (signal.aborted) return taken('signal');
  if (error.code === 'GONE') return taken('modemGone', true);
  const failure = new ModemctlError('SCRIPT_FAILED', error.message, {
    hint: error.hint ?? undefined,
    details: { ...error.details, modem: session.id },
  });
  return { endedBy: 'us', unfinished: true, failure };
}
