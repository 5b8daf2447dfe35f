/** Who has the modem. */
import { basename } from 'node:path';
import { shellWord } from '../../core/shell-word.ts';
import { findHolders, type Holder, OURS } from '../../tty/holders.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import type { Patient } from './patient.ts';
import { serviceOf } from './processes.ts';
import type { DoctorSystem } from './system.ts';

/** They write "login:" to whatever is there, and take what the modem answers for a name. */
const GETTIES: ReadonlySet<string> = new Set(['agetty', 'getty', 'login']);

export function holdersOf({ info, tty }: Patient, { roots }: DoctorSystem): readonly Holder[] {
  if (info !== null) return info.heldBy as readonly Holder[];
  return tty === null ? [] : findHolders(tty, { roots });
}

export function examineHolders(patient: Patient, system: DoctorSystem): Finding[] {
  if (patient.tty === null) return [];
  const found = holdersOf(patient, system).map((holder) => judge(holder, patient.tty ?? '', system));
  if (found.length > 0) return found;
  const others = system.isRoot ? '' : ', as far as can be seen without root';
  return [ok('holders', `nobody has it open${others}`)];
}

function judge({ pid, command, waiting }: Holder, tty: string, system: DoctorSystem): Finding {
  const who = `${command} (pid ${pid})`;
  const service = serviceOf(pid, system);
  if (command === OURS) {
    const as = service === null ? '' : `, as ${service},`;
    return ok('holders', `${who}${as} has it; other commands borrow it from answer and watch`);
  }
  if (waiting) return ok('holders', `${who} waits for calls on it, and lets others use it meanwhile`);
  if (GETTIES.has(command)) {
    return fail('holders', `${who} asks the modem for a login, which it cannot give`, {
      remedy: `sudo systemctl disable --now ${shellWord(service ?? `serial-getty@${basename(tty)}.service`)}`,
    });
  }
  return warn('holders', `${who} has it; nobody else can use it until then`, {
    remedy: service === null ? `sudo kill ${pid}` : `sudo systemctl stop ${shellWord(service)}`,
  });
}
