/** The end of every call: on-hook and ready, proved; a modem that does not come back by itself is brought back. */
import { isModemctlError } from '../core/errors.ts';
import { freeLine } from './free-line.ts';
import { recover, type Step } from './recover.ts';
import type { Session } from './session.ts';

export type LineAfter =
  | { readonly free: true; readonly recoveredBy: Step | null }
  /** Why it could not be proved. */
  | { readonly free: false; readonly why: string };

/** Hangs up whatever is up, and proves that the modem is ready. Never throws. */
export async function endCall(session: Session): Promise<LineAfter> {
  try {
    await freeLine(session);
    return { free: true, recoveredBy: null };
  } catch (error) {
    if (!isModemctlError(error)) throw error;
    if (error.code !== 'NOT_RESPONDING') return { free: false, why: error.message };
  }
  try {
    const { recovered, recoveredBy } = await recover(session, { force: true });
    if (recovered) return { free: true, recoveredBy };
    return { free: false, why: `${session.name} does not answer, whatever was tried` };
  } catch (error) {
    if (isModemctlError(error)) return { free: false, why: error.message };
    throw error;
  }
}
