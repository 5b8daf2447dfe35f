/** A child that was started with `detached: true`, and all that it has started. */
import type { ChildProcess } from 'node:child_process';

export function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
