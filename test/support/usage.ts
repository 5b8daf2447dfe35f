/** What a process costs. */
import { readFileSync } from 'node:fs';

/** How often its main thread went to sleep, and its processor time in ticks of 10 ms. */
export function usageOf(pid: number): { voluntarySwitches: number; ticks: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ');
  return {
    voluntarySwitches: Number(/^voluntary_ctxt_switches:\s*(\d+)$/m.exec(status)?.[1]),
    ticks: Number(stat[11]) + Number(stat[12]),
  };
}
