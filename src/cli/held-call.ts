/** While a command has the modem for a call of its own, `modemctl hangup` in another terminal can end it: it is told on the control socket, or by the modemctl that lent the modem. */
import { isModemctlError } from '../core/errors.ts';
import type { LineAfter } from '../modem/end-call.ts';
import type { Session } from '../modem/session.ts';
import { Desk } from '../services/control/desk.ts';
import { Errands } from '../services/control/errands.ts';
import type { Context } from './context.ts';

export class HeldCall {
  /** Aborted when the command is to end, or only the call. */
  readonly signal: AbortSignal;
  readonly #desk: Desk | null;
  readonly #errands: Errands;

  private constructor(signal: AbortSignal, desk: Desk | null, errands: Errands) {
    this.signal = signal;
    this.#desk = desk;
    this.#errands = errands;
  }

  /** The session is open. Where there is nowhere to listen the call can only be ended here. */
  static async open({ signal, hangUpAsked, command }: Context, session: Session): Promise<HeldCall> {
    const errands = new Errands(session);
    const ending = errands.startCall(AbortSignal.any([signal, hangUpAsked]));
    const desk = await Desk.open({ session, errands, command, signal }).catch((error: unknown) => {
      // In use: who lent the modem listens there, and passes it on.
      if (isModemctlError(error)) return null;
      throw error;
    });
    return new HeldCall(ending, desk, errands);
  }

  /** The call is over; whoever asked for that is told how. */
  async close(line: LineAfter): Promise<void> {
    this.#errands.callOver(line.free ? null : line.why);
    await this.#desk?.close();
  }
}
