/** Daemons that take any serial device for one of theirs: ModemManager and brltty. */
import { join } from 'node:path';
import { listFolder, readAttribute, readBytes } from '../../usb/attribute.ts';
import type { UsbDevice } from '../../usb/sysfs.ts';
import { couldNotLook, type Finding, fail, ok, warn } from './finding.ts';
import type { Patient } from './patient.ts';
import { commandLineOf, processesNamed } from './processes.ts';
import type { DoctorSystem } from './system.ts';

/** Since 1.14 ModemManager leaves a lone ttyACM alone unless told otherwise (its commit 15543794, "'strict' is the new default"). */
const STRICT_SINCE = [1, 14] as const;
const SETUP = { remedy: 'sudo modemctl setup', fix: { kind: 'rules' } } as const;

export async function examineModemManager({ info, device }: Patient, system: DoctorSystem): Promise<Finding[]> {
  if (info === null || device === null || info.tty === null) return [];
  const [pid] = processesNamed('ModemManager', system);
  if (pid === undefined) return [ok('modemManager', 'ModemManager does not run')];
  const known = propertiesOf(device, system);
  if (known.get('ID_MM_DEVICE_IGNORE') === '1') {
    return [ok('modemManager', 'ModemManager runs, and is told to leave it alone')];
  }
  if (known.get('ID_MM_DEVICE_PROCESS') === '1') {
    return [warn('modemManager', 'a udev rule tells ModemManager to use this modem', SETUP)];
  }
  const policy = filterPolicy(commandLineOf(pid, system));
  if (policy !== null && policy !== 'strict') {
    return [warn('modemManager', `ModemManager runs with --filter-policy=${policy}, and sends AT to any tty`, SETUP)];
  }
  const told = await system.run('ModemManager', ['--version']);
  const version = told.kind === 'ended' ? /\b(\d+)\.(\d+)(?:\.\d+)*/.exec(told.stdout) : null;
  if (!version) return [couldNotLook('modemManager', 'ModemManager runs, and does not tell its version', SETUP.remedy)];
  const [text, major, minor] = version;
  if (Number(major) > STRICT_SINCE[0] || (Number(major) === STRICT_SINCE[0] && Number(minor) >= STRICT_SINCE[1])) {
    return [ok('modemManager', `ModemManager ${text} runs, and leaves a lone ttyACM alone by itself`)];
  }
  return [warn('modemManager', `ModemManager ${text} sends AT to any new tty (those before 1.14 do)`, SETUP)];
}

/** `--filter-policy=strict`, or its value as the next word. */
function filterPolicy(words: readonly string[]): string | null {
  for (const [at, word] of words.entries()) {
    const [, value] = /^--filter-policy(?:=(.*))?$/i.exec(word) ?? [];
    if (value !== undefined) return value.toLowerCase();
    if (word.toLowerCase() === '--filter-policy') return words[at + 1]?.toLowerCase() ?? null;
  }
  return null;
}

/** What udev knows of a device: its database has a file by the node's number (`/run/udev/data/c189:3`). */
function propertiesOf({ path }: UsbDevice, { roots }: DoctorSystem): Map<string, string> {
  const number = readAttribute(join(path, 'dev'));
  const text = number === null ? null : readBytes(join(roots.run, 'udev/data', `c${number}`), 65_536);
  const lines = text?.toString('utf8').split('\n') ?? [];
  const pairs = lines.map((line) => /^E:([^=]+)=(.*)$/.exec(line)).filter((match) => match !== null);
  return new Map(pairs.map(([, name = '', value = '']) => [name, value]));
}

export function examineBrltty({ device }: Patient, system: DoctorSystem): Finding[] {
  if (device === null) return [];
  const runs = processesNamed('brltty', system).length > 0;
  if (runs && device.interfaces.some(({ driver }) => driver === 'usbfs')) {
    return [fail('brltty', 'brltty has taken it for a Braille display', { remedy: 'sudo apt remove brltty' })];
  }
  if (!takesIt(device, system))
    return [ok('brltty', runs ? 'brltty runs, and does not want it' : 'brltty does not run')];
  return [
    warn('brltty', 'a rule of brltty takes its USB id for a Braille display', { remedy: 'sudo apt remove brltty' }),
  ];
}

/** Its rules name devices as the kernel does: `403/6001/*`, without leading zeros. */
function takesIt({ vendorId, productId }: UsbDevice, { roots }: DoctorSystem): boolean {
  const short = (id: string) => id.replace(/^0+(?=.)/, '');
  const wanted = `"${short(vendorId)}/${short(productId)}/`;
  return [roots.packagedRules, join(roots.etc, 'udev/rules.d')].some((folder) =>
    listFolder(folder)
      .filter((name) => /brltty.*\.rules$/.test(name))
      .map((name) => readBytes(join(folder, name), 1024 * 1024)?.toString('latin1') ?? '')
      .some((text) => text.split('\n').some((line) => !line.startsWith('#') && line.includes(wanted))),
  );
}
