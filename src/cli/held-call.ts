/** While a command has the modem for a call of its own, `modemctl hangup` in another terminal can end it: it is told on the control socket, or by the modemctl that lent the modem. */
import { isModemctlError, ModemctlError } from '../core/errors.ts';
import type { LineAfter } from '../modem/end-call.ts';
import type { Session } from '../modem/session.ts';
import { Desk } from '../services/control/desk.ts';
import { Errands } from '../services/control/errands.ts';
import type { Context } from './context.ts';

export class HeldCall {
  /** Aborted when the command is to end, or only the call. */
  readonly signal: AbortSignal;
  readonly #desk: Desk | null;
  readonly #tellAsker: (line: LineAfter) => void;

  private constructor(signal: AbortSignal, desk: Desk | null, tellAsker: (line: LineAfter) => void) {
    this.signal = signal;
    this.#desk = desk;
    this.#tellAsker = tellAsker;
  }

  /** The session is open. Where there is nowhere to listen the call can only be ended here. */
  static async open(context: Context, session: Session): Promise<HeldCall> {
    const { signal, hangUpAsked, askToHangUp, command } = context;
    const errands = new Errands(session.name);
    errands.become('inCall');
    let tellAsker: (line: LineAfter) => void = () => {};
    const left = new Promise<LineAfter>((resolve) => {
      tellAsker = resolve;
    });
    const endCall = async () => {
      askToHangUp();
      const line = await left;
      if (!line.free) throw new ModemctlError('NOT_RESPONDING', `the line may still be off-hook: ${line.why}`);
    };
    const either = AbortSignal.any([signal, hangUpAsked]);
    const desk = await Desk.open({ session, errands, command, endCall, signal }).catch((error: unknown) => {
      // In use: who lent the modem listens there, and passes it on.
      if (isModemctlError(error)) return null;
      throw error;
    });
    return new HeldCall(either, desk, tellAsker);
  }

  /** The call is over; whoever asked for that is told how. */
  async close(line: LineAfter): Promise<void> {
    this.#tellAsker(line);
    // The reply is written before the connection goes.
    await new Promise((resolve) => setImmediate(resolve));
    await this.#desk?.close();
  }
}
