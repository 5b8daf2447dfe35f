/** What must be left afterwards: nothing. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { descriptorsOf, lockFilesOf, processesIn } from './processes.js';
import { Program } from './program.js';
import { within } from './wait.js';

const GONE_WITHIN_MS = 15_000;
/** What a process opens once, when it first needs it; a leak would be one a call. */
const FIRST_TIMES = 6;

/** Every modem is on-hook and answers AT by the command line. */
export async function checkModems(world, journal) {
  for (const { name, dce } of world.modems) {
    if (dce.state.offHook) journal.violation(`${name} is off-hook at the end`);
    const ran = await new Program(world, ['at', '-d', name, 'AT']).ended;
    if (ran.code !== 0) journal.violation(`${name} does not answer AT at the end: ${ran.stderr.slice(-500)}`);
  }
}

/** A process that has lasted has no more descriptors than at its start. */
export function checkDescriptors(journal, name, before, now) {
  journal.note(`${name}: ${before} descriptors at first, ${now} at the end`);
  if (now > before + FIRST_TIMES) journal.violation(`${name}: it had ${before} descriptors, and now ${now}`);
}

/** No process, no control socket, and no lock file but those of programs that were killed, whose ttys are gone. */
export async function checkSystem(world, journal, killed) {
  await within(GONE_WITHIN_MS, () => processesIn(world.folder).length === 0);
  for (const command of processesIn(world.folder)) journal.violation(`a process is left: ${command}`);
  const sockets = join(world.folder, 'modemctl');
  const left = existsSync(sockets) ? readdirSync(sockets).filter((name) => name.endsWith('.sock')) : [];
  for (const name of left) {
    // The next who keeps that modem replaces it.
    if (killed.size > 0 && !(await isListening(join(sockets, name))))
      journal.count('control sockets of killed programs');
    else journal.violation(`a control socket is left: ${name}`);
  }
  for (const name of lockFilesOf(killed)) {
    const tty = name.slice('LCK..'.length);
    if (world.modems.some((modem) => modem.tty?.endsWith(`/${tty}`)))
      journal.violation(`a lock is left on a tty that is there: ${name}`);
    journal.count('lock files of killed programs, on ttys that are gone');
    rmSync(join('/run/lock', name), { force: true });
  }
}

function isListening(path) {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

/** This process itself, which plays the modems: descriptors and timers as at the start. */
export async function checkWorld(journal, before) {
  const news = () => descriptorsOf(process.pid).filter((one) => !before.descriptors.includes(one));
  const hasNone = () => news().length === 0 && timers() <= before.timers;
  if (await within(GONE_WITHIN_MS, hasNone)) return;
  journal.violation(
    `the world has ${timers()} timers, at the start ${before.timers}, and these new descriptors: ${news().join(', ')}`,
  );
}

export function worldNow() {
  return { descriptors: descriptorsOf(process.pid), timers: timers() };
}

/** One is that of the wait which asks. */
function timers() {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}
