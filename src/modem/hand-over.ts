/**
 * Handing the modem over to another program, which opens the tty itself, and taking it back: the lock file bears the program's pid before it starts, our flock and TIOCEXCL are gone, and it has the tty open before
 * our descriptor closes, so that DTR never drops between the two. HUPCL stays set: if everybody is killed, the kernel hangs up.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { type Clock, sleep, TIMED_OUT, within } from '../core/clock.ts';
import { ModemctlError } from '../core/errors.ts';
import { openersOf } from '../tty/holders.ts';
import { waitForModem } from '../usb/presence.ts';
import { isStillThere } from '../usb/still-there.ts';
import type { Session } from './session.ts';

export interface HandOverOptions {
  readonly argv: readonly [string, ...string[]];
  /** Added to our own environment, besides MODEMCTL_TTY and MODEMCTL_MODEM. */
  readonly env?: NodeJS.ProcessEnv;
  /** Its stdin, stdout and stderr are the tty instead of ours, and it leads a session of its own (login). */
  readonly onTty?: boolean;
  /** It makes a UUCP lock file of its own, and takes any other for a stranger's; default: by its name. */
  readonly locksItself?: boolean | undefined;
  /** Asks for the end of it. */
  readonly signal?: AbortSignal | undefined;
  readonly onStart?: ((pid: number) => void) | undefined;
}

/** How the program ended. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** minicom and picocom take even a lock file with their own pid for a stranger's; pppd, mgetty and cu take it for theirs. */
const LOCK_THEMSELVES: ReadonlySet<string> = new Set(['minicom', 'picocom', 'tio', 'microcom', 'kermit']);
const LOOK_MS = 100;
/** A modem that the program reset comes back within this. */
const RETURN_LIMIT_MS = 15_000;
/** The shell's own exit codes for a program that cannot be run, and one that is not there (POSIX 2.8.2). */
const CANNOT_RUN = 126;
const NOT_FOUND = 127;

/** The shell waits for a line, so that nothing of the program runs before everything is its own; the pid stays. */
const GATE = 'read -r _ <&3 || exit 1; exec 3<&-; exec "$@"';

/**
 * Runs a program on the session's tty until it ends; the session is open again afterwards, with a new port, nothing having been asked of the modem yet.
 * @throws ModemctlError HELPER (it cannot be run), GONE (the modem did not come back), IN_USE (it left a process behind that has the tty)
 */
export async function handOver(session: Session, options: HandOverOptions): Promise<ProgramEnd> {
  const { argv, signal } = options;
  const { tty, clock } = session;
  const program = argv[0].split('/').at(-1) ?? '';
  const child = spawn('/bin/sh', ['-c', GATE, 'sh', ...argv], {
    stdio: options.onTty ? onTty(session) : ['inherit', 'inherit', 'inherit', 'pipe'],
    detached: options.onTty ?? false,
    env: { ...process.env, MODEMCTL_TTY: tty ?? '', MODEMCTL_MODEM: session.id, ...options.env },
  });
  const ended = endOf(child);
  const { pid } = child;
  if (pid === undefined) throw cannotRun(program, await ended);
  await session.shareWith((options.locksItself ?? LOCK_THEMSELVES.has(program)) ? null : pid);
  const gate = child.stdio[3] as NodeJS.WritableStream;
  gate.on('error', () => {});
  gate.end('\n');
  options.onStart?.(pid);
  const left = leaveWhenOpened(session, ended, signal);
  const aborted = new Promise<null>((resolve) => {
    if (signal?.aborted) resolve(null);
    signal?.addEventListener('abort', () => resolve(null), { once: true });
  });
  const end = (await Promise.race([ended, aborted])) ?? (await stop(child, ended, clock));
  await left;
  await takeBack(session);
  if (end.code === NOT_FOUND || end.code === CANNOT_RUN) throw cannotRun(program, end);
  return end;
}

function onTty(session: Session): ['ignore' | number, 'ignore' | number, 'ignore' | number, 'pipe'] {
  const fd = session.port.fd ?? 'ignore';
  return [fd, fd, fd, 'pipe'];
}

function endOf(child: ChildProcess): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    child.on('error', () => resolve({ code: NOT_FOUND, signal: null }));
    child.on('exit', (code, signal) => resolve({ code, signal }));
  });
}

/** Closes our descriptor as soon as another process has the tty, or the modem goes away: a descriptor held on to would make it come back under another number. */
async function leaveWhenOpened(session: Session, ended: Promise<unknown>, signal?: AbortSignal): Promise<void> {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while (!over && !signal?.aborted) {
    const opened = openersOf(session.tty ?? '').length > 0;
    if (opened || (session.info && !isStillThere(session.info))) {
      await session.leavePort();
      return;
    }
    await Promise.race([ended, sleep(session.clock, LOOK_MS)]);
  }
}

/** A Ctrl-C at the terminal has reached the program as well: it may end by itself, then it is asked to, then it is made to. */
async function stop(child: ChildProcess, ended: Promise<ProgramEnd>, clock: Clock): Promise<ProgramEnd> {
  for (const [name, patienceMs] of [
    [null, 1000],
    ['SIGTERM', 2000],
    ['SIGKILL', 1000],
  ] as const) {
    if (name) child.kill(name);
    const end = await within(clock, patienceMs, ended);
    if (end !== TIMED_OUT) return end;
  }
  // In the kernel's hands, on a wedged device: it ends when its call returns.
  child.unref();
  return { code: null, signal: 'SIGKILL' };
}

async function takeBack(session: Session): Promise<void> {
  await session.close();
  const { info, clock } = session;
  if (!info) return session.open();
  const presence = await waitForModem(info, { deadlineMs: RETURN_LIMIT_MS, clock });
  if (presence.kind === 'ready') return session.reopen(presence.info);
  throw new ModemctlError('GONE', `${session.name} did not come back (${presence.stage})`, {
    hint: 'modemctl detect --all',
    details: { modem: session.id },
  });
}

function cannotRun(program: string, { code }: ProgramEnd): ModemctlError {
  const why = code === CANNOT_RUN ? 'cannot be run' : 'is not installed';
  return new ModemctlError('HELPER', `the program ${program} ${why}`, {
    hint: `See where it is: command -v ${program}`,
    details: { program },
  });
}
