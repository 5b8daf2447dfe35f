/** The whole examination. No check can spoil another: what goes wrong in one is that it could not look. */

import { examineBoard, examineSplits } from './board.ts';
import { examineBrltty, examineModemManager } from './daemons.ts';
import { examineDriver } from './driver.ts';
import { couldNotLook, type Finding } from './finding.ts';
import { examineGetty } from './getty.ts';
import { examineHolders } from './holders.ts';
import { examineLocks } from './locks.ts';
import type { Patient } from './patient.ts';
import { examinePower } from './power.ts';
import { examinePrograms } from './programs.ts';
import { examineRights } from './rights.ts';
import type { DoctorSystem } from './system.ts';

type Found = Finding[] | Promise<Finding[]>;

const OF_A_MODEM: Readonly<Record<string, (patient: Patient, system: DoctorSystem) => Found>> = {
  driver: examineDriver,
  power: examinePower,
  rights: examineRights,
  holders: examineHolders,
  getty: examineGetty,
  modemManager: examineModemManager,
  brltty: examineBrltty,
  splits: examineSplits,
};

const OF_THE_MACHINE: Readonly<Record<string, (system: DoctorSystem) => Found>> = {
  board: examineBoard,
  locks: examineLocks,
  programs: examinePrograms,
};

/** What there is around one modem. Nothing is sent to it, and its tty is not opened. */
export function examineModem(patient: Patient, system: DoctorSystem): Promise<Finding[]> {
  return all(OF_A_MODEM, (examine) => examine(patient, system));
}

/** What is the same for all modems here. */
export function examineMachine(system: DoctorSystem): Promise<Finding[]> {
  return all(OF_THE_MACHINE, (examine) => examine(system));
}

async function all<T>(checks: Readonly<Record<string, T>>, make: (check: T) => Found): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const [name, check] of Object.entries(checks)) {
    try {
      found.push(...(await make(check)));
    } catch (error) {
      found.push(couldNotLook(name, error instanceof Error ? error.message : String(error)));
    }
  }
  return found;
}
