/**
 * The user's terminal in raw mode, and back: every byte as it is, both ways, Ctrl-C too. Node's own raw mode would go on turning line feeds into carriage return and line feed. It is done by stty, which every system has.
 *
 * Should this process be killed with no time for anything, a tiny child notices and puts the terminal back, if nobody else has by then: an interactive shell does so itself.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { runBounded } from '../../core/bounded-child.ts';
import type { Clock } from '../../core/clock.ts';
import { ModemctlError } from '../../core/errors.ts';

const RAW = ['raw', '-echo', '-iexten', 'cs8', '-parenb'];
const STTY_LIMIT_MS = 2000;

/**
 * $1: the settings to put back, $2: ours. A line on stdin: all is in order; its end without one: we were killed. A process in the background that touches a terminal is stopped (SIGTTOU), unless it ignores that.
 */
const GUARD = `trap '' TTOU HUP INT TERM QUIT
read -r _ && exit
sleep 0.3
[ "$(stty -g <&3)" = "$2" ] && stty "$1" <&3`;

export class RawMode {
  readonly #clock: Clock;
  readonly #fd: number;
  readonly #before: string;
  readonly #guard: ChildProcess;

  private constructor(clock: Clock, fd: number, before: string, guard: ChildProcess) {
    this.#clock = clock;
    this.#fd = fd;
    this.#before = before;
    this.#guard = guard;
  }

  /**
   * @param fd a terminal
   * @throws ModemctlError HELPER: there is no stty, or it cannot
   */
  static async enter(clock: Clock, fd: number): Promise<RawMode> {
    const before = await stty(clock, fd, ['-g']);
    await stty(clock, fd, RAW);
    const raw = await stty(clock, fd, ['-g']);
    const guard = spawn('/bin/sh', ['-c', GUARD, 'sh', before, raw], { stdio: ['pipe', 'ignore', 'ignore', fd] });
    guard.on('error', () => {});
    guard.stdin?.on('error', () => {});
    guard.unref();
    return new RawMode(clock, fd, before, guard);
  }

  /** Puts the terminal back as it was. Never throws: it may be gone. */
  async leave(): Promise<void> {
    await stty(this.#clock, this.#fd, [this.#before]).catch(() => {});
    this.#guard.stdin?.end('\n');
  }
}

async function stty(clock: Clock, fd: number, args: readonly string[]): Promise<string> {
  const outcome = await runBounded('stty', args, { deadlineMs: STTY_LIMIT_MS, clock, stdin: fd });
  if (outcome.kind === 'exit' && outcome.code === 0) return outcome.stdout.toString('latin1').trim();
  const why = outcome.kind === 'exit' ? outcome.stderr.trim() : outcome.kind === 'timeout' ? 'no answer' : 'missing';
  throw new ModemctlError('HELPER', `the terminal could not be set up by the program stty (${why})`);
}
