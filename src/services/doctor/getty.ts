/** Is the system set up to put a login, or the kernel's console, on the modem's tty? */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { listFolder, readAttribute, readBytes } from '../../usb/attribute.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import type { Patient } from './patient.ts';
import type { DoctorSystem } from './system.ts';

export function examineGetty({ tty, info }: Patient, { roots }: DoctorSystem): Finding[] {
  if (tty === null || info?.virtual) return [];
  const name = basename(tty);
  const found: Finding[] = [];
  const consoles = readAttribute(join(roots.proc, 'cmdline'))?.split(/\s+/) ?? [];
  if (consoles.some((word) => word === `console=${name}` || word.startsWith(`console=${name},`))) {
    const text = `the kernel writes its messages to ${name} (console=${name} on its command line)`;
    found.push(
      fail('getty', text, { remedy: `Take console=${name} out of the boot loader's settings, and boot again.` }),
    );
  }
  const units = join(roots.etc, 'systemd/system');
  const service = `serial-getty@${name}.service`;
  const wanted = listFolder(units).filter((folder) => folder.endsWith('.wants'));
  if (wanted.some((folder) => isThere(join(units, folder), service))) {
    const text = `the system starts a login (${service}) on whatever is ${name}`;
    found.push(warn('getty', text, { remedy: `sudo systemctl disable --now ${service}` }));
  }
  const inittab = readBytes(join(roots.etc, 'inittab'), 65_536)?.toString('latin1') ?? '';
  const line = inittab.split('\n').find((text) => !text.startsWith('#') && new RegExp(`\\b${name}\\b`).test(text));
  // mgetty and its kin answer calls, and wait without disturbing anybody.
  if (line !== undefined && !/\b(m|v|fax)getty\b/.test(line)) {
    found.push(warn('getty', `/etc/inittab puts a login on ${name}`, { remedy: 'sudoedit /etc/inittab' }));
  }
  return found.length > 0 ? found : [ok('getty', `no login is set up on ${name}`)];
}

/** A unit that is wanted is a link, whose target may be gone. */
function isThere(folder: string, name: string): boolean {
  return existsSync(join(folder, name)) || listFolder(folder).includes(name);
}
