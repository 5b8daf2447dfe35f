/** Part 6: what `watch` costs while nothing happens, by the number of modems that one process keeps. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { MODEMCTL } from './paths.js';
import { printTable } from './table.js';
import { startVirtualModem } from './virtual-modem.js';

const COUNTS = [1, 8, 64];
/** After the last modem is set up: what was left over from that is swept up meanwhile. */
const SETTLE_MS = 5000;
const MEASURED_S = 20;
/** `idle services wake at most once a second`, however many modems there are. */
const WAKES_BUDGET = 1;
/** /proc/PID/stat counts processor time in these (USER_HZ, the same on all of Debian's machines). */
const TICK_MS = 10;
const READY_LIMIT_MS = 60_000;

export async function benchWatch() {
  const rows = [['modems', 'all wait after', 'wakes/s', 'budget', 'processor', 'a modem', 'resident', 'each more']];
  let first = null;
  for (const count of COUNTS) {
    const found = await measure(count);
    first ??= found;
    const more = count === 1 ? '' : `${((1024 * (found.residentMB - first.residentMB)) / (count - 1)).toFixed(0)} kB`;
    rows.push([
      `${count}`,
      `${found.readyS.toFixed(1)} s`,
      found.wakes.toFixed(1),
      `${WAKES_BUDGET} ${Math.round(found.wakes) <= WAKES_BUDGET ? 'within' : 'over'}`,
      `${found.cpuMs.toFixed(1)} ms/s`,
      `${(found.cpuMs / count).toFixed(2)} ms/s`,
      `${found.residentMB.toFixed(0)} MB`,
      more,
    ]);
  }
  printTable(`modemctl watch, idle for ${MEASURED_S} s: one process for all modems`, rows);
}

async function measure(count) {
  const modems = await startVirtualModem(count);
  const begin = performance.now();
  const child = spawn(process.execPath, [MODEMCTL, 'watch', '--json', '--quiet'], {
    env: modems.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await allWait(child, count);
    const readyS = (performance.now() - begin) / 1000;
    await pause(SETTLE_MS);
    const before = usageOf(child.pid);
    await pause(1000 * MEASURED_S);
    const after = usageOf(child.pid);
    return {
      readyS,
      wakes: (after.sleeps - before.sleeps) / MEASURED_S,
      cpuMs: (after.cpuMs - before.cpuMs) / MEASURED_S,
      residentMB: after.residentMB,
    };
  } finally {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null && child.kill('SIGTERM')) await ended;
    modems.stop();
  }
}

async function allWait(child, count) {
  const limit = setTimeout(() => child.kill('SIGKILL'), READY_LIMIT_MS);
  let text = '';
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    text += chunk;
    if (text.split('"event":"waiting"').length > count) {
      clearTimeout(limit);
      child.stdout.resume();
      return;
    }
  }
  clearTimeout(limit);
  throw new Error(`watch did not get ${count} modems ready within ${READY_LIMIT_MS / 1000} s`);
}

function usageOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ');
  return {
    sleeps: Number(/^voluntary_ctxt_switches:\s*(\d+)$/m.exec(status)[1]),
    cpuMs: TICK_MS * (Number(stat[11]) + Number(stat[12])),
    residentMB: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)[1]) / 1024,
  };
}
