/**
 * Who holds a tty: by UUCP lock file, by flock (`/proc/locks`), or by having it open (`/proc/PID/fd`). An open without a lock counts too, except by those who wait for calls that way. One pass over
 * /proc serves any number of ttys. What our rights do not show is not found; processes come and go meanwhile.
 */
import { readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../core/process-alive.ts';
import { type SystemRoots, systemRoots } from '../core/system-roots.ts';
import { lockFilePath, readLockFile } from './lock-file.ts';
import { commandOf } from './process-command.ts';

export interface Holder {
  readonly pid: number;
  readonly command: string;
  /** True: it has the tty open without any lock and waits for a ring (mgetty, vgetty, faxgetty); others may use the modem meanwhile. */
  readonly waiting: boolean;
}

export interface HolderOptions {
  readonly roots?: SystemRoots;
  /** Processes that do not count, besides this one (a virtual modem's own). */
  readonly exclude?: readonly number[];
}

/** How our own processes are called (`cli/main.ts`). */
export const OURS = 'modemctl';

/** Whether all that has the tty is of ours. */
export function areOurs(holders: ReadonlyArray<Pick<Holder, 'command'>>): boolean {
  return holders.every(({ command }) => command === OURS);
}

/** Those who wait for calls with the tty open and unlocked, and take the lock when one comes. */
const WAITS_UNLOCKED: ReadonlySet<string> = new Set(['mgetty', 'vgetty', 'faxgetty']);

interface Sign {
  locked: boolean;
}

/** The holders of one tty, by pid. */
export function findHolders(tty: string, options: HolderOptions = {}): Holder[] {
  return findHoldersOf([tty], options).get(tty) ?? [];
}

/** The processes besides this one that have a tty open, whatever they do with it. */
export function openersOf(tty: string, roots: SystemRoots = systemRoots): number[] {
  const found = new Map<number, Sign>();
  addOpens(new Map([[tty, found]]), roots, new Set([process.pid]));
  return [...found.keys()];
}

/** The holders of several ttys, by the path as given. */
export function findHoldersOf(ttys: readonly string[], options: HolderOptions = {}): Map<string, Holder[]> {
  const roots = options.roots ?? systemRoots;
  const skip = new Set([process.pid, ...(options.exclude ?? [])]);
  const signs = new Map(ttys.map((tty) => [tty, new Map<number, Sign>()] as const));
  if (ttys.length > 0) {
    addLockFiles(signs, roots);
    const isWhole = addOpens(signs, roots, skip);
    const isOpen = [...signs.values()].some((found) => found.size > 0);
    // Nobody has a flock on what nobody has open; and /proc/locks waits for all processors (percpu_down_write in fs/locks.c, 8 to 20 ms) before it tells.
    if (isOpen || !isWhole) addFlocks(signs, roots);
  }
  return new Map([...signs].map(([tty, found]) => [tty, toHolders(found, skip, roots)] as const));
}

type Signs = ReadonlyMap<string, Map<number, Sign>>;

function addLockFiles(signs: Signs, roots: SystemRoots): void {
  for (const [tty, found] of signs) {
    const content = readLockFile(lockFilePath(tty, roots.lock, roots.dev));
    if (content.kind === 'pid' && isAlive(content.pid)) found.set(content.pid, { locked: true });
  }
}

/** A line of /proc/locks: `5: FLOCK  ADVISORY  WRITE 812 00:06:311 0 EOF`; one with `->` only waits for it. The device is the file system's, in hex. */
const FLOCK_LINE = /^\d+: FLOCK\s+\S+\s+\S+\s+(\d+)\s+([0-9a-f]+):([0-9a-f]+):(\d+)\s/;

function addFlocks(signs: Signs, roots: SystemRoots): void {
  const byNode = new Map<string, Map<number, Sign>>();
  for (const [tty, found] of signs) {
    try {
      const { dev, ino } = statSync(tty);
      byNode.set(`${major(dev)}:${minor(dev)}:${ino}`, found);
    } catch {
      // Unplugged: nobody holds a node that is not there.
    }
  }
  let text: string;
  try {
    text = readFileSync(join(roots.proc, 'locks'), 'latin1');
  } catch {
    return;
  }
  for (const line of text.split('\n')) {
    const match = FLOCK_LINE.exec(line);
    if (!match) continue;
    const [, pid, high, low, ino] = match;
    byNode.get(`${Number.parseInt(high!, 16)}:${Number.parseInt(low!, 16)}:${ino}`)?.set(Number(pid), { locked: true });
  }
}

/** As glibc's gnu_dev_major and gnu_dev_minor, for 32-bit numbers. */
function major(dev: number): number {
  return (dev >>> 8) & 0xfff;
}
function minor(dev: number): number {
  return (dev & 0xff) | ((dev >>> 12) & 0xfff00);
}

/** Whether we were shown the descriptors of every process. */
function addOpens(signs: Signs, roots: SystemRoots, skip: ReadonlySet<number>): boolean {
  const byPath = new Map<string, Map<number, Sign>>();
  for (const [tty, found] of signs) byPath.set(realPath(tty), found);
  const names = list(roots.proc) ?? [];
  // Without the first there are others that are hidden (hidepid, proc(5)).
  let isWhole = names.includes('1');
  for (const name of names) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || skip.has(pid)) continue;
    const opened: string[] = [];
    // Who has a PTY's master plays the modem (iaxmodem, tcpser under socat); that such programs keep the slave open as well is not use.
    const played = new Set<string>();
    const folder = join(roots.proc, name, 'fd');
    const descriptors = list(folder);
    if (descriptors === null) isWhole = false;
    for (const fd of descriptors ?? []) {
      const path = readLink(join(folder, fd));
      if (path === null) isWhole = false;
      else if (byPath.has(path)) opened.push(path);
      else if (path.endsWith('/ptmx')) played.add(`/dev/pts/${ptyNumber(join(roots.proc, name, 'fdinfo', fd))}`);
    }
    for (const path of opened) {
      const found = byPath.get(path);
      if (found && !found.has(pid) && !played.has(path)) found.set(pid, { locked: false });
    }
  }
  return isWhole;
}

/** Which PTY a descriptor is the master of (fdinfo's `tty-index`, since Linux 4.11). */
function ptyNumber(fdinfo: string): string {
  try {
    return /^tty-index:\s*(\d+)$/m.exec(readFileSync(fdinfo, 'latin1'))?.[1] ?? '';
  } catch {
    return '';
  }
}

function toHolders(found: Map<number, Sign>, skip: ReadonlySet<number>, roots: SystemRoots): Holder[] {
  const holders = [...found]
    .filter(([pid]) => !skip.has(pid))
    .sort(([a], [b]) => a - b)
    .map(([pid, { locked }]) => {
      const command = commandOf(pid, roots.proc);
      return { pid, command, waiting: !locked && WAITS_UNLOCKED.has(command) };
    });
  // A flock outlives the process that took it while a child still has the descriptor: then the child is the holder, and is found by it.
  const living = holders.filter((holder) => holder.command !== '?');
  return living.length > 0 ? living : holders;
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Empty when it has gone or is no link, null when it may not be read. */
function readLink(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch (error) {
    return isRefusal(error) ? null : '';
  }
}

/** Empty when it has gone, null when it may not be read. */
function list(folder: string): string[] | null {
  try {
    return readdirSync(folder);
  } catch (error) {
    return isRefusal(error) ? null : [];
  }
}

/** Not shown to us, as against gone. */
function isRefusal(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EACCES' || code === 'EPERM';
}
