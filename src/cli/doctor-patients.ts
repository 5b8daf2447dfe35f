/** Whom the doctor looks at: the modem that is meant, else all that are plugged in. */
import { isModemctlError, type ModemctlError } from '../core/errors.ts';
import { systemRoots } from '../core/system-roots.ts';
import { bareSerialDevice, type Patient, patientOf } from '../services/doctor/patient.ts';
import { listModems } from '../usb/list-modems.ts';
import { noModemFound } from './commands/detect.ts';
import type { Context } from './context.ts';
import { selectTarget } from './select.ts';

export interface Patients {
  readonly list: readonly Patient[];
  /** Why there is none; the machine is looked at all the same. */
  readonly trouble: ModemctlError | null;
}

/** @throws ModemctlError USAGE, DENIED */
export async function findPatients(context: Context): Promise<Patients> {
  const { clock, signal, common } = context;
  if (common.device === undefined) {
    const modems = (await listModems({ clock, signal })).filter(({ isModem }) => isModem);
    const list = modems.map((info) => patientOf(info, systemRoots));
    return { list, trouble: list.length > 0 ? null : await noModemFound(context) };
  }
  try {
    const target = await selectTarget(context);
    const patient = target.kind === 'modem' ? patientOf(target.info, systemRoots) : bareSerialDevice(target.tty);
    return { list: [patient], trouble: null };
  } catch (error) {
    if (isModemctlError(error, 'NO_MODEM') || isModemctlError(error, 'AMBIGUOUS')) return { list: [], trouble: error };
    throw error;
  }
}
