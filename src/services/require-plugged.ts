/** Whoever pulls the plug of a modem that hangs will put it in again: it is waited for, and nobody has given up on it. One that did not come back from what we did to it is another matter. */
import { ModemctlError } from '../core/errors.ts';
import type { RecoveryReport } from '../modem/recover.ts';
import type { Session } from '../modem/session.ts';
import { isPlugged } from '../usb/still-there.ts';

/** @throws ModemctlError GONE: it left its port while it was being brought back, and nothing of ours made it leave */
export function requirePlugged({ info, name }: Session, { steps }: RecoveryReport): void {
  const wasReset = steps.some(({ step, outcome }) => (step === 'usb' || step === 'power') && outcome !== 'skipped');
  if (wasReset || !info || isPlugged(info)) return;
  throw new ModemctlError('GONE', `${name} went away`, { hint: 'modemctl detect' });
}
