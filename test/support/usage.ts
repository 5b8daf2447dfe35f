/** What a process costs. */
import { readFileSync } from 'node:fs';

/** How often its main thread went to sleep, and its processor time in ticks of 10 ms. */
function usageOf(pid: number): { voluntarySwitches: number; ticks: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ');
  return {
    voluntarySwitches: Number(/^voluntary_ctxt_switches:\s*(\d+)$/m.exec(status)?.[1]),
    ticks: Number(stat[11]) + Number(stat[12]),
  };
}

/**
 * What a process that waits costs in a second: the median of `seconds` of them. A busy machine adds to single seconds, since a
 * thread that waits for a page or for the garbage collector goes to sleep as well; what wakes by itself does so in each.
 */
export async function usageOfAnIdleSecond(
  pid: number,
  seconds = 7,
): Promise<{ voluntarySwitches: number; ticks: number }> {
  const switches: number[] = [];
  const ticks: number[] = [];
  let before = usageOf(pid);
  for (let second = 0; second < seconds; second += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const after = usageOf(pid);
    switches.push(after.voluntarySwitches - before.voluntarySwitches);
    ticks.push(after.ticks - before.ticks);
    before = after;
  }
  return { voluntarySwitches: median(switches), ticks: median(ticks) };
}

const median = (numbers: number[]): number => numbers.sort((a, b) => a - b)[numbers.length >> 1]!;
