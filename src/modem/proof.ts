/** The proof of a recovery: the modem answers AT. A step that "worked" without it did not. */
import { formatDuration } from '../core/duration.ts';
import type { Session } from './session.ts';

/**
 * How a step ended. `answered`: the modem answers AT. `silent`: done, and it does not. `skipped`: it could not be tried. `denied`: rights are missing. `refused`: it may not be done (power only). `failed`: the system refused, or the modem did not come back.
 */
export type StepOutcome = 'answered' | 'silent' | 'skipped' | 'denied' | 'refused' | 'failed';

export interface StepResult {
  readonly outcome: StepOutcome;
  /** In words; null when there is nothing to add. */
  readonly detail: string | null;
}

/** Two tries of an AT, 1.5 s each. */
export const PROOF_LIMIT_MS = 3000;

/** Asks the modem; see {@link StepOutcome}. */
export async function proof(session: Session, signal?: AbortSignal): Promise<StepResult> {
  const answered = await session.answers(PROOF_LIMIT_MS, signal);
  return answered
    ? { outcome: 'answered', detail: null }
    : { outcome: 'silent', detail: `no answer to AT within ${formatDuration(PROOF_LIMIT_MS)}` };
}
