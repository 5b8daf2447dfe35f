/** A file that is made for us alone: nothing that is there already is written over, and nobody else may read it. */
import { closeSync, lstatSync, openSync, unlinkSync, writeFileSync } from 'node:fs';
import { ModemctlError } from '../core/errors.ts';
import { shellWord } from '../core/shell-word.ts';

export class NewFile {
  readonly path: string;
  #fd: number | null;

  /**
   * Made before anything happens, so that nobody waits for what cannot be kept.
   * @throws ModemctlError USAGE
   */
  constructor(path: string) {
    this.path = path;
    try {
      this.#fd = openSync(path, 'wx', 0o600);
    } catch (error) {
      const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST';
      throw new ModemctlError(
        'USAGE',
        isThere ? `${path} is there already` : `cannot write: ${(error as Error).message}`,
        {
          hint: isThere
            ? isFile(path)
              ? `Name another file, or take it away: rm ${shellWord(path)}`
              : 'Name a file that is not there yet.'
            : 'Name a file in a folder that you may write.',
          cause: error,
        },
      );
    }
  }

  /** @throws ModemctlError HELPER (the disk is full) */
  write(text: string): void {
    if (this.#fd === null) return;
    try {
      writeFileSync(this.#fd, text);
    } catch (error) {
      this.discard();
      throw new ModemctlError('HELPER', `${this.path} cannot be written: ${(error as Error).message}`, {
        cause: error,
      });
    }
    closeSync(this.#fd);
    this.#fd = null;
  }

  /** Takes it away again, if nothing was written. Safe to call always. */
  discard(): void {
    if (this.#fd === null) return;
    closeSync(this.#fd);
    this.#fd = null;
    unlinkSync(this.path);
  }
}

/** What is there and may be taken away. */
function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
