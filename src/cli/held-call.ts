/** While a command has the modem for itself, `modemctl hangup` in another terminal can end that: it is told on the control socket, or by the modemctl that lent the modem. */
import { isModemctlError } from '../core/errors.ts';
import type { Session } from '../modem/session.ts';
import { Desk } from '../services/control/desk.ts';
import { Errands } from '../services/control/errands.ts';
import type { Context } from './context.ts';
import { isOnStdio } from './stdio.ts';

export class HeldCall {
  /** Aborted when the command is to end, or only its call. */
  readonly signal: AbortSignal;
  readonly #desk: Desk | null;
  readonly #errands: Errands;

  private constructor(signal: AbortSignal, desk: Desk | null, errands: Errands) {
    this.signal = signal;
    this.#desk = desk;
    this.#errands = errands;
  }

  /**
   * The session is open. Where there is nowhere to listen the call can only be ended here.
   * @param inUse it need not be a call: the modem is used, by a person or a program
   */
  static async open(context: Context, session: Session, inUse = false): Promise<HeldCall> {
    const { signal, hangUpAsked, command } = context;
    const errands = new Errands(session);
    const ending = errands.startCall(AbortSignal.any([signal, hangUpAsked]));
    if (inUse) errands.become('taken', `${session.name} is in use by modemctl ${command} (pid ${process.pid})`);
    // The modem on stdin and stdout is somebody else's, whatever it is called.
    if (isOnStdio(context.common)) return new HeldCall(ending, null, errands);
    const desk = await Desk.open({ session, errands, command, signal }).catch((error: unknown) => {
      // In use: who lent the modem listens there, and passes it on.
      if (isModemctlError(error)) return null;
      throw error;
    });
    return new HeldCall(ending, desk, errands);
  }

  /**
   * It is over; whoever asked for that is told how.
   * @param trouble why the line may still be off-hook; null: it is free
   */
  async close(trouble: string | null): Promise<void> {
    this.#errands.callOver(trouble);
    await this.#desk?.close();
  }
}
