/** How a command comes by the port: it opens the tty, and where another modemctl keeps the modem (answer, watch), borrows it from there until the command ends. */

import { isModemctlError, ModemctlError } from '../core/errors.ts';
import type { FoundPort, SessionTarget } from '../modem/session.ts';
import { Loan } from '../services/control/loan.ts';
import type { HeldModem } from '../services/control/places.ts';
import { type OpenPortOptions, openPort } from '../tty/open-port.ts';
import type { ModemInfo } from '../usb/modem-info.ts';
import { waitForModem } from '../usb/presence.ts';
import type { Context } from './context.ts';

/** Whoever lends it had it a moment ago. */
const FIND_LIMIT_MS = 5000;

export class Borrowing {
  readonly #context: Context;
  readonly #target: SessionTarget;
  #loan: Loan | null = null;

  constructor(context: Context, target: SessionTarget) {
    this.#context = context;
    this.#target = target;
  }

  /**
   * Opens the tty. With `force`, a modem that is kept by us is borrowed all the same where it can be.
   * @throws ModemctlError as openPort and the keeper say
   */
  async open(tty: string, options: OpenPortOptions): Promise<FoundPort> {
    let moved: ModemInfo | null = null;
    try {
      return await openPort(tty, { ...options, force: false });
    } catch (error) {
      if (!isModemctlError(error, 'IN_USE')) throw error;
      try {
        // It stays ours over a reset, when the port is opened again.
        if (!this.#loan) {
          this.#loan = await this.#borrow(error);
          moved = await this.#whereNow(tty, options);
        }
      } catch (refusal) {
        if (!options.force) throw refusal;
      }
      if (!this.#loan && !options.force) throw error;
      if (!moved?.tty) return openPort(tty, options);
      return { ...(await openPort(moved.tty, options)), moved };
    }
  }

  /** Gives it back, if it was borrowed. The port is closed by then. */
  end(): void {
    this.#loan?.giveBack();
    this.#loan = null;
  }

  #borrow(inUse: ModemctlError): Promise<Loan | null> {
    const { clock, command, askToHangUp } = this.#context;
    return Loan.take(
      nameWhereKept(this.#target),
      inUse,
      `modemctl ${command} (pid ${process.pid})`,
      clock,
      askToHangUp,
    );
  }

  /**
   * It may have been brought back before it was lent; its tty of before is another's then. Null: it is where it was.
   * @throws ModemctlError GONE
   */
  async #whereNow(tty: string, { clock, signal }: OpenPortOptions): Promise<ModemInfo | null> {
    const { info } = this.#target;
    if (!info || !this.#loan?.tty || this.#loan.tty === tty) return null;
    const presence = await waitForModem(info, { deadlineMs: FIND_LIMIT_MS, clock, signal });
    if (presence.kind === 'ready') return presence.info;
    throw new ModemctlError('GONE', `${info.model} at ${info.id} went away`, { hint: 'modemctl detect' });
  }
}

function nameWhereKept(target: SessionTarget): HeldModem {
  return target.info ?? { id: target.tty ?? target.place, virtual: false };
}
