/** Asks a modem who it is and what it can do: only questions that are safe on its chip. */
import { parseAtCommand } from '../at/command-line.ts';
import { toJson } from '../usb/modem-info.ts';
import type { ChipFamily } from './families/family.ts';
import { isOlder } from './families/index.ts';
import { askFor, identify } from './initialise.ts';
import type { Session } from './session.ts';

export interface InquiryReport {
  /** As sent, with AT. */
  readonly command: string;
  readonly about: string;
  readonly lines: readonly string[];
  /** `OK`, `ERROR`, ... */
  readonly result: string;
}

export interface Inspection {
  readonly family: ChipFamily;
  /** What the firmware's screen says, and its version; null where it is not known how to find it. */
  readonly firmware: { readonly text: string; readonly version: string | null } | null;
  /** What this firmware cannot do. */
  readonly faults: readonly string[];
  readonly capabilities: readonly InquiryReport[];
  /** S-registers by number; those that the modem refuses are left out. */
  readonly registers: Readonly<Record<number, number>>;
  readonly screens: readonly InquiryReport[];
}

/** Those that matter for calls: V.250 6.3.8 to 6.3.12, the escape character and its guard time. */
const REGISTERS = [0, 2, 3, 4, 5, 6, 7, 8, 10, 12];

export interface InspectOptions {
  /** Called before each question. */
  readonly onQuestion?: (about: string) => void;
  /** Called once, with all that was found, also when the modem stopped answering. */
  readonly onFound?: (found: Inspection) => void;
}

type Asker = (command: string, about: string) => Promise<InquiryReport>;

/** What the firmware is, and what it cannot do. */
export type FirmwareReport = Pick<Inspection, 'family' | 'firmware' | 'faults'>;

/**
 * Asks for chip family and firmware only.
 * @throws ModemctlError NOT_RESPONDING, GONE
 */
export async function inspectFirmware(session: Session): Promise<FirmwareReport> {
  const family = await identify(session);
  const firmware = await readFirmware(family, askerOf(session));
  return { family, firmware, faults: faultsOf(family, firmware?.version ?? null) };
}

/**
 * Asks everything. A modem that leaves one question unanswered is not asked the others.
 * @throws ModemctlError NOT_RESPONDING, GONE
 */
export async function inspect(session: Session, { onQuestion, onFound }: InspectOptions = {}): Promise<Inspection> {
  onQuestion?.('chip family');
  const family = await identify(session);
  const found = { family, firmware: null as Inspection['firmware'], faults: [] as readonly string[], ...nothingYet() };
  const ask = askerOf(session, onQuestion);
  try {
    found.firmware = await readFirmware(family, ask);
    found.faults = faultsOf(family, found.firmware?.version ?? null);
    for (const { command, about } of family.capabilities) found.capabilities.push(await ask(command, about));
    for (const number of REGISTERS) {
      const { lines, result } = await ask(`S${number}?`, 'S-registers');
      const value = Number(lines[0]?.trim());
      if (result === 'OK' && lines[0] !== undefined && Number.isInteger(value)) found.registers[number] = value;
    }
    for (const { command, about } of family.screens) found.screens.push(await ask(command, about));
  } finally {
    onFound?.(found);
  }
  return found;
}

/** As `info --json` tells it. */
export function inspectionFields({ info, id, tty }: Session, found: Inspection): Record<string, unknown> {
  return {
    modem: id,
    tty,
    identity: info ? toJson(info) : null,
    family: { id: found.family.id, name: found.family.name },
    firmware: found.firmware,
    faults: found.faults,
    capabilities: found.capabilities,
    registers: found.registers,
    screens: found.screens,
  };
}

function askerOf(session: Session, onQuestion?: (about: string) => void): Asker {
  return async (command, about) => {
    onQuestion?.(about);
    const { lines, result } = await askFor(session, parseAtCommand(`AT${command}`));
    return { command: `AT${command}`, about, lines, result };
  };
}

function nothingYet(): { capabilities: InquiryReport[]; registers: Record<number, number>; screens: InquiryReport[] } {
  return { capabilities: [], registers: {}, screens: [] };
}

async function readFirmware(family: ChipFamily, ask: Asker): Promise<Inspection['firmware']> {
  if (!family.firmware) return null;
  const { lines } = await ask(family.firmware.command, 'firmware');
  const text = lines.join(' ').trim();
  if (text === '') return null;
  return { text, version: family.firmware.pattern.exec(text)?.[1] ?? null };
}

function faultsOf(family: ChipFamily, version: string | null): string[] {
  if (version === null) return [];
  return family.firmwareFaults
    .filter(({ below }) => isOlder(version, below))
    .map(({ below, fault }) => `${fault} (cured in ${below})`);
}
