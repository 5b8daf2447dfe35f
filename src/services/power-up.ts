/** Power in the hands of a keeper: the ladder's last rung where it was allowed, also for a modem that has left the bus. */
import { isModemctlError } from '../core/errors.ts';
import { notRecovered, type RecoverOptions, recover, type Step } from '../modem/recover.ts';
import type { Session } from '../modem/session.ts';
import type { PowerPolicy } from '../usb/power/plan.ts';

/** How far the ladder may go. */
export function withPower(power: PowerPolicy | null): Pick<RecoverOptions, 'upTo' | 'power'> {
  return power ? { upTo: 'power', power } : {};
}

interface PoweringUp {
  readonly power: PowerPolicy;
  readonly signal: AbortSignal;
  readonly tell: (
    event: { readonly kind: 'recovered'; readonly by: Step } | { readonly kind: 'gaveUp'; readonly why: string },
  ) => void;
}

/**
 * Switches the power of a modem that has left the bus.
 * @returns whether it is back, open, and answers
 */
export async function powerUp(session: Session, { power, signal, tell }: PoweringUp): Promise<boolean> {
  try {
    const report = await recover(session, { method: 'power', power, force: true, signal });
    if (report.recovered) tell({ kind: 'recovered', by: 'power' });
    else if (!signal.aborted) tell({ kind: 'gaveUp', why: notRecovered(session, report).message });
    return report.recovered;
  } catch (error) {
    if (!isModemctlError(error)) throw error;
    if (!signal.aborted) tell({ kind: 'gaveUp', why: error.message });
    return false;
  }
}
