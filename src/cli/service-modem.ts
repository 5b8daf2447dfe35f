/** The modem of a service: by a name that lasts, and what stands in its way now. */
import { isModemctlError, ModemctlError } from '../core/errors.ts';
import { shellWord } from '../core/shell-word.ts';
import { systemRoots } from '../core/system-roots.ts';
import { examineGetty } from '../services/doctor/getty.ts';
import { patientOf } from '../services/doctor/patient.ts';
import { thisSystem } from '../services/doctor/system.ts';
import { unitOf } from '../tty/process-unit.ts';
import type { ModemInfo } from '../usb/modem-info.ts';
import type { Context } from './context.ts';
import { selectTarget } from './select.ts';

export interface ServiceModem {
  /** Null: the only one there is, or all. */
  readonly selector: string | null;
  /** For people. */
  readonly notes: readonly string[];
}

/**
 * @param needs what no selector means
 * @throws ModemctlError AMBIGUOUS, UNUSABLE, USAGE
 */
export async function serviceModem(context: Context, needs: 'one' | 'all'): Promise<ServiceModem> {
  const selector = namedModem(context);
  if (selector === null && needs === 'all') return { selector: null, notes: [] };
  try {
    const target = await selectTarget(context, { holders: true });
    if (target.kind === 'tty') return { selector, notes: [] };
    const { info } = target;
    if (info.virtual) {
      throw new ModemctlError('USAGE', `${info.id} is a virtual modem, which is not there at boot`, {
        hint: 'See which modems there are: modemctl detect',
      });
    }
    const obstacles = await inTheWay(context, info);
    if (selector === null || !selector.includes('/')) return { selector, notes: obstacles };
    // What is ttyACM0 today is another modem tomorrow.
    return {
      selector: info.id,
      notes: [`${selector} is the modem at USB port ${info.id}: that is what is kept`, ...obstacles],
    };
  } catch (error) {
    if (!isModemctlError(error, 'NO_MODEM')) throw error;
    return { selector, notes: [`${error.message}; the service waits for it`] };
  }
}

/** The selector that was typed, or is in the environment, which the service will not have. What the configuration says, the service reads itself. */
export function namedModem({ common: { device, deviceFrom } }: Context): string | null {
  const isNamed = deviceFrom === 'option' || deviceFrom === 'MODEMCTL_DEVICE';
  return isNamed && device !== undefined ? device : null;
}

/** Who has it, and who will take it. */
async function inTheWay({ world, clock, signal }: Context, info: ModemInfo): Promise<string[]> {
  const holders = info.heldBy
    .filter(({ pid }) => !/^modemctl-(answer|watch)/.test(unitOf(pid) ?? ''))
    .map(({ pid, command }) => {
      const unit = unitOf(pid);
      const stop = unit === null ? `sudo kill ${pid}` : `sudo systemctl disable --now ${shellWord(unit)}`;
      return `${command} (pid ${pid}) has the modem; the service waits for it: ${stop}`;
    });
  const system = thisSystem({ env: world.env, clock, signal, rules: 'current', hasKoffi: true });
  const logins = examineGetty(patientOf(info, systemRoots), system)
    .filter(({ verdict }) => verdict !== 'ok')
    .map(({ text, remedy }) => (remedy === null ? text : `${text}: ${remedy}`));
  return [...holders, ...logins];
}
