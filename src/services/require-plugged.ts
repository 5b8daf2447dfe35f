/** Whoever pulls the plug of a modem that hangs will put it in again: it is waited for, and nobody has given up on it. */
import { ModemctlError } from '../core/errors.ts';
import type { Session } from '../modem/session.ts';
import { isPlugged } from '../usb/still-there.ts';

/** @throws ModemctlError GONE: it has left its port while it was being brought back */
export function requirePlugged({ info, name }: Session): void {
  if (info && !isPlugged(info)) throw new ModemctlError('GONE', `${name} went away`, { hint: 'modemctl detect' });
}
