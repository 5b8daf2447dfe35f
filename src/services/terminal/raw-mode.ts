/**
 * The user's terminal in raw mode, and back: every byte as it is, both ways, Ctrl-C too. Node's own raw mode would go on turning line feeds into carriage return and line feed. It is done by stty, which every system has.
 *
 * Should this process be killed with no time for anything, its last will puts the terminal back, if nobody else has by then: an interactive shell does so itself.
 */
import { runBounded } from '../../core/bounded-child.ts';
import type { Clock } from '../../core/clock.ts';
import { ModemctlError } from '../../core/errors.ts';
import { LastWill } from '../../core/last-will.ts';

const RAW = ['raw', '-echo', '-iexten', 'cs8', '-parenb'];
const STTY_LIMIT_MS = 2000;

/** $1: the settings to put back, $2: ours. */
const PUT_BACK = `sleep 0.3
[ "$(stty -g <&3)" = "$2" ] && stty "$1" <&3`;

export class RawMode {
  readonly #clock: Clock;
  readonly #fd: number;
  readonly #before: string;
  readonly #will: LastWill;

  private constructor(clock: Clock, fd: number, before: string, will: LastWill) {
    this.#clock = clock;
    this.#fd = fd;
    this.#before = before;
    this.#will = will;
  }

  /**
   * @param fd a terminal
   * @throws ModemctlError HELPER: there is no stty, or it cannot
   */
  static async enter(clock: Clock, fd: number): Promise<RawMode> {
    const before = await stty(clock, fd, ['-g']);
    try {
      // In the background (`modemctl term &`) the kernel stops stty, and us with it; after `fg` our time has run out, whether it was done or not.
      await stty(clock, fd, RAW).catch(() => stty(clock, fd, RAW));
      const raw = await stty(clock, fd, ['-g']);
      return new RawMode(clock, fd, before, new LastWill(PUT_BACK, [before, raw], fd));
    } catch (error) {
      await stty(clock, fd, [before]).catch(() => {});
      throw error;
    }
  }

  /** Puts the terminal back as it was. Never throws: it may be gone. */
  async leave(): Promise<void> {
    await stty(this.#clock, this.#fd, [this.#before]).catch(() => {});
    this.#will.cancel();
  }
}

async function stty(clock: Clock, fd: number, args: readonly string[]): Promise<string> {
  const outcome = await runBounded('/bin/sh', ['-c', 'exec stty "$@" <&3', 'sh', ...args], {
    deadlineMs: STTY_LIMIT_MS,
    clock,
    fd,
  });
  if (outcome.kind === 'exit' && outcome.code === 0) return outcome.stdout.toString('latin1').trim();
  const why = outcome.kind === 'exit' ? outcome.stderr.trim() : outcome.kind === 'timeout' ? 'no answer' : 'missing';
  throw new ModemctlError('HELPER', `the terminal could not be set up by the program stty (${why})`, {
    hint: 'See what it says: stty raw; stty sane',
  });
}
