/** Whether the shell has us in the background (`&`, `bg`). */
import { readFileSync } from 'node:fs';

/** Whether another process group has our terminal: proc_pid_stat(5), fields 5 (pgrp) and 8 (tpgid), counted behind the name, which may hold anything. */
export function isInBackground(): boolean {
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(foreground) > 0 && group !== foreground;
  } catch {
    return false;
  }
}
