/** The end of every call: on-hook and ready, proved; a modem that does not come back by itself is brought back. */
import { type ErrorCode, isModemctlError } from '../core/errors.ts';
import { freeLine } from './free-line.ts';
import { PROOF_LIMIT_MS } from './proof.ts';
import { recover, type Step } from './recover.ts';
import type { Session } from './session.ts';

export type LineAfter =
  | { readonly free: true; readonly recoveredBy: Step | null }
  /** Why it could not be proved. */
  | { readonly free: false; readonly why: string; readonly code: ErrorCode };

/**
 * Hangs up whatever is up, and proves that the modem is ready. Never throws.
 * @param options.recover false: one that does not answer is left as it is
 * @param options.asked whoever is asked to end (Ctrl-C), before or meanwhile, and has not taken the line does not stay for a modem that hangs
 */
export async function endCall(
  session: Session,
  options: { readonly recover?: boolean; readonly asked?: AbortSignal } = {},
): Promise<LineAfter> {
  const { asked } = options;
  if (asked?.aborted && !session.mayBeOffHook && !(await answersOrCalls(session))) return silent(session);
  const signal = asked?.aborted || session.mayBeOffHook ? undefined : asked;
  try {
    // A modem that went away while another program had it may be back by now.
    if (!session.isOpen) await session.open(null);
    await freeLine(session, signal);
    return { free: true, recoveredBy: null };
  } catch (error) {
    if (signal?.aborted) return silent(session);
    if (!isModemctlError(error)) throw error;
    if (error.code !== 'NOT_RESPONDING') return { free: false, why: error.message, code: error.code };
    // What its own message adds, that the line may be off-hook, is what whoever reads this says.
    if (options.recover === false) return { free: false, why: `${session.name} does not answer`, code: error.code };
  }
  try {
    const { recovered, recoveredBy } = await recover(session, { force: true, signal });
    if (signal?.aborted) return silent(session);
    if (recovered) {
      // That it answers does not say that it is on-hook.
      await freeLine(session);
      return { free: true, recoveredBy };
    }
    const why = `${session.name} does not answer, whatever was tried`;
    return { free: false, why, code: 'NOT_RECOVERED' };
  } catch (error) {
    if (isModemctlError(error)) return { free: false, why: error.message, code: error.code };
    throw error;
  }
}

function silent({ name }: Session): LineAfter {
  return { free: false, why: `${name} does not answer`, code: 'NOT_RESPONDING' };
}

/** Whether there is anything to hang up, or anybody who can be told to. */
async function answersOrCalls(session: Session): Promise<boolean> {
  if (!session.isOpen) return false;
  return (await session.hasCarrier()) === true || (await session.answers(PROOF_LIMIT_MS));
}
