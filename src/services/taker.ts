/** Whoever gets a call that has come up: streams, a program, a terminal, PPP, a login. */
import type { ModemctlError } from '../core/errors.ts';
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
