/** Part 2: one AT command, from its write to its result, on an open port: our session against a bare serialport stream, on the same PTY. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SerialPort } from 'serialport';
import { parseAtCommand } from '../../dist/at/command-line.js';
import { systemClock } from '../../dist/core/clock.js';
import { Session } from '../../dist/modem/session.js';
import { inTurns, median, quantile, ratioOf } from './statistics.js';
import { printTable, showBudget, showRatio } from './table.js';

const TURNS = { most: 40, limitMs: 8_000 };
const COMMANDS = 100;
/** Until the code is compiled; these do not count. */
const WARM_UP = 50;
const BUDGET = 1.5;
const COMMAND = parseAtCommand('AT');
/** The pause between a result and the next command line (V.250 5.5) is a rule, not a cost: the session's clock jumps over it. */
const PAUSE_MS = 101;

/** @returns a function that ends it, and the path of a PTY on which everything is answered */
async function startResponder() {
  const script = fileURLToPath(new URL('responder.js', import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [chunk] = await child.stdout.take(1).toArray();
  return { tty: String(chunk).trim(), stop: () => child.kill('SIGKILL') };
}

async function ourTimes(tty) {
  let jumped = 0;
  const clock = { ...systemClock, now: () => systemClock.now() + jumped };
  const session = new Session({ info: null, tty }, { clock });
  await session.open();
  try {
    return await timesOf(async () => {
      jumped += PAUSE_MS;
      const { result } = await session.command(COMMAND);
      if (result?.kind !== 'ok') throw new Error('the session did not get its OK');
    });
  } finally {
    await session.close();
  }
}

async function bareTimes(tty) {
  const port = new SerialPort({ path: tty, baudRate: 115_200, autoOpen: false });
  await settled((done) => port.open(done));
  let heard = '';
  let answered = () => {};
  port.on('data', (chunk) => {
    heard += chunk.toString('latin1');
    if (heard.includes('OK\r\n')) answered();
  });
  try {
    return await timesOf(() => {
      heard = '';
      const answer = new Promise((resolve) => {
        answered = resolve;
      });
      port.write(`${COMMAND.line}\r`);
      return answer;
    });
  } finally {
    await settled((done) => port.close(done));
  }
}

async function timesOf(roundTrip) {
  const times = [];
  for (let count = -WARM_UP; count < COMMANDS; count++) {
    const startedAt = performance.now();
    await roundTrip();
    if (count >= 0) times.push(performance.now() - startedAt);
  }
  return times;
}

function settled(start) {
  return new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())));
}

/** @param virtualTty of a virtual modem */
export async function benchRoundTrip(virtualTty) {
  const responder = await startResponder();
  const rows = [['', 'p50', 'p99', 'ratio of p50 (quartiles)', 'ratio of p99', 'budget']];
  try {
    await compare(rows, 'trivial answerer', responder.tty);
    await compare(rows, 'virtual modem', virtualTty);
  } finally {
    responder.stop();
  }
  printTable(`AT to OK on an open PTY, against a bare serialport stream (runs of ${COMMANDS}, in turns)`, rows);
}

async function compare(rows, answerer, tty) {
  const [bare, ours] = await inTurns([() => bareTimes(tty), () => ourTimes(tty)], TURNS);
  const p50 = ratioOf(ours.map(median), bare.map(median));
  const p99 = quantile(ours.flat(), 0.99) / quantile(bare.flat(), 0.99);
  const cells = (turns) => [0.5, 0.99].map((share) => `${quantile(turns.flat(), share).toFixed(2)} ms`);
  rows.push([`${answerer}: serialport`, ...cells(bare), '1.00', '1.00']);
  rows.push([`${answerer}: session`, ...cells(ours), showRatio(p50), p99.toFixed(2), showBudget(p50.ratio, BUDGET)]);
}
