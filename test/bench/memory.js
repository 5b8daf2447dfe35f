/** Part 4: resident memory, against a Node that does nothing. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { MODEMCTL } from './paths.js';
import { inTurns, median, ratioOf } from './statistics.js';
import { printTable, showRatio } from './table.js';

const TURNS = { most: 5, limitMs: 10_000 };
const LOOK_AGAIN_MS = 2;
/** So long a process is left alone before its memory is looked at. */
const IDLE_MS = 300;
const WAITS = 'console.log("ready"); setInterval(() => {}, 1 << 30)';
const BARE_PORT = `
  const { SerialPort } = require('serialport');
  const port = new SerialPort({ path: process.argv[1], baudRate: 115200 }, () => console.log('ready'));
  port.resume();
`;
const IDLE_SESSION = fileURLToPath(new URL('idle-session.js', import.meta.url));

/** @param tty the virtual modem that `modemctl` finds in `env` */
export async function benchMemory({ tty, env }) {
  const cases = [
    { name: 'node, waiting', measure: () => idle(['-e', WAITS], env) },
    { name: 'a bare serialport, open', measure: () => idle(['-e', BARE_PORT, tty], env) },
    { name: 'an idle open session', measure: () => idle([IDLE_SESSION, tty], env) },
    { name: 'modemctl at AT, at its peak', measure: () => peak([MODEMCTL, 'at', 'AT'], env) },
  ];
  const measures = cases.map(({ measure }) => measure);
  const samples = await inTurns(measures, TURNS);
  const rows = [['', 'resident', 'ratio (quartiles)']];
  for (const [index, { name }] of cases.entries()) {
    rows.push([name, `${median(samples[index]).toFixed(0)} MB`, showRatio(ratioOf(samples[index], samples[0]))]);
  }
  printTable(`Memory, against a node that waits (${samples[0].length} runs of each, in turns)`, rows);
}

/** The memory of a process that has said it is ready and then waits. */
async function idle(args, env) {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await child.stdout.take(1).toArray();
    await pause(IDLE_MS);
    const resident = residentMB(child.pid, 'VmRSS');
    if (resident === null) throw new Error(`${args.join(' ')} ended by itself`);
    return resident;
  } finally {
    child.kill('SIGKILL');
    await ended(child);
  }
}

/** The most memory a process had, looked at again and again until it ends. */
async function peak(args, env) {
  const child = spawn(process.execPath, args, { env, stdio: 'ignore' });
  let most = 0;
  while (child.exitCode === null && child.signalCode === null) {
    most = residentMB(child.pid, 'VmHWM') ?? most;
    await pause(LOOK_AGAIN_MS);
  }
  if (child.exitCode !== 0) throw new Error(`${args.join(' ')} ended with exit code ${child.exitCode}`);
  return most;
}

/** @returns null once the process has ended */
function residentMB(pid, key) {
  try {
    const line = new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
    return line ? Number(line[1]) / 1024 : null;
  } catch {
    return null;
  }
}

function ended(child) {
  return child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('exit', resolve));
}
