/**
 * The bench: what modemctl costs, as ratios to what cannot be avoided, all measured in this one run. Nothing fails because of time; budgets are printed beside the ratios. Build first.
 *
 *     node test/bench/run.js [start-up] [round-trip] [reader] [memory] [call] [watch]
 */
import { cpus, loadavg } from 'node:os';
import { benchCall } from './call.js';
import { benchMemory } from './memory.js';
import { benchReader } from './reader.js';
import { benchRoundTrip } from './round-trip.js';
import { benchStartUp } from './start-up.js';
import { startVirtualModem } from './virtual-modem.js';
import { benchWatch } from './watch.js';

const PARTS = {
  'start-up': ({ env }) => benchStartUp(env),
  'round-trip': ({ tty }) => benchRoundTrip(tty),
  reader: () => benchReader(),
  memory: (modem) => benchMemory(modem),
  call: () => benchCall(),
  watch: () => benchWatch(),
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  console.error(`there is no part "${unknown[0]}"; there are: ${Object.keys(PARTS).join(', ')}`);
  process.exit(2);
}

const load = loadavg()[0].toFixed(1);
console.log(
  `Node ${process.versions.node}, ${process.arch}, ${cpus().length} processors, load ${load} before the start`,
);
const modem = await startVirtualModem();
try {
  for (const name of asked.length > 0 ? asked : Object.keys(PARTS)) await PARTS[name](modem);
} finally {
  modem.stop();
}
