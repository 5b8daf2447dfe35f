/** Has the kernel its driver, and did the driver take the modem? */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { listFolder, readBytes } from '../../usb/attribute.ts';
import { needsNewId } from '../../usb/modem-state.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import type { Patient } from './patient.ts';
import { type DoctorSystem, kernelRelease } from './system.ts';

/** modules.dep of a Debian kernel has half a megabyte. */
const MAX_LIST = 4 * 1024 * 1024;

export function examineDriver({ info, device }: Patient, system: DoctorSystem): Finding[] {
  if (info === null) return [];
  // A virtual modem has no driver; a virtual winmodem has no tty either.
  if (device === null) return info.usable ? [] : [fail('driver', info.reason ?? 'it has no tty', info)];
  const { state, reason, remedy, driver, tty, row, kind } = info;
  if (info.usable) {
    const found = [ok('driver', `driver ${driver ?? '?'} made ${tty}`)];
    if (driver === 'cdc_acm' && needsNewId(device)) {
      found.push(warn('quirk', 'it works because its id was written to new_id, which the next boot forgets'));
    }
    return found;
  }
  // Refused for power: that is told by the check of power.
  if (state === 'no-power') return [];
  const text = reason ?? 'Linux made no tty of it';
  if (kind === 'softmodem') return [fail('driver', text, { remedy })];
  const wanted = row?.driver ?? 'cdc_acm';
  const missing = isLoaded(wanted, system) ? null : missingModule(wanted, system);
  if (missing) return [missing];
  return [fail(state === 'no-driver' && needsNewId(device) ? 'quirk' : 'driver', text, { remedy })];
}

function isLoaded(module: string, { roots }: DoctorSystem): boolean {
  return listFolder(join(roots.sys, 'bus/usb/drivers')).includes(module);
}

/** Why the module cannot be loaded; null: it can, or nobody knows. */
function missingModule(module: string, system: DoctorSystem): Finding | null {
  const release = kernelRelease(system);
  if (release === null || !existsSync(system.roots.modules)) return null;
  const folder = join(system.roots.modules, release);
  if (!existsSync(folder)) {
    const text = `the modules of the running kernel ${release} are not there, as after an upgrade`;
    return fail('driver', text, { remedy: 'sudo reboot' });
  }
  const listed = ['modules.dep', 'modules.builtin'].map((name) => readBytes(join(folder, name), MAX_LIST));
  if (listed.every((bytes) => bytes === null)) return null;
  // Files are called with dashes, drivers with underscores, or either.
  const file = new RegExp(`/${module.replaceAll('_', '[-_]')}\\.ko`);
  if (listed.some((bytes) => bytes !== null && file.test(bytes.toString('latin1')))) return null;
  return fail('driver', `this kernel (${release}) was built without the driver ${module}`, {
    remedy: 'Boot a kernel of your distribution: Debian and Raspberry Pi OS have the driver.',
  });
}
