/**
 * The last step of the ladder: a lost driver bound again, else a USB reset. The reset is done while our descriptor is open, and the descriptor left at once: closing first can take half a minute on a stalled
 * modem, closing late gives it another tty number (both measured on cdc_acm).
 */

import { bindDriver } from '../usb/bind.ts';
import type { ModemInfo } from '../usb/modem-info.ts';
import { waitForModem } from '../usb/presence.ts';
import { resetUsbDevice } from '../usb/reset.ts';
import { replugVirtual } from '../usb/virtual-control.ts';
import { proof, type StepResult } from './proof.ts';
import type { Session } from './session.ts';

/** A modem behind two hubs takes some seconds to come back; udev adds its own. */
const RETURN_LIMIT_MS = 15_000;

export async function usbStep(session: Session, signal: AbortSignal | undefined): Promise<StepResult> {
  const { info } = session;
  if (!info) return { outcome: 'skipped', detail: `${session.tty} belongs to no USB device` };
  if (info.virtual) return replugStep(session, info, signal);
  if (info.driver === null) {
    const bound = await bindDriver(info, { clock: session.clock, signal });
    if (bound.ok) {
      const back = await comeBack(session, info, signal);
      if (back.outcome === 'answered') return { ...back, detail: `the driver was bound again` };
    }
  }
  // Notices the moment the tty dies, and lets go of it.
  if (session.isOpen) session.conversation.drain(RETURN_LIMIT_MS, RETURN_LIMIT_MS).catch(() => {});
  const reset = await resetUsbDevice(info, { clock: session.clock, signal });
  await session.close();
  if (!reset.ok && reset.reason === 'gone') {
    const back = await comeBack(session, info, signal);
    return { ...back, detail: ['it was away', back.detail].filter(Boolean).join('; ') };
  }
  if (!reset.ok) {
    return { outcome: reset.reason === 'denied' ? 'denied' : 'failed', detail: reset.detail };
  }
  return comeBack(session, info, signal);
}

async function replugStep(session: Session, info: ModemInfo, signal: AbortSignal | undefined): Promise<StepResult> {
  if (session.isOpen) session.conversation.drain(RETURN_LIMIT_MS, RETURN_LIMIT_MS).catch(() => {});
  const trouble = await replugVirtual(info, session.clock);
  await session.close();
  const back = await comeBack(session, info, signal);
  const done = trouble ?? 'a virtual modem: unplugged and plugged in again';
  return { ...back, detail: [done, back.detail].filter(Boolean).join('; ') };
}

async function comeBack(session: Session, info: ModemInfo, signal: AbortSignal | undefined): Promise<StepResult> {
  const presence = await waitForModem(info, { deadlineMs: RETURN_LIMIT_MS, clock: session.clock, signal });
  if (presence.kind === 'late') {
    const outcome = presence.stage === 'denied' ? 'denied' : 'failed';
    return { outcome, detail: `it did not come back within ${RETURN_LIMIT_MS / 1000} s (${presence.stage})` };
  }
  await session.reopen(presence.info);
  return proof(session, signal);
}
