/**
 * How often a modem's power was switched, written down for all processes: one that needs it more than three times an hour is past help, and each time whatever shares the switch loses power too. Times are
 * the machine's uptime, which no clock that is set changes.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { ModemctlError } from '../../core/errors.ts';
import { makeOwnFolder, runtimeFolder, systemFolder } from '../../core/runtime-folder.ts';

export const MOST_AN_HOUR = 3;
const HOUR_S = 3600;

export interface PowerLogOptions {
  readonly folder?: string;
  /** Seconds since the machine started. */
  readonly uptime?: () => number;
}

/**
 * Writes down one more. The caller has the modem's lock where there is a modem, so that two do not count at once.
 * @returns false: it was done three times within the last hour, and is not to be done now
 * @throws ModemctlError DENIED: it cannot be written down
 */
export function countPowerCycle(id: string, virtual: boolean, options: PowerLogOptions = {}): boolean {
  const folder = options.folder ?? (virtual ? null : systemFolder()) ?? runtimeFolder();
  const { uptime: now = uptime } = options;
  makeOwnFolder(folder);
  const path = join(folder, `${id.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '')}.power`);
  const at = now();
  const recent = read(path).filter((time) => time <= at && at - time < HOUR_S);
  if (recent.length >= MOST_AN_HOUR) return false;
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, [...recent, at].map((time) => `${time}\n`).join(''), { mode: 0o600 });
    renameSync(draft, path);
  } catch (cause) {
    throw new ModemctlError('DENIED', `how often power was switched cannot be written to ${path}`, { cause });
  }
  return true;
}

function read(path: string): number[] {
  try {
    const lines = readFileSync(path, 'latin1').slice(0, 4096).split('\n').filter(Boolean);
    return lines.map(Number).filter(Number.isFinite);
  } catch {
    return [];
  }
}
