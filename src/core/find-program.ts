/** Finds a program before anything depends on it: a call is not made, nor a modem lent, for a program that is not there. */
import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';
import { ModemctlError } from './errors.ts';
import { shellWord } from './shell-word.ts';

/** What Debian calls the package where it is not called as the program. */
const PACKAGES: ReadonlyMap<string, string> = new Map([
  ['agetty', 'util-linux'],
  ['kermit', 'ckermit'],
  ['login', 'login'],
  ['nft', 'nftables'],
  ['pppd', 'ppp'],
  ['rz', 'lrzsz'],
  ['setsid', 'util-linux'],
  ['sz', 'lrzsz'],
]);
/** They lie where an ordinary user's PATH does not lead, but may be run. */
const OF_THE_SYSTEM: ReadonlySet<string> = new Set(['agetty', 'modprobe', 'nft', 'pppd', 'uhubctl']);
/** Programs for modems that Debian has under their own name. */
const NAMED_ALIKE: ReadonlySet<string> = new Set([
  'cu',
  'efax',
  'microcom',
  'minicom',
  'picocom',
  'tio',
  'uhubctl',
  'wvdial',
]);

/**
 * The path of a program, looked up as a shell does: along PATH, or as it is if it has a slash.
 * @throws ModemctlError HELPER, DENIED
 */
export function findProgram(name: string, env: NodeJS.ProcessEnv): string {
  const folders = (env.PATH ?? '').split(':').map((folder) => folder || '.');
  if (OF_THE_SYSTEM.has(name)) folders.push('/usr/sbin', '/sbin');
  const places = name.includes('/') ? [name] : folders.map((folder) => join(folder, name));
  const runnable = places.find((place) => isFile(place) && isExecutable(place));
  if (runnable !== undefined) return runnable;
  const there = places.find(isFile);
  if (there !== undefined && statSync(there).mode & 0o111) {
    throw new ModemctlError('DENIED', `no right to run ${there}`, {
      hint: `See who has: ls -l ${shellWord(there)}`,
      details: { program: name },
    });
  }
  if (there !== undefined) {
    throw new ModemctlError('HELPER', `${there} is not executable`, {
      hint: `If it is a program: chmod +x ${shellWord(there)}`,
      details: { program: name },
    });
  }
  throw new ModemctlError('HELPER', `there is no program ${shellWord(name)}`, {
    hint: remedy(name),
    details: { program: name },
  });
}

function remedy(name: string): string {
  const wanted = PACKAGES.get(name) ?? (NAMED_ALIKE.has(name) ? name : undefined);
  if (wanted !== undefined) return `Install it: sudo apt install ${wanted}`;
  return name.includes('/')
    ? `See what is there: ls -l ${shellWord(name)}`
    : 'Install it, or say where it is: /PATH/TO/PROGRAM';
}

/** Whether it is an ordinary file. False also of what cannot be looked at, and of what is longer than any path. */
export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
