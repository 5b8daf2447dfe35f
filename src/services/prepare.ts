/** Readies the modem for calls. */
import { ModemctlError } from '../core/errors.ts';
import { type InitOptions, type InitReport, initialise } from '../modem/initialise.ts';
import type { Session } from '../modem/session.ts';

/** S7 of a modem that was not told otherwise: the U.S. Robotics' default, more than Conexant's. */
export const CARRIER_WAIT_MS = 60_000;

/**
 * Brings the modem to the state that its calls need.
 * @throws ModemctlError MODEM_ERROR (it refused what they need), NOT_RESPONDING, USAGE, GONE
 */
export async function prepare(session: Session, options: InitOptions): Promise<InitReport> {
  const report = await initialise(session, options);
  if (report.fit) return report;
  const refused = report.items.find(({ required, result }) => required && result !== 'OK');
  throw new ModemctlError('MODEM_ERROR', `${session.name} refused ${refused?.command} (${refused?.sets})`, {
    hint: `See what it can do: modemctl info -d ${session.id}`,
    details: { modem: session.id, command: refused?.command },
  });
}
