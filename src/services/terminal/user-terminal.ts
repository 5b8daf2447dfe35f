/** The terminal that the user sits at: keys in, bytes for the screen out. */
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { type Clock, sleep } from '../../core/clock.ts';
import { RawMode } from './raw-mode.ts';

export interface UserTerminal {
  /**
   * What was typed; null when aborted, or when the terminal is gone. Aborted, it has taken nothing.
   */
  read(signal: AbortSignal): Promise<Uint8Array | null>;

  /** Resolves when the terminal took the bytes, or has to be given up. */
  write(bytes: Uint8Array): Promise<void>;
}

/** A terminal that is behind is asked again after this; its buffer holds more than it shows in the time. */
const FULL_RETRY_MS = 5;
const STDIN = 0;
const STDOUT = 1;

/**
 * stdin and stdout, both terminals. Node writes to a terminal with the whole process waiting; one that is frozen must not keep us from noticing a signal or the end of a call, so a descriptor of our own is used, which does not block.
 */
export class StdioTerminal implements UserTerminal {
  readonly #clock: Clock;
  readonly #stdin: Readable;
  readonly #screen: number;
  readonly #mode: RawMode;
  readonly #giveUp: AbortSignal;
  #lost = false;

  private constructor(clock: Clock, stdin: Readable, screen: number, mode: RawMode, giveUp: AbortSignal) {
    this.#clock = clock;
    this.#stdin = stdin;
    this.#screen = screen;
    this.#mode = mode;
    this.#giveUp = giveUp;
    stdin.on('error', this.#onError);
  }

  /**
   * Takes the terminal: raw from now on, until {@link release}.
   * @param giveUp aborted when a frozen terminal is not to be waited for any more
   * @throws ModemctlError HELPER
   */
  static async take(clock: Clock, stdin: Readable, giveUp: AbortSignal): Promise<StdioTerminal> {
    const mode = await RawMode.enter(clock, STDIN);
    return new StdioTerminal(clock, stdin, openScreen(), mode, giveUp);
  }

  async release(): Promise<void> {
    this.#stdin.off('error', this.#onError);
    if (this.#screen !== STDOUT) closeSync(this.#screen);
    await this.#mode.leave();
  }

  async read(signal: AbortSignal): Promise<Uint8Array | null> {
    const stdin = this.#stdin;
    while (!signal.aborted && !this.#lost) {
      const typed: Buffer | null = stdin.read();
      if (typed !== null) return typed;
      if (stdin.readableEnded || stdin.destroyed) break;
      await happens(stdin, ['readable', 'end', 'close', 'error'], signal);
    }
    return null;
  }

  async write(bytes: Uint8Array): Promise<void> {
    let rest = bytes;
    while (rest.length > 0 && !this.#lost) {
      try {
        rest = rest.subarray(writeSync(this.#screen, rest));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') this.#lost = true;
        else if (this.#giveUp.aborted) return;
        else await sleep(this.#clock, FULL_RETRY_MS, this.#giveUp).catch(() => {});
      }
    }
  }

  readonly #onError = () => {
    this.#lost = true;
  };
}

/** Opened anew: not to block is a property of the open file, which our stdout shares with the shell. */
function openScreen(): number {
  try {
    return openSync(`/proc/self/fd/${STDOUT}`, constants.O_WRONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
  } catch {
    // Somebody else's terminal (after su), or no /proc.
    return STDOUT;
  }
}

function happens(stream: Readable, events: readonly string[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const event of events) stream.off(event, done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    for (const event of events) stream.on(event, done);
    signal.addEventListener('abort', done);
  });
}
