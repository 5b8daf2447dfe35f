/** After a step that takes the modem off the bus: it is waited for, at its port, whatever tty it gets; then it must answer. */
import { type Identity, waitForModem } from '../usb/presence.ts';
import { proof, type StepResult } from './proof.ts';
import type { Session } from './session.ts';

/** A modem behind two hubs takes some seconds to come back; udev adds its own. */
export const RETURN_LIMIT_MS = 15_000;

/**
 * @param wanted which device; an id alone: whatever is plugged in there
 * @throws ModemctlError GONE: another device has its place
 */
export async function comeBack(
  session: Session,
  wanted: Identity | Pick<Identity, 'id'>,
  signal: AbortSignal | undefined,
): Promise<StepResult> {
  const presence = await waitForModem(wanted, { deadlineMs: RETURN_LIMIT_MS, clock: session.clock, signal });
  if (presence.kind === 'late') {
    const outcome = presence.stage === 'denied' ? 'denied' : 'failed';
    return { outcome, detail: `it did not come back within ${RETURN_LIMIT_MS / 1000} s (${presence.stage})` };
  }
  await session.reopen(presence.info);
  return proof(session, signal);
}
