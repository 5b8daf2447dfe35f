/** How a command comes by the port: it opens the tty, and where another modemctl keeps the modem (answer, watch), borrows it from there until the command ends. */

import { isModemctlError, type ModemctlError } from '../core/errors.ts';
import { Loan } from '../services/control/loan.ts';
import type { HeldModem } from '../services/control/places.ts';
import { type OpenedPort, type OpenPortOptions, openPort } from '../tty/open-port.ts';
import type { Context } from './context.ts';

export class Borrowing {
  readonly #context: Context;
  readonly #modem: HeldModem;
  #loan: Loan | null = null;

  constructor(context: Context, modem: HeldModem) {
    this.#context = context;
    this.#modem = modem;
  }

  /**
   * Opens the tty. With `force`, a modem that is kept by us is borrowed all the same where it can be.
   * @throws ModemctlError as openPort and the keeper say
   */
  async open(tty: string, options: OpenPortOptions): Promise<OpenedPort> {
    try {
      return await openPort(tty, { ...options, force: false });
    } catch (error) {
      if (!isModemctlError(error, 'IN_USE')) throw error;
      try {
        // It stays ours over a reset, when the port is opened again.
        this.#loan ??= await this.#borrow(error);
      } catch (refusal) {
        if (!options.force) throw refusal;
      }
      if (!this.#loan && !options.force) throw error;
      return openPort(tty, options);
    }
  }

  /** Gives it back, if it was borrowed. The port is closed by then. */
  end(): void {
    this.#loan?.giveBack();
    this.#loan = null;
  }

  #borrow(inUse: ModemctlError): Promise<Loan | null> {
    const { clock, command, askToHangUp } = this.#context;
    return Loan.take(this.#modem, inUse, `modemctl ${command} (pid ${process.pid})`, clock, askToHangUp);
  }
}
