/** Which service of systemd's a process belongs to. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `/system.slice/callattendant.service`; also with a group of its own below. What a user's own systemd runs is not the system's to stop. */
const SERVICE =
  /^\d+:(?:name=systemd)?:\/system\.slice\/(?:[^/\n]+\.slice\/)*([A-Za-z0-9:_.\\@-]{1,255}\.service)(?:\/|$)/m;

/** Null: none, or nobody can tell. */
export function unitOf(pid: number, proc = '/proc'): string | null {
  try {
    return SERVICE.exec(readFileSync(join(proc, String(pid), 'cgroup'), 'utf8'))?.[1] ?? null;
  } catch {
    return null;
  }
}
