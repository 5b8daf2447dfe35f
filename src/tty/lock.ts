/**
 * The UUCP lock of a tty, so that minicom, pppd, mgetty and cu see that it is taken. It appears whole (written aside, then linked to its name), is removed only while it is ours, and never keeps
 * anybody from working: without a lock folder, or with a dead stranger's file in a sticky one, flock and TIOCEXCL must do, and a note says so.
 */
import { linkSync, lstatSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Clock, sleep, systemClock } from '../core/clock.ts';
import { isAlive } from '../core/process-alive.ts';
import { type SystemRoots, systemRoots } from '../core/system-roots.ts';
import { type LockFileContent, lockFilePath, lockFileText, readLockFile } from './lock-file.ts';
import { commandOf } from './process-command.ts';

export interface LockOptions {
  readonly roots?: SystemRoots;
  readonly clock?: Clock;
  readonly signal?: AbortSignal | undefined;
}

export type LockOutcome =
  | { readonly lock: TtyLock; readonly held?: undefined }
  /** A living process has it. */
  | { readonly held: { readonly pid: number; readonly command: string }; readonly lock?: undefined };

/** A lock file without a pid may be one that its maker is just about to fill (minicom creates, then writes). */
const YOUNG_MS = 2000;
const LOOK_AGAIN_MS = 100;
const ATTEMPTS = 25;

/** Takes the lock of a tty. Never throws but for an abort. A lock file with our own pid counts as ours: whoever started us took it for us, as pppd too sees it. */
export async function lockTty(tty: string, options: LockOptions = {}): Promise<LockOutcome> {
  const { roots = systemRoots, clock = systemClock, signal } = options;
  const path = lockFilePath(tty, roots.lock, roots.dev);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const content = readLockFile(path);
    if (content.kind === 'absent') {
      const problem = create(path, process.pid);
      if (problem === null) return { lock: new TtyLock(path, []) };
      if (problem !== 'EEXIST') return { lock: new TtyLock(null, [withoutFileNote(path, problem)]) };
      continue;
    }
    if (content.kind === 'pid' && content.pid === process.pid) return { lock: new TtyLock(path, []) };
    if (content.kind === 'pid' && isAlive(content.pid)) {
      return { held: { pid: content.pid, command: commandOf(content.pid, roots.proc) } };
    }
    if (content.kind === 'nonsense' && content.ageMs < YOUNG_MS) {
      await sleep(clock, LOOK_AGAIN_MS, signal);
      continue;
    }
    const problem = content.kind === 'unreadable' ? 'EACCES' : removeStale(path, content);
    if (problem !== null) return { lock: new TtyLock(null, [staleNote(path, content, problem)]) };
  }
  return { lock: new TtyLock(null, [`lock file ${path} keeps changing; working without it`]) };
}

function withoutFileNote(path: string, problem: string): string {
  return `no lock file: ${dirname(path)} cannot be written (${problem})`;
}

function staleNote(path: string, content: LockFileContent, problem: string): string {
  if (content.kind === 'unreadable') return `lock file ${path} ignored: it cannot be read`;
  const whose = content.kind === 'pid' ? `of dead process ${content.pid}` : 'without a process in it';
  return `stale lock file ${path} ${whose} ignored: it cannot be removed (${problem})`;
}

/** Null, or the name of the system's error. */
function attempt(action: () => void): string | null {
  try {
    action();
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'UNKNOWN';
  }
}

/** A name beside the lock file that nobody else uses: the pid is ours. */
function aside(path: string): string {
  return `${path}.${process.pid}`;
}

function create(path: string, pid: number): string | null {
  const draft = aside(path);
  // Left over from an earlier process with our pid, at worst.
  attempt(() => rmSync(draft, { force: true }));
  const problem =
    attempt(() => writeFileSync(draft, lockFileText(pid), { mode: 0o644, flag: 'wx' })) ??
    attempt(() => linkSync(draft, path));
  attempt(() => unlinkSync(draft));
  return problem;
}

/**
 * Removes a lock file whose process is dead.
 * @returns null, or why not: the name of the system's error, or that a living process has it by now
 */
export function removeStaleLock(path: string): string | null {
  const content = readLockFile(path);
  if (content.kind === 'absent') return null;
  if (content.kind !== 'pid' || isAlive(content.pid)) return 'it is stale no more';
  return removeStale(path, content);
}

/**
 * Takes a stale file away: renamed first, then looked at once more, so that a fresh lock which another process put there meanwhile is put back instead of being lost.
 */
function removeStale(path: string, seen: LockFileContent): string | null {
  // A folder of that name is nobody's lock, and not ours to clear away.
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) return 'EISDIR';
  const grave = aside(path);
  const problem = attempt(() => renameSync(path, grave));
  if (problem === 'ENOENT') return null;
  if (problem !== null) return problem;
  const moved = readLockFile(grave);
  const isFresh = moved.kind === 'pid' && !(seen.kind === 'pid' && seen.pid === moved.pid) && isAlive(moved.pid);
  if (isFresh) attempt(() => linkSync(grave, path));
  return attempt(() => rmSync(grave, { force: true }));
}

/** A lock that was taken, with or without a file. */
export class TtyLock {
  /** The lock file, or null: then only flock and TIOCEXCL guard the tty. */
  readonly path: string | null;
  /** What was not as it should be, in words. */
  readonly notes: readonly string[];
  #owner = process.pid;

  /** @internal */
  constructor(path: string | null, notes: readonly string[]) {
    this.path = path;
    this.notes = notes;
  }

  /**
   * Writes another pid into the file, in one step: a child's, to whom the call is handed over (pppd accepts a lock file with its own pid), or ours again. False when the file is no longer ours, or there is none.
   */
  transfer(pid: number): boolean {
    if (this.path === null || !this.#isOurs()) return false;
    const path = this.path;
    const draft = aside(path);
    attempt(() => rmSync(draft, { force: true }));
    const problem =
      attempt(() => writeFileSync(draft, lockFileText(pid), { mode: 0o644, flag: 'wx' })) ??
      attempt(() => renameSync(draft, path));
    if (problem !== null) {
      attempt(() => rmSync(draft, { force: true }));
      return false;
    }
    this.#owner = pid;
    return true;
  }

  /** Makes the file anew, in the name of a program that has the tty, if nobody else has made one since it was released. */
  makeFor(pid: number): void {
    if (this.path !== null && readLockFile(this.path).kind === 'absent' && create(this.path, pid) === null) {
      this.#owner = pid;
    }
  }

  /** Removes the file if it is still ours, or of the child we gave it to and that is dead. Safe to call twice, never throws. */
  release(): void {
    if (this.path === null || !this.#isOurs()) return;
    if (this.#owner !== process.pid && isAlive(this.#owner)) return;
    const path = this.path;
    attempt(() => unlinkSync(path));
  }

  #isOurs(): boolean {
    const content = this.path === null ? null : readLockFile(this.path);
    return content?.kind === 'pid' && content.pid === this.#owner;
  }
}
