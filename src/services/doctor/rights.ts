/** May this user speak to the modem (its tty), and reset it (its usbfs node)? */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { judgeTty } from '../../usb/modem-state.ts';
import { readTtyFacts, ttyAccess } from '../../usb/tty-facts.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import type { Patient } from './patient.ts';
import type { DoctorSystem } from './system.ts';

const SETUP = { remedy: 'sudo modemctl setup', fix: { kind: 'rules' } } as const;

export function examineRights(patient: Patient, system: DoctorSystem): Finding[] {
  const { tty, info } = patient;
  const found: Finding[] = [];
  if (tty !== null) found.push(...ttyRights(tty, system));
  if (info === null || info.virtual || info.kind === 'softmodem') return found;
  if (info.usbfsNode !== null) found.push(usbRights(info.usbfsNode));
  if (system.rules === 'absent') {
    found.push(warn('udevRules', 'the udev rules of modemctl are not installed: only root can reset it', SETUP));
  } else if (system.rules === 'outdated') {
    found.push(warn('udevRules', 'the udev rules of modemctl are of another version, or know not all modems', SETUP));
  } else {
    found.push(ok('udevRules', 'the udev rules of modemctl are installed'));
  }
  return found;
}

function ttyRights(tty: string, { roots, isRoot, user }: DoctorSystem): Finding[] {
  const facts = readTtyFacts(tty, roots);
  // A node that is not there is the driver's business.
  if (facts.access === 'missing') return [];
  if (facts.access === 'denied') {
    const { reason, remedy } = judgeTty(facts, []);
    return [fail('rights', reason ?? `no right to open ${tty}`, { remedy })];
  }
  if (!isRoot) return [ok('rights', `you may open ${tty}`)];
  if (user === null || user === 'root') return [ok('rights', `root may open ${tty}`)];
  const group = groupOf(tty, roots.etc);
  if (group === null || group.members.includes(user)) return [ok('rights', `root and ${user} may open ${tty}`)];
  const text = `${user}, who called sudo, may not open ${tty} without it`;
  return [warn('rights', text, { remedy: `sudo usermod -aG ${group.name} ${user}   # then log in again` })];
}

function usbRights(node: string): Finding {
  const access = ttyAccess(node);
  if (access === 'ok') return ok('resetRights', `it may be reset (${node})`);
  if (access === 'missing') {
    return warn('resetRights', `its node ${node} does not exist, so it cannot be reset`, {
      remedy: 'sudo udevadm trigger --subsystem-match=usb',
    });
  }
  return warn('resetRights', `no right to reset it (${node})`, SETUP);
}

/** The group that a node belongs to, with those who are in it by /etc/group; null where that says nothing. */
function groupOf(path: string, etc: string): { name: string; members: string[] } | null {
  try {
    const { gid } = statSync(path);
    for (const line of readFileSync(join(etc, 'group'), 'utf8').split('\n')) {
      const [name, , number, members = ''] = line.split(':');
      if (name && gid !== 0 && Number(number) === gid) return { name, members: members.split(',') };
    }
  } catch {
    // Nobody can say.
  }
  return null;
}
