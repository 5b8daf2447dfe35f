/**
 * The Port that is on our stdin and stdout already: pppd's `connect`, or a shell's redirection. It may be a tty, a pipe or a socket, and others go on with it when we have left. So nothing is read ahead, the descriptors' own flags
 * stay as they are (a stream of Node's would read ahead, and change them), and nothing is closed; a terminal's settings come back.
 */
import { readSync, writeSync } from 'node:fs';
import type { Clock } from '../core/clock.ts';
import { ModemctlError } from '../core/errors.ts';
import { type Libc, requireLibc } from '../native/libc.ts';
import { sendBreakInChild, setDtrInChild } from './line-child.ts';
import type { Circuits, Port } from './port.ts';
import { circuitsOf, makeRaw } from './terminal-settings.ts';

export const STDIN = 0;
export const STDOUT = 1;
/** A wait on the thread pool cannot be called off, and would hold up the end of the process. */
const WAIT_MS = 200;
/** What a descriptor that says it can be written takes without blocking: a tty says so from 256 bytes of room on (WAKEUP_CHARS, drivers/tty/n_tty.c). */
const PIECE_BYTES = 128;

/** @throws ModemctlError HELPER where koffi is missing */
export async function openStdioPort(clock: Clock): Promise<Port> {
  return new StdioPort(await requireLibc('a modem on stdin and stdout needs'), clock);
}

class StdioPort implements Port {
  readonly path = '<stdin>';
  readonly fd = STDIN;
  readonly #libc: Libc;
  readonly #clock: Clock;
  /** The terminal's settings as we found them; null: it is no terminal. */
  readonly #settings: Buffer | null;
  #isClosed = false;
  #waiting: Promise<boolean> | null = null;

  constructor(libc: Libc, clock: Clock) {
    this.#libc = libc;
    this.#clock = clock;
    const settings = libc.tcgetattr(STDIN)?.raw ?? null;
    this.#settings = settings && Buffer.from(settings);
    if (settings) libc.tcsetattr(STDIN, makeRaw(settings));
  }

  async read(max: number, signal?: AbortSignal): Promise<Uint8Array> {
    const buffer = Buffer.allocUnsafe(max);
    for (;;) {
      if (this.#isClosed) throw this.#gone();
      const { readable, hungUp } = this.#libc.poll(STDIN);
      if (readable || hungUp) {
        const count = this.#attempt(() => readSync(STDIN, buffer, 0, max, null));
        if (count === 0) throw this.#gone();
        if (count !== null) return buffer.subarray(0, count);
      }
      if (signal?.aborted) return buffer.subarray(0, 0);
      await this.#untilReadable(signal);
    }
  }

  async write(data: Uint8Array): Promise<void> {
    let sent = 0;
    while (sent < data.length) {
      if (this.#isClosed) throw this.#gone();
      const piece = data.subarray(sent, sent + PIECE_BYTES);
      if (this.#libc.isWritable(STDOUT)) sent += this.#attempt(() => writeSync(STDOUT, piece)) ?? 0;
      else await this.#libc.waitFor(STDOUT, 'writable', WAIT_MS);
    }
  }

  async circuits(): Promise<Circuits | null> {
    return circuitsOf(this.#libc, STDIN);
  }

  async setDtr(up: boolean): Promise<boolean> {
    return (await this.circuits()) !== null && (await setDtrInChild(this.#clock, STDIN, up));
  }

  /** The last to close it is somebody else. */
  async keepLine(): Promise<boolean> {
    return true;
  }

  async sendBreak(): Promise<boolean> {
    return (await this.circuits()) !== null && (await sendBreakInChild(this.#clock, STDIN));
  }

  async share(): Promise<void> {}

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#settings) this.#libc.tcsetattr(STDIN, this.#settings);
  }

  /** Or until it is time to look whether we have been closed. */
  async #untilReadable(signal?: AbortSignal): Promise<void> {
    // One that goes on from a read that was given up serves this one too.
    this.#waiting ??= this.#libc.waitFor(STDIN, 'readable', WAIT_MS).finally(() => {
      this.#waiting = null;
    });
    let onAbort = () => {};
    const given = new Promise<void>((resolve) => {
      onAbort = resolve;
      signal?.addEventListener('abort', onAbort, { once: true });
    });
    await Promise.race([this.#waiting, given]);
    signal?.removeEventListener('abort', onAbort);
  }

  /** Null: there was nothing after all. */
  #attempt(operate: () => number): number | null {
    try {
      return operate();
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EAGAIN' || code === 'EINTR') return null;
      throw this.#gone(error);
    }
  }

  #gone(cause?: unknown): ModemctlError {
    return new ModemctlError('GONE', 'the modem on stdin and stdout went away', { cause });
  }
}
