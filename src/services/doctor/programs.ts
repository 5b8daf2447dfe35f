/** What modemctl leaves to others: PPP, file transfer, and the package that reaches every circuit. */
import { join } from 'node:path';
import { readBytes } from '../../usb/attribute.ts';
import { couldNotLook, type Finding, ok, warn } from './finding.ts';
import type { DoctorSystem } from './system.ts';

export async function examinePrograms(system: DoctorSystem): Promise<Finding[]> {
  const found: Finding[] = [];
  const pppd = system.lookUp('pppd');
  if (pppd === 'there') found.push(ok('pppd', 'pppd is there, for --ppp'), await kernelPpp(system));
  else if (pppd === 'denied') found.push(warn('pppd', 'no right to run pppd: --ppp needs it', { remedy: JOIN_DIP }));
  else found.push(warn('pppd', 'no pppd: --ppp will not work', { remedy: 'sudo apt install ppp' }));
  found.push(
    system.lookUp('sz') === 'there' && system.lookUp('rz') === 'there'
      ? ok('lrzsz', 'lrzsz is there, for files by ZMODEM')
      : warn('lrzsz', 'no lrzsz: term and dial cannot send or receive files', { remedy: 'sudo apt install lrzsz' }),
  );
  if (!system.hasKoffi) {
    const text = 'the optional package koffi is missing: some circuits, and virtual modems, are out of reach';
    found.push(warn('koffi', text, { remedy: 'npm install -g koffi' }));
  }
  return found;
}

/** Debian's pppd is for root and the group dip. */
const JOIN_DIP = 'sudo usermod -aG dip "$USER"   # then log in again';

/** PPP on a tty is a line discipline, which the kernel loads when it is asked for it. */
async function kernelPpp(system: DoctorSystem): Promise<Finding> {
  const disciplines = readBytes(join(system.roots.proc, 'tty/ldiscs'), 4096)?.toString('latin1') ?? '';
  if (/^n?_?ppp\b/m.test(disciplines)) return ok('kernelPpp', 'the kernel has PPP');
  const probed = await system.run('modprobe', ['-nq', 'ppp_async']);
  if (probed.kind !== 'ended') return couldNotLook('kernelPpp', 'modprobe does not tell whether there is PPP');
  if (probed.code === 0) return ok('kernelPpp', 'the kernel has PPP, and loads it when it is needed');
  return warn('kernelPpp', 'this kernel has no PPP: --ppp will not work', { remedy: 'sudo modprobe ppp_async' });
}
