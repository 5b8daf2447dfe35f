/** A modem that has left its place, for the one step that can bring it back: its port is known, or the virtual modem's name. */
import { isModemctlError } from '../core/errors.ts';
import { listVirtualModems } from '../core/virtual-registry.ts';
import type { SessionTarget } from '../modem/session.ts';
import { namedBy } from '../usb/selector.ts';
import { isPortPath, readUsbIdentity } from '../usb/sysfs.ts';
import type { Context } from './context.ts';
import { selectTarget } from './select.ts';

/**
 * The modem that is meant, or its empty place.
 * @throws ModemctlError as {@link selectTarget}
 */
export async function presentOrAbsent(
  context: Context,
  options: { readonly holders: boolean },
): Promise<SessionTarget> {
  try {
    const target = await selectTarget(context, { forRepair: true, ...options });
    return target.kind === 'modem' ? { info: target.info } : { info: null, tty: target.tty };
  } catch (error) {
    const { device } = context.common;
    if (device === undefined || !isModemctlError(error, 'NO_MODEM')) throw error;
    const place = namedBy(device, [], context.configured.named)?.port ?? device;
    if (!isEmptyPlace(place)) throw error;
    return { info: null, tty: null, place };
  }
}

/** Another device's port is none: its power is not to be switched by mistake. */
function isEmptyPlace(id: string): boolean {
  if (isPortPath(id)) return readUsbIdentity(id) === null;
  return listVirtualModems().some(({ name, plugged }) => name === id && !plugged);
}
