/**
 * Handing the modem over to another program, which opens the tty itself, and taking it back: the lock file bears the program's pid before it starts, our flock and TIOCEXCL are gone, and it has the tty open before
 * our descriptor closes, so that DTR never drops between the two. HUPCL stays set: if everybody is killed, the kernel hangs up.
 */
import { TIMED_OUT, within } from '../core/clock.ts';
import { ModemctlError } from '../core/errors.ts';
import { inUse } from '../tty/open-port.ts';
import { commandOf } from '../tty/process-command.ts';
import { waitForModem } from '../usb/presence.ts';
import { isStillThere } from '../usb/still-there.ts';
import { LentProgram, type ProgramEnd } from './lent-program.ts';
import type { Session } from './session.ts';

export type { ProgramEnd };

export interface HandOverOptions {
  /** The program and its arguments; `{}` in an argument becomes the tty's path. */
  readonly argv: readonly [string, ...string[]];
  /** Added to our own environment, besides MODEMCTL_TTY and MODEMCTL_MODEM. */
  readonly env?: NodeJS.ProcessEnv;
  /** Gets what it writes to stdout; it has no stdin then. */
  readonly onOutput?: (bytes: Uint8Array) => void;
  /** It makes a UUCP lock file of its own, and takes any other for a stranger's; default: by its name. */
  readonly locksItself?: boolean | undefined;
  /** What it leaves behind on the tty is ended with it, whatever it is: a call's tty is nobody's after the call. */
  readonly endsOthers?: boolean;
  /** Asks for the end of it. */
  readonly signal?: AbortSignal | undefined;
  readonly onStart?: ((pid: number) => void) | undefined;
  /** It has ended; whether the modem comes back is still to be seen. */
  readonly onEnd?: ((end: ProgramEnd) => void) | undefined;
  /** What is being waited for, in words. */
  readonly onWait?: ((what: string) => void) | undefined;
}

/** These take even a lock file with their own pid for a stranger's (minicom 2.8, microcom 2019.01; picocom where it was built for lock files); pppd, mgetty and cu take it for theirs, tio minds flock only. */
const LOCK_THEMSELVES: ReadonlySet<string> = new Set(['minicom', 'picocom', 'microcom', 'kermit']);
/** A modem that the program reset comes back within this; if it does not, the program has lost it. */
const RETURN_LIMIT_MS = 15_000;
/** What a program leaves running often ends right after it. */
const LEFTOVERS_LIMIT_MS = 2000;
/** How often one looks whether the program has the tty and the modem is there: often at first. */
const LOOK_MS = { first: 100, last: 1000 };

/**
 * Runs a program on the session's tty until it ends; the session is open again afterwards, with a new port, nothing having been asked of the modem yet.
 * @throws ModemctlError HELPER (it cannot be run), GONE (the modem did not come back), IN_USE (it left a process behind that has the tty)
 */
export async function handOver(session: Session, options: HandOverOptions): Promise<ProgramEnd> {
  const { argv, signal } = options;
  const tty = session.tty ?? '';
  const [name, ...args] = argv;
  const program = new LentProgram({
    argv: [name, ...args.map((argument) => argument.replaceAll('{}', tty))],
    tty,
    env: { MODEMCTL_MODEM: session.id, ...options.env },
    onOutput: options.onOutput,
    endsOthers: options.endsOthers ?? false,
    clock: session.clock,
  });
  const { pid } = program;
  if (pid !== null) {
    await session.shareWith((options.locksItself ?? LOCK_THEMSELVES.has(baseName(name))) ? null : pid);
    program.go();
    options.onStart?.(pid);
  }
  const why = await attend(session, program, signal);
  const end = why === 'ended' && !options.endsOthers ? await program.ended : await program.end();
  options.onEnd?.(end);
  await session.close();
  if (!(await program.isOffTheTty(LEFTOVERS_LIMIT_MS))) throw leftBehind(name, tty, program.openers());
  await takeBack(session, why === 'lost' ? 0 : RETURN_LIMIT_MS, options);
  if (why !== 'lost') return end;
  throw new ModemctlError('GONE', `${session.name} went away while ${name} had it, and is back`, {
    details: { modem: session.id, program: name },
  });
}

function baseName(path: string): string {
  return path.split('/').at(-1) ?? path;
}

/**
 * Until the program ends, or has to be ended. Our descriptor is closed as soon as another process has the tty, or the modem goes away: one held on to would make it come back under another number.
 */
async function attend(
  session: Session,
  program: LentProgram,
  signal?: AbortSignal,
): Promise<'ended' | 'asked' | 'lost'> {
  const { clock, info } = session;
  let onAbort = () => {};
  const asked = new Promise<'asked'>((resolve) => {
    onAbort = () => resolve('asked');
    if (signal?.aborted) onAbort();
    signal?.addEventListener('abort', onAbort);
  });
  const over = Promise.race([program.ended.then(() => 'ended' as const), asked]);
  const begin = clock.now();
  let awaySince: number | null = null;
  try {
    for (;;) {
      const isThere = !info || isStillThere(info);
      const [opener] = session.isOpen ? program.openers() : [];
      if (opener !== undefined) session.lockFor(program.pid ?? opener);
      if (session.isOpen && (opener !== undefined || !isThere)) await session.leavePort();
      const now = clock.now();
      awaySince = isThere ? null : (awaySince ?? now);
      if (awaySince !== null && now - awaySince > RETURN_LIMIT_MS) return 'lost';
      const outcome = await within(clock, Math.min(LOOK_MS.last, Math.max(LOOK_MS.first, (now - begin) / 10)), over);
      if (outcome !== TIMED_OUT) return outcome;
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

function leftBehind(program: string, tty: string, pids: readonly number[]): ModemctlError {
  const { hint, details } = inUse(
    tty,
    pids.map((pid) => ({ pid, command: commandOf(pid) })),
  );
  const names = pids.map((pid) => `${commandOf(pid)} (pid ${pid})`).join(', ');
  return new ModemctlError('IN_USE', `${program} ended, but left ${names} behind, which has ${tty} open`, {
    hint: hint ?? undefined,
    details,
  });
}

async function takeBack(session: Session, limitMs: number, { onWait }: HandOverOptions): Promise<void> {
  const { info, clock } = session;
  if (!info) return session.open();
  if (!isStillThere(info)) onWait?.('waiting for the modem to come back');
  const presence = await waitForModem(info, { deadlineMs: limitMs, clock });
  if (presence.kind === 'ready') return session.reopen(presence.info);
  throw new ModemctlError('GONE', `${session.name} did not come back (${presence.stage})`, {
    hint: 'modemctl detect --all',
    details: { modem: session.id },
  });
}
