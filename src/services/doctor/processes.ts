/** Processes by name, and what started them. */
import { join } from 'node:path';
import { commandOf } from '../../tty/process-command.ts';
import { listFolder, readBytes } from '../../usb/attribute.ts';
import type { DoctorSystem } from './system.ts';

/** Those that are called so (`/proc/PID/comm`, at most 15 characters). */
export function processesNamed(name: string, { roots }: DoctorSystem): number[] {
  return listFolder(roots.proc)
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => commandOf(pid, roots.proc) === name);
}

/** The words of its command line; empty where they cannot be read. */
export function commandLineOf(pid: number, { roots }: DoctorSystem): string[] {
  const bytes = readBytes(join(roots.proc, String(pid), 'cmdline'), 4096);
  return bytes === null ? [] : bytes.toString('utf8').split('\0').filter(Boolean);
}

/** The system service it belongs to: `callattendant.service`; null: none. */
export function serviceOf(pid: number, { roots }: DoctorSystem): string | null {
  const text = readBytes(join(roots.proc, String(pid), 'cgroup'), 4096)?.toString('latin1') ?? '';
  // Not of a user's own manager: systemctl needs other words there, and a login session is nothing to be stopped.
  return /:\/system\.slice\/(?:[\w@.\\:-]+\/)*([\w@.\\:-]+\.service)$/m.exec(text)?.[1] ?? null;
}
