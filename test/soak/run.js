/**
 * The soak: calls by the thousand between modems that are faulty at random, made with the built program and library. Afterwards every call is accounted for, every line is free, nothing is left, and memory is flat. Build first.
 *
 *     node test/soak/run.js [--minutes N | --hours N] [--seed TEXT]
 *
 * The seed decides what is chosen; how fast things go is the machine's.
 */
import { randomBytes } from 'node:crypto';
import { runOptions } from '../support/run-options.js';
import { CommandLineCaller } from './command-line-caller.js';
import { Journal } from './journal.js';
import { Keeper } from './keeper.js';
import { calleeProgram, Ledger } from './ledger.js';
import { checkDescriptors, checkModems, checkSystem, checkWorld, worldNow } from './leftovers.js';
import { LibraryCaller, LibraryChild } from './library-caller.js';
import { BOUND_KB_A_MINUTE, slope } from './memory.js';
import { Random } from './random.js';
import { printSummary, printViolations } from './summary.js';
import { Trouble } from './trouble.js';
import { World } from './world.js';

const DEFAULT_MINUTES = 3;
const SAMPLE_EVERY_MS = 2000;
const TELL_EVERY_MS = 15_000;
/** A run with so many failures is not worth going on with. */
const MOST_VIOLATIONS = 20;
const MOST_MINUTES = 60 * 24 * 30;
const USAGE = `Usage: npm run soak -- [--minutes N | --hours N] [--seed TEXT]

  --minutes N  how long (default ${DEFAULT_MINUTES})
  --hours N    the same, in hours
  --seed TEXT  as an earlier run printed it: the same choices again
`;
const MODEMS = [
  { name: 'answer-1', model: 'usr5637' },
  { name: 'answer-2', model: 'tfm561u' },
  { name: 'answer-3', model: 'usr5637' },
  { name: 'answer-killed', model: 'tfm561u' },
  { name: 'watched', model: 'usr5637' },
  { name: 'library-1', model: 'usr5637' },
  { name: 'library-2', model: 'tfm561u' },
  { name: 'library-3', model: 'usr5637' },
  { name: 'library-4', model: 'tfm561u' },
  { name: 'library-5', model: 'usr5637' },
  { name: 'command-1', model: 'tfm561u' },
  { name: 'command-2', model: 'usr5637' },
];

const values = runOptions(USAGE, ['minutes', 'hours', 'seed'], (given) => {
  if (given.minutes !== undefined && given.hours !== undefined) return 'either --minutes or --hours';
  const wanted = minutesOf(given);
  return wanted > 0 && wanted <= MOST_MINUTES ? null : '--minutes and --hours are numbers above 0, of 30 days at most';
});
const minutes = minutesOf(values);
const seed = values.seed ?? randomBytes(4).toString('hex');
console.log(`Soak of ${minutes} minutes, seed ${seed}`);

const journal = new Journal();
const world = new World(journal);
// Once for what this process opens and keeps for good.
await world.start(MODEMS);
await world.stop();
const before = worldNow();
await world.start(MODEMS);
const killed = new Set();
const stream = (name) => new Random(`${seed} ${name}`);
const answering = ['answer-1', 'answer-2', 'answer-3', 'answer-killed'].map(
  (name, index) =>
    new Keeper(world, journal, name, [
      ...['answer', '--check-every', '2s', '--rings', String((index % 2) + 1)],
      // A modem that hangs within a call tells nobody.
      ...['--idle', '10s', '--exec', calleeProgram(world, name)],
    ]),
);
const watched = new Keeper(world, journal, 'watched', ['watch', '--check-every', '2s', '--exec', 'true']);
const keepers = [...answering, watched];
const ledger = new Ledger(world, journal, answering);
const numbers = answering.map(({ name }) => world.modem(name).number);
const child = new LibraryChild(world, journal);
const childMemory = [];
const callers = MODEMS.map(({ name }) => name).filter((name) => name.startsWith('library'));
let ids = 0;
const shared = { world, journal, ledger, numbers, killed, child, nextId: () => `call-${++ids}` };

await Promise.all(keepers.map((keeper) => keeper.start()));
for (const name of callers) await child.ask({ do: 'ask', modem: name });
const childAtFirst = await child.ask({ do: 'measure' });
const deadline = performance.now() + minutes * 60_000;
let isStopped = false;
process.once('SIGINT', () => {
  isStopped = true;
});
let told = 0;
const isOver = () => isStopped || performance.now() > deadline || journal.violations.length >= MOST_VIOLATIONS;
const samples = setInterval(() => void sample(), SAMPLE_EVERY_MS);
const progress = setInterval(() => tell(), TELL_EVERY_MS);
await Promise.all([
  ...callers.map((name) => new LibraryCaller({ ...shared, name, random: stream(name) }).run(isOver)),
  ...['command-1', 'command-2'].map((name) =>
    new CommandLineCaller({ ...shared, name, random: stream(name), keeper: null }).run(isOver),
  ),
  new CommandLineCaller({ ...shared, name: 'watched', random: stream('loans'), keeper: watched }).run(isOver),
  ...keepers.map((keeper) =>
    new Trouble({
      ...shared,
      keeper,
      random: stream(`trouble ${keeper.name}`),
      mayKill: keeper.name === 'answer-killed',
      isRung: keeper === watched,
    }).run(isOver),
  ),
]);
clearInterval(samples);
clearInterval(progress);
await sample();
await finish();

function minutesOf({ minutes, hours }) {
  return hours === undefined ? Number(minutes ?? DEFAULT_MINUTES) : Number(hours) * 60;
}

async function sample() {
  for (const keeper of keepers) keeper.sampleMemory();
  const { heapKB } = (await child.ask({ do: 'measure' })) ?? {};
  if (heapKB) childMemory.push([journal.now, heapKB]);
}

function tell() {
  const count = (name) => journal.counts.get(name) ?? 0;
  console.log(
    `${Math.round(journal.now / 1000)} s: ${count('calls')} calls, ${count('connected by the exchange')} connected, ${count('faults')} faults, ${journal.violations.length} failures`,
  );
  for (const { text, at } of journal.violations.slice(told)) console.log(`  at ${Math.round(at / 1000)} s: ${text}`);
  told = journal.violations.length;
}

async function finish() {
  for (const { name } of MODEMS) await world.refresh(name);
  for (const keeper of keepers) await keeper.revive();
  for (const keeper of keepers) {
    if (!(await keeper.isReady(120_000))) journal.violation(`${keeper.name}: not ready at the end`);
  }
  await ledger.finish();
  await checkModems(world, journal);
  const rest = await child.ask({ do: 'measure' });
  const idle = rest?.resources.filter((name) => name === 'Timeout') ?? [];
  if (idle.length > 0) journal.violation(`library: timers are left: ${rest.resources}`);
  if (rest && childAtFirst) checkDescriptors(journal, 'library', childAtFirst.descriptors, rest.descriptors);
  for (const keeper of keepers) {
    checkDescriptors(journal, keeper.name, keeper.descriptorsAtFirst, keeper.descriptors);
    await keeper.end('SIGTERM');
  }
  await child.end();
  const memory = [
    ...keepers.map(({ name, memory }) => [name, memory]),
    ['the program with the library', childMemory],
  ].map(([name, samples]) => ({
    name,
    first: samples[0]?.[1] ?? 0,
    last: samples.at(-1)?.[1] ?? 0,
    perMinute: slope(samples),
  }));
  for (const { name, perMinute } of memory) {
    if (perMinute !== null && perMinute > BOUND_KB_A_MINUTE) {
      journal.violation(
        `${name}: its heap grows by ${perMinute.toFixed(0)} kB a minute; ${BOUND_KB_A_MINUTE} is the bound`,
      );
    }
  }
  await checkSystem(world, journal, killed);
  await world.stop();
  await checkWorld(journal, before);
  world.remove();
  printSummary(journal, seed, memory);
  console.log(
    `  the library's program at the end: ${rest?.descriptors} descriptors, ${rest?.resources.join(', ') || 'no'} active resources`,
  );
  if (journal.violations.length > 0) {
    printViolations(journal, seed);
    process.exitCode = 1;
  }
}
