/** The library: finding modems, talking AT to one, bringing it back. */
import { parseAtCommand } from './at/command-line.ts';
import { systemClock } from './core/clock.ts';
import { ModemctlError } from './core/errors.ts';
import { recover as climb, type RecoverOptions, type RecoveryReport } from './modem/recover.ts';
import { Session } from './modem/session.ts';
import { listModems as list } from './usb/list-modems.ts';
import { type ModemInfo, type ModemInfoJson, toJson } from './usb/modem-info.ts';
import { selectModem } from './usb/selector.ts';

export { type ErrorCode, EXIT_CODES, isModemctlError, ModemctlError } from './core/errors.ts';
export type { RecoverOptions, RecoveryReport, Step, StepReport } from './modem/recover.ts';
export type { ModemInfoJson } from './usb/modem-info.ts';

/** The answer to an AT command. */
export interface Answer {
  /** Information text, without blank lines at the edges. */
  readonly lines: readonly string[];
  /** `OK`, `ERROR`, `CONNECT 33600/ARQ`, ...; null: none in time, and the modem needs {@link Modem.recover}. */
  readonly result: string | null;
  readonly elapsedMs: number;
}

/** The modems plugged in now, virtual ones included, as `modemctl detect --json` tells them. */
export async function listModems(options: { all?: boolean } = {}): Promise<ModemInfoJson[]> {
  return (await list({ all: options.all ?? false })).map((info: ModemInfo) => toJson(info));
}

export interface OpenOptions {
  /** Takes the modem from another program, and writes even into a call. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
  /** RING, caller ID and the like, as the modem wrote them. They are heard while a command runs. */
  readonly onUnsolicited?: (line: string) => void;
}

/**
 * Opens a modem.
 * @param selector USB port path, VID:PID, serial number, part of its name, or a tty; null: the only one
 * @throws ModemctlError NO_MODEM, AMBIGUOUS, UNUSABLE, DENIED, IN_USE, IN_CALL, GONE
 */
export async function openModem(selector: string | null = null, options: OpenOptions = {}): Promise<Modem> {
  const target = await selectModem(selector);
  if (target.kind === 'stdio') throw new ModemctlError('USAGE', '"-" is for the command line');
  const { force, signal, onUnsolicited } = options;
  const session = new Session(target.kind === 'modem' ? { info: target.info } : { info: null, tty: target.tty }, {
    clock: systemClock,
    force,
    signal,
    onUnsolicited: onUnsolicited && (({ text }) => onUnsolicited(text)),
  });
  try {
    await session.open();
    await session.refuseCall();
  } catch (error) {
    await session.close();
    throw error;
  }
  return new Modem(session);
}

/** One modem, opened by {@link openModem}. One command at a time. */
export class Modem {
  readonly #session: Session;

  /** @internal */
  constructor(session: Session) {
    this.#session = session;
  }

  /** The USB port path, a virtual modem's name, or a bare serial device's path. */
  get id(): string {
    return this.#session.id;
  }

  /** Its tty now; another one, perhaps, after {@link recover}. */
  get tty(): string | null {
    return this.#session.tty;
  }

  /**
   * Sends an AT command and waits for its final result.
   * @param text with or without AT
   * @param options.timeoutMs default 5000; for D, A and O: S7 + 30 s
   * @throws ModemctlError USAGE (not of V.250's form), GONE
   */
  async command(text: string, options: { timeoutMs?: number } = {}): Promise<Answer> {
    const { lines, result, elapsedMs } = await this.#session.command(parseAtCommand(text), options.timeoutMs);
    return { lines, result: result?.text ?? null, elapsedMs };
  }

  /**
   * Brings the modem back when it hangs; see `modemctl reset --help` for the steps.
   * @throws ModemctlError DENIED, IN_CALL, GONE
   */
  async recover(options: RecoverOptions = {}): Promise<RecoveryReport> {
    return climb(this.#session, options);
  }

  /** Lets go of the modem, whatever state it is in. A call ends. */
  async close(): Promise<void> {
    await this.#session.close();
  }
}
