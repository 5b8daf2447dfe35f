/** Does the modem answer, and is its firmware one whose faults are known? The only check that speaks to it. */
import { isModemctlError, type ModemctlError } from '../../core/errors.ts';
import { printable } from '../../core/text.ts';
import { type FirmwareReport, inspectFirmware } from '../../modem/inspect.ts';
import type { Session } from '../../modem/session.ts';
import { couldNotLook, type Finding, fail, ok, warn } from './finding.ts';

/** Asks it. The session is not open yet. */
export async function examineFirmware(session: Session): Promise<Finding[]> {
  try {
    await session.open();
    await session.refuseCall();
    return judgeFirmware(await inspectFirmware(session));
  } catch (error) {
    if (isModemctlError(error)) return [whyNotAsked(error, session)];
    throw error;
  }
}

export function judgeFirmware({ family, firmware, faults }: FirmwareReport): Finding[] {
  const answers = ok('answers', 'it answers AT');
  if (firmware === null) return [answers, couldNotLook('firmware', `its chip is ${family.name}, and tells none`)];
  const text = printable(firmware.text).slice(0, 100);
  if (faults.length > 0) {
    return [answers, ...faults.map((fault) => warn('firmware', `${text}: ${fault}`, { remedy: NEWER }))];
  }
  return [answers, ok('firmware', `${text}${firmware.version === null ? '' : ': no fault of it is known'}`)];
}

const NEWER = 'The maker has newer firmware; its flash program runs on Windows.';

function whyNotAsked({ code, message, hint }: ModemctlError, { id }: Session): Finding {
  if (code === 'IN_CALL') return ok('answers', 'a call is up, or it shows carrier always: it was not asked');
  if (code === 'IN_USE') return couldNotLook('answers', 'somebody has taken the modem meanwhile');
  if (code === 'NOT_RESPONDING') {
    return fail('answers', 'it does not answer AT', { remedy: `modemctl reset -d ${id}` });
  }
  // It was there when the looking began: asking it makes it leave the bus, or its plug is loose.
  if (code === 'GONE') return fail('answers', 'it went away when it was asked', { remedy: hint });
  return couldNotLook('answers', message, hint);
}
