/** A file written line by line and at once, while something else goes on: the lines before a crash are the ones that matter. What goes wrong is told once and costs nothing else. */
import { closeSync, constants, openSync, writeSync } from 'node:fs';

export class LineFile {
  readonly #what: string;
  readonly #tell: (problem: string) => void;
  #fd: number | null = null;

  /**
   * @param mode append to what is there, or begin anew
   * @param what it is, for the message: `the trace`
   */
  constructor(path: string, mode: 'append' | 'anew', what: string, tell: (problem: string) => void) {
    this.#what = what;
    this.#tell = tell;
    const { O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK, O_TRUNC } = constants;
    // Not blocking: a named pipe that nobody reads would hold us up for ever.
    const flags = O_WRONLY | O_CREAT | O_NONBLOCK | (mode === 'append' ? O_APPEND : O_TRUNC);
    this.#attempt(() => {
      this.#fd = openSync(path, flags, 0o600);
    });
  }

  write(text: string): void {
    const fd = this.#fd;
    if (fd !== null) this.#attempt(() => writeSync(fd, text, null, 'latin1'));
  }

  end(): void {
    const fd = this.#fd;
    this.#fd = null;
    if (fd !== null) closeSync(fd);
  }

  #attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.end();
      this.#tell(`${this.#what} cannot be written: ${(error as Error).message}`);
    }
  }
}
