/** A modem that answers AT and yet does not work is reset, if its keeper was told to. */
import { ModemctlError } from '../core/errors.ts';
import { recover, type Step } from '../modem/recover.ts';
import type { Session } from '../modem/session.ts';

export interface SuspectOptions {
  /** After so many calls in a row, see suspicion.ts. */
  readonly after: number;
  /** Not only told. */
  readonly reset: boolean;
}

interface Resetting {
  readonly signal: AbortSignal;
  readonly tell: (event: { readonly kind: 'recovered'; readonly by: Step }) => void;
}

/**
 * Resets it by USB: it answers, so that no gentler step would do anything.
 * @throws ModemctlError NOT_RESPONDING (it did not come back, which is what the keeper's own recovery is for), DENIED, GONE
 */
export async function resetSuspect(session: Session, { signal, tell }: Resetting): Promise<void> {
  const { recoveredBy } = await recover(session, { method: 'usb', force: true, signal });
  if (recoveredBy) tell({ kind: 'recovered', by: recoveredBy });
  else if (!signal.aborted)
    throw new ModemctlError('NOT_RESPONDING', `${session.name} did not come back from its reset`);
}
