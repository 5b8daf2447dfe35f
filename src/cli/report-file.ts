/** `--report FILE`: the JSON document of a command whose stdout belongs to a call. */
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { ModemctlError } from '../core/errors.ts';

export class ReportFile {
  readonly #fd: number;

  /**
   * Opened before anything happens, so that a call is not made whose report could not be kept.
   * @throws ModemctlError USAGE
   */
  constructor(path: string) {
    try {
      // Not blocking: a named pipe that nobody reads would hold us up for ever.
      const { O_WRONLY, O_CREAT, O_TRUNC, O_NONBLOCK } = constants;
      this.#fd = openSync(path, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK, 0o600);
    } catch (error) {
      throw new ModemctlError('USAGE', `the report cannot be written: ${(error as Error).message}`, {
        hint: 'Name a file in a folder that you may write: --report FILE',
        cause: error,
      });
    }
  }

  /** @returns why it could not be written, or null */
  write(document: string): ModemctlError | null {
    try {
      writeSync(this.#fd, document);
      closeSync(this.#fd);
      return null;
    } catch (error) {
      return new ModemctlError('HELPER', `the report cannot be written: ${(error as Error).message}`, { cause: error });
    }
  }
}
