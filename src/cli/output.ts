/** The streams we print on, as far as their other end matters: a reader that has enough, a disk that is full, a pager that takes its time. */
import { ModemctlError } from '../core/errors.ts';
import { stdoutHint } from './stdout-hint.ts';
import type { World } from './world.ts';

/** Why a result could not be printed. */
export function unwritable({ code, message }: NodeJS.ErrnoException): ModemctlError {
  return new ModemctlError('HELPER', `stdout cannot be written: ${message}`, {
    hint: stdoutHint(code),
    details: { code },
  });
}

export class Output {
  readonly #streams: readonly NodeJS.WriteStream[];
  #failure: ModemctlError | null = null;

  /**
   * @param readerGone called when whoever read has closed the pipe
   */
  constructor({ stdout, stderr }: World, readerGone: () => void) {
    this.#streams = [stdout, stderr];
    for (const stream of this.#streams) {
      stream.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'EPIPE') readerGone();
        else if (stream === stdout) this.#failure ??= unwritable(error);
      });
    }
  }

  /**
   * Waits until everything printed so far was taken, however long its reader takes: an exit before that would lose it.
   * @returns why the result could not be printed, or null
   */
  async drained(): Promise<ModemctlError | null> {
    await Promise.all(this.#streams.map((stream) => new Promise<void>((resolve) => stream.write('', () => resolve()))));
    // Errors are told after the write's own callback.
    await new Promise((resolve) => setImmediate(resolve));
    return this.#failure;
  }
}
