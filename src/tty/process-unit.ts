/** Which service of systemd's a process belongs to. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shellWord } from '../core/shell-word.ts';

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

/** The command that ends these processes for good: what systemd runs it would start again. */
export function howToEnd(pids: readonly number[], kill = 'kill', proc = '/proc'): string {
  const units = pids.map((pid) => unitOf(pid, proc));
  const stopped = [...new Set(units.filter((unit) => unit !== null))];
  const killed = pids.filter((_, index) => units[index] === null);
  const stop = stopped.length > 0 ? [`sudo systemctl stop ${stopped.map(shellWord).join(' ')}`] : [];
  return [...stop, ...(killed.length > 0 ? [`${kill} ${killed.join(' ')}`] : [])].join(' && ');
}
