/** Part 5: bytes through a call, `modemctl dial` in a pipe against socat on the same kind of PTY: how fast, at what cost of processor time, and how long a single byte takes there and back. */
import { spawn, spawnSync } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { median, quantile } from './statistics.js';
import { printTable } from './table.js';

const MEGABYTES = 32;
const TURNS = 5;
const BYTES = 400;
const LAUNCHER = fileURLToPath(new URL('../../bin/modemctl.js', import.meta.url));
const PUMP = fileURLToPath(new URL('pump.js', import.meta.url));
/** Of /proc/PID/stat; sysconf(_SC_CLK_TCK) is 100 on all Linux targets of ours. */
const TICK_MS = 10;

const WAYS = {
  socat: { mode: 'raw', command: (tty) => ['socat', ['-', `${tty},raw,echo=0`]] },
  dial: {
    mode: 'modem',
    command: (tty) => [process.execPath, [LAUNCHER, '-d', tty, 'dial', '1']],
    ready: 'Connected:',
  },
};

export async function benchCall() {
  if (spawnSync('socat', ['-V']).error) {
    console.log('call: skipped, socat is not installed (sudo apt-get install socat)');
    return;
  }
  const seen = { socat: [], dial: [] };
  // By turns, so that both meet the same load.
  for (let turn = 0; turn < TURNS; turn++) {
    for (const name of Object.keys(WAYS)) seen[name].push(await measure(WAYS[name]));
  }
  const of = (name, what) => median(seen[name].map((one) => one[what]));
  const row = (label, what, digits, ratio) => [
    label,
    of('socat', what).toFixed(digits),
    of('dial', what).toFixed(digits),
    ratio(of('dial', what), of('socat', what)),
  ];
  printTable('bytes through a call', [
    ['', 'socat', 'dial', 'dial to socat'],
    row('MB/s', 'rate', 0, (a, b) => `${(a / b).toFixed(2)} (at least 0.8)`),
    row('processor ms per MB', 'cpu', 2, (a, b) => `${(a / b).toFixed(2)} (at most 3)`),
    row('one byte there and back, p50, ms', 'p50', 3, (a, b) => `${(a - b).toFixed(2)} ms more`),
    row('one byte there and back, p99, ms', 'p99', 3, (a, b) => `${(a - b).toFixed(2)} ms more (at most 2)`),
  ]);
}

async function measure(way) {
  const latencies = await withPump(way, echoTimes);
  const { ms, cpuMs } = await withPump(way, stream);
  return {
    rate: (MEGABYTES * 1000) / ms,
    cpu: cpuMs / MEGABYTES,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
  };
}

async function withPump({ mode, command, ready }, use) {
  const pump = spawn(process.execPath, [PUMP, String(MEGABYTES), mode], { stdio: ['ignore', 'pipe', 'inherit'] });
  const told = createInterface({ input: pump.stdout })[Symbol.asyncIterator]();
  const tty = (await told.next()).value;
  try {
    return await use(...command(tty), ready, told);
  } finally {
    pump.kill('SIGKILL');
  }
}

/** stdout goes to nobody: what is measured is not our own reading. */
async function stream(program, args, ready, told) {
  const child = spawn(program, args, { stdio: ['pipe', openSync('/dev/null', 'w'), 'pipe'] });
  await says(child, ready);
  const before = cpuMs(child.pid);
  child.stdin.write('S');
  const ms = Number((await told.next()).value);
  const after = cpuMs(child.pid);
  child.kill('SIGKILL');
  return { ms, cpuMs: after - before };
}

async function echoTimes(program, args, ready) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  await says(child, ready);
  const times = [];
  for (let count = 0; count < BYTES; count++) {
    const begin = performance.now();
    const back = new Promise((resolve) => child.stdout.once('data', resolve));
    child.stdin.write('x');
    await back;
    times.push(performance.now() - begin);
  }
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  return times.slice(BYTES / 4);
}

async function says(child, text) {
  if (text === undefined) return;
  let heard = '';
  for await (const chunk of child.stderr.iterator({ destroyOnReturn: false })) {
    heard += chunk;
    if (heard.includes(text)) break;
  }
  child.stderr.resume();
}

function cpuMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
