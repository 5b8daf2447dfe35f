/** After a step that takes the modem off the bus: it is waited for, at its port, whatever tty it gets; then it must answer. */
import { sleep } from '../core/clock.ts';
import { isModemctlError } from '../core/errors.ts';
import type { KnownStrings } from '../usb/device-strings.ts';
import { type Identity, waitForModem } from '../usb/presence.ts';
import { proof, type StepResult } from './proof.ts';
import type { Session } from './session.ts';

/** A modem behind two hubs takes some seconds to come back; udev adds its own. */
export const RETURN_LIMIT_MS = 15_000;

/** Of two modems that are reset at once each may get the number that the other had; whoever had it lets go of it within a moment. */
const LET_GO_MS = 5000;
const LOOK_AGAIN_MS = 100;

/**
 * @param wanted which device; an id alone: whatever is plugged in there
 * @throws ModemctlError GONE: another device has its place; IN_USE: another program has its tty
 */
export async function comeBack(
  session: Session,
  wanted: Identity | Pick<Identity, 'id'>,
  signal: AbortSignal | undefined,
): Promise<StepResult> {
  const { clock } = session;
  const knownStrings = stringsBefore(session);
  let refusedAt: number | null = null;
  for (;;) {
    const presence = await waitForModem(wanted, { deadlineMs: RETURN_LIMIT_MS, clock, signal, knownStrings });
    if (presence.kind === 'late') {
      const outcome = presence.stage === 'denied' ? 'denied' : 'failed';
      return { outcome, detail: `it did not come back within ${RETURN_LIMIT_MS / 1000} s (${presence.stage})` };
    }
    try {
      await session.reopen(presence.info);
      return await proof(session, signal);
    } catch (error) {
      refusedAt ??= clock.now();
      if (!isModemctlError(error, 'IN_USE') || clock.now() - refusedAt >= LET_GO_MS) throw error;
      await sleep(clock, LOOK_AGAIN_MS, signal);
    }
  }
}

/** Over a reset the kernel itself compares descriptors and serial number, and gives a device that differs another address (`descriptors_changed`, drivers/usb/core/hub.c): one that kept its own is not asked again, which takes a process. */
function stringsBefore({ info }: Session): KnownStrings {
  if (!info || info.suspect || info.address === null) return new Map();
  const { manufacturer, product, serial } = info;
  return new Map([[info.id, { address: info.address, strings: { manufacturer, product, serial } }]]);
}
