/**
 * The last step of the ladder that is taken unasked: a lost driver bound again, else a USB reset. The reset is done while our descriptor is open, and the descriptor left at once: closing first can take half a minute on a stalled
 * modem, closing late gives it another tty number (both measured on cdc_acm).
 */

import { bindDriver } from '../usb/bind.ts';
import type { ModemInfo } from '../usb/modem-info.ts';
import { resetUsbDevice } from '../usb/reset.ts';
import { isPlugged } from '../usb/still-there.ts';
import { askVirtual } from '../usb/virtual-control.ts';
import { comeBack, RETURN_LIMIT_MS } from './come-back.ts';
import type { StepResult } from './proof.ts';
import type { Session } from './session.ts';

export async function usbStep(session: Session, signal: AbortSignal | undefined): Promise<StepResult> {
  const { info } = session;
  if (!info)
    return { outcome: 'skipped', detail: session.place ? 'it is away' : `${session.tty} belongs to no USB device` };
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
  const wasPlugged = isPlugged(info);
  const reset = await resetUsbDevice(info, { clock: session.clock, signal });
  await session.close();
  if (!reset.ok && reset.reason === 'gone') {
    const back = await comeBack(session, info, signal);
    // The kernel lets go of one that cannot be spoken to after its reset (usb_reset_and_verify_device, drivers/usb/core/hub.c).
    if (!wasPlugged) return notReset('it was away', back);
    return { ...back, detail: ['it left the bus with its reset', back.detail].filter(Boolean).join('; ') };
  }
  if (!reset.ok) {
    return { outcome: reset.reason === 'denied' ? 'denied' : 'failed', detail: reset.detail };
  }
  return comeBack(session, info, signal);
}

async function replugStep(session: Session, info: ModemInfo, signal: AbortSignal | undefined): Promise<StepResult> {
  if (session.isOpen) session.conversation.drain(RETURN_LIMIT_MS, RETURN_LIMIT_MS).catch(() => {});
  const trouble = await askVirtual(info.control, 'replug', session.clock);
  await session.close();
  const back = await comeBack(session, info, signal);
  if (trouble !== null) return notReset(trouble, back);
  return {
    ...back,
    detail: ['a virtual modem: unplugged and plugged in again', back.detail].filter(Boolean).join('; '),
  };
}

/** It may have come back by itself, or by somebody's hand. */
function notReset(why: string, back: StepResult): StepResult {
  const detail = [why, back.detail].filter(Boolean).join('; ');
  return { outcome: back.outcome === 'answered' ? 'answered' : 'skipped', detail };
}
