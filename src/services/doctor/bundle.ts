/** One text for a bug report, of all that the doctor knows; telephone numbers masked. Nothing of passwords is read in the first place. */
import { join } from 'node:path';
import { maskNumbers } from '../../core/mask.ts';
import { printable } from '../../core/text.ts';
import type { Inspection } from '../../modem/inspect.ts';
import { readAttribute, readBytes } from '../../usb/attribute.ts';
import { toJson } from '../../usb/modem-info.ts';
import { piModel } from '../../usb/pi-board.ts';
import { readUsbDevice } from '../../usb/sysfs.ts';
import { describeDeviceFiles } from './device-files.ts';
import type { Finding } from './finding.ts';
import { kernelLogOf } from './kernel-log.ts';
import type { Patient } from './patient.ts';
import { type DoctorSystem, kernelRelease } from './system.ts';

export interface Case {
  readonly patient: Patient;
  readonly findings: readonly Finding[];
  /** What `info` tells; null: it was not asked. */
  readonly inspection: Inspection | null;
}

export interface BundleParts {
  readonly version: string;
  readonly date: Date;
  readonly system: DoctorSystem;
  readonly machine: readonly Finding[];
  readonly cases: readonly Case[];
}

/** The text, lines ended by line feeds. */
export async function bundleText({ version, date, system, machine, cases }: BundleParts): Promise<string> {
  const lines = [
    `modemctl doctor, ${date.toISOString()}`,
    'Telephone numbers are masked. Look through it before you give it to others.',
    ...section('versions', versions(version, system)),
    ...section('this machine', machine.map(findingLine)),
  ];
  for (const { patient, findings, inspection } of cases) {
    const { id, info, device } = patient;
    lines.push(...section(`modem ${id}`, info === null ? [] : [JSON.stringify(toJson(info))]));
    lines.push(...section(`findings on ${id}`, findings.map(findingLine)));
    if (inspection) lines.push(...section(`info of ${id}`, inspectionLines(inspection)));
    if (device) {
      const hub = device.parentHub === null ? null : readUsbDevice(device.parentHub, system.roots);
      lines.push(...section(`sysfs of ${id}`, describeDeviceFiles(device)));
      if (hub) lines.push(...section(`sysfs of its hub ${hub.port}`, describeDeviceFiles(hub)));
      lines.push(...section(`kernel log of ${id}`, (await kernelLogOf(patient, system)) ?? ['could not be read']));
    }
  }
  return `${lines.map((line) => printable(maskNumbers(line))).join('\n')}\n`;
}

function section(title: string, lines: readonly string[]): string[] {
  return ['', `== ${title}`, ...(lines.length > 0 ? lines : ['nothing'])];
}

function versions(version: string, system: DoctorSystem): string[] {
  const { roots } = system;
  const release = readBytes(join(roots.etc, 'os-release'), 8192)?.toString('utf8') ?? '';
  const told: [string, string | null | undefined][] = [
    ['modemctl', version],
    ['node', `${process.version} ${process.arch}`],
    ['koffi', system.hasKoffi ? 'installed' : 'not installed'],
    ['kernel', kernelRelease(system)],
    ['kernel build', readAttribute(join(roots.proc, 'sys/kernel/version'))],
    ['system', /^PRETTY_NAME="?([^"\n]*)/m.exec(release)?.[1]],
    ['board', piModel(system.roots)],
  ];
  return told.flatMap(([name, value]) => (value ? [`${name}: ${value}`] : []));
}

function findingLine({ check, verdict, text, remedy }: Finding): string {
  return `${verdict.padEnd(7)} ${check}: ${text}${remedy === null ? '' : ` -> ${remedy}`}`;
}

function inspectionLines({ family, firmware, faults, capabilities, registers, screens }: Inspection): string[] {
  return [
    `family: ${family.id}`,
    `firmware: ${firmware?.text ?? 'not told'}`,
    ...faults.map((fault) => `fault: ${fault}`),
    ...capabilities.map(({ command, lines, result }) => `${command}: ${lines.join(' | ')} ${result}`),
    `S-registers: ${Object.entries(registers)
      .map(([number, value]) => `S${number}=${value}`)
      .join(' ')}`,
    ...screens.flatMap(({ command, lines }) => lines.map((line) => `${command}: ${maskStored(line)}`)),
  ];
}

/** What could be a dial string: without blanks, so that columns of numbers stay. */
const DIALLABLE = /[0-9*#(),W@-]{6,}/g;
const SHORTEST_NUMBER = 6;

/** The screens show numbers that are stored in the modem, and the last one dialled, without a label that all chips share: whatever could be one is masked. */
function maskStored(line: string): string {
  const labelled = line.replace(
    /((?:&Z|\bZ|STORED|PHONE|TELEPHONE|DIAL)[^:=]{0,30}[:=]\s*)(.*)$/i,
    (_whole, label: string, value: string) => label + value.replace(/\d/g, '*'),
  );
  return labelled.replace(DIALLABLE, (text) =>
    text.replace(/\D/g, '').length < SHORTEST_NUMBER ? text : text.replace(/\d/g, '*'),
  );
}
