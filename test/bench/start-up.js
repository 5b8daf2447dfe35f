/** Part 1: how long the program takes from its start to its end, against a Node that does nothing. */
import { spawnSync } from 'node:child_process';
import { childrenCpuClock } from './cpu-time.js';
import { MODEMCTL } from './paths.js';
import { inTurns, median, ratioOf } from './statistics.js';
import { printTable, showBudget, showRatio } from './table.js';

const TURNS = { most: 25, limitMs: 25_000 };
/** What `--help` may cost, in bare nodes. */
const HELP_BUDGET = process.version.startsWith('v20.') ? 1.25 : 1.5;

/** @param env in which `modemctl` finds one virtual modem */
export async function benchStartUp(env) {
  const cpuClock = await childrenCpuClock();
  const cases = [
    { name: 'node -e 0', args: ['-e', '0'] },
    { name: '--version', args: [MODEMCTL, '--version'] },
    { name: '--help', args: [MODEMCTL, '--help'], budget: HELP_BUDGET },
    // Like --help, but with the whole program loaded.
    { name: 'at --help', args: [MODEMCTL, 'at', '--help'] },
    { name: 'detect', args: [MODEMCTL, 'detect'] },
    { name: 'at AT', args: [MODEMCTL, 'at', 'AT'] },
  ];
  const runs = await inTurns(
    cases.map(
      ({ args }) =>
        () =>
          run(args, env, cpuClock),
    ),
    TURNS,
  );
  const rows = [['', 'clock', 'ratio (quartiles)', 'processor', 'ratio (quartiles)', 'budget']];
  const [bare] = runs;
  for (const [index, { name, budget }] of cases.entries()) {
    const series = (key) => runs[index].map((sample) => sample[key]);
    const ratio = (key) =>
      ratioOf(
        series(key),
        bare.map((sample) => sample[key]),
      );
    const elapsed = ratio('elapsed');
    const cpu = cpuClock ? ratio('cpu') : null;
    rows.push([
      name,
      `${median(series('elapsed')).toFixed(0)} ms`,
      showRatio(elapsed),
      cpu ? `${median(series('cpu')).toFixed(0)} ms` : '',
      cpu ? showRatio(cpu) : '',
      budget ? showBudget((cpu ?? elapsed).ratio, budget) : '',
    ]);
  }
  printTable(
    `Start-up, against node -e 0 (${bare.length} runs of each, in turns; the budget is for processor time)`,
    rows,
  );
}

function run(args, env, cpuClock) {
  const cpuBefore = cpuClock?.() ?? 0;
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const elapsed = performance.now() - startedAt;
  if (status !== 0) throw new Error(`${args.join(' ')} ended with exit code ${status}: ${stderr}`);
  return { elapsed, cpu: (cpuClock?.() ?? 0) - cpuBefore };
}
