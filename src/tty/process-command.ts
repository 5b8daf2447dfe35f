/** What a process is called, for people: "held by 812 (pppd)". */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The short name of a process (`/proc/PID/comm`, at most 15 characters), or `?`. A process chooses its name itself, so anything unprintable in it is replaced.
 */
export function commandOf(pid: number, proc = '/proc'): string {
  try {
    const name = readFileSync(join(proc, String(pid), 'comm'), 'utf8')
      .slice(0, 64)
      .trimEnd();
    return name.replace(/[^\x20-\x7e]/g, '?') || '?';
  } catch {
    return '?';
  }
}
