/** The library: finding modems, talking AT to one, calling and being called, bringing it back. */
import { parseAtCommand } from './at/command-line.ts';
import type { Connection } from './at/connect.ts';
import { parseDialString } from './at/dial-string.ts';
import type { ResultKind } from './at/result-codes.ts';
import { systemClock } from './core/clock.ts';
import { ModemctlError } from './core/errors.ts';
import type { Call } from './modem/call.ts';
import type { CallOptions } from './modem/call-settings.ts';
import { endCall, type LineAfter } from './modem/end-call.ts';
import { type Attempt, answer as pickUp } from './modem/place-call.ts';
import { recover as climb, type RecoverOptions, type RecoveryReport } from './modem/recover.ts';
import { Session } from './modem/session.ts';
import { CallStream } from './services/call-stream.ts';
import { placeCall } from './services/placing.ts';
import { CARRIER_WAIT_MS, prepare } from './services/prepare.ts';
import { listModems as list } from './usb/list-modems.ts';
import { type ModemInfo, type ModemInfoJson, toJson } from './usb/modem-info.ts';
import { selectModem } from './usb/selector.ts';

export type { Connection } from './at/connect.ts';
export { type ErrorCode, EXIT_CODES, isModemctlError, ModemctlError } from './core/errors.ts';
export type { CallOptions } from './modem/call-settings.ts';
export type { LineAfter } from './modem/end-call.ts';
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
 * Opens a modem. The library reads no configuration: what modemctl's own says of names, countries or init items is the command line's.
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
   * Calls a number. What did not come of it (busy, no carrier ...) is a value; the line is on-hook again then.
   * @param number as people write it: digits, `* # A-D , W @ ! T P`, blanks and dashes
   * @throws ModemctlError USAGE, MODEM_ERROR (it refused what the call needs), NOT_RESPONDING, GONE
   */
  async dial(number: string, options: CallOptions & { signal?: AbortSignal } = {}): Promise<CallOutcome> {
    const { signal = new AbortController().signal, ...call } = options;
    const dialString = parseDialString(number);
    const once = { tries: 1, retryDelayMs: 0, retryOn: [] };
    return this.#outcome(await placeCall(this.#session, { number: dialString, call, signal, ...once }));
  }

  /**
   * Picks up now, whether it rings or not.
   * @throws ModemctlError USAGE, MODEM_ERROR (it refused what the call needs), NOT_RESPONDING, GONE
   */
  async answer(options: CallOptions & { signal?: AbortSignal } = {}): Promise<CallOutcome> {
    const { signal, ...call } = options;
    const carrierWaitMs = call.carrierWaitMs ?? CARRIER_WAIT_MS;
    await prepare(this.#session, { purpose: 'answer', call: { ...call, carrierWaitMs } });
    return this.#outcome(await pickUp(this.#session, { carrierWaitMs, caller: null, signal }));
  }

  async #outcome(attempt: Attempt): Promise<CallOutcome> {
    if (attempt.kind === 'connected') return { connected: true, call: new LiveCall(this.#session, attempt.call) };
    await endCall(this.#session);
    return { connected: false, reason: attempt.kind === 'failed' ? attempt.result : attempt.kind };
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

/** What became of a call. */
export type CallOutcome =
  | { readonly connected: true; readonly call: LiveCall }
  /** `aborted`: by the signal; `noResult`: the modem said nothing in time. */
  | { readonly connected: false; readonly reason: Exclude<ResultKind, 'connect'> | 'aborted' | 'noResult' };

/** A call that is up. While it lasts the modem takes no commands. */
export class LiveCall {
  /** The far end: what is written goes there, what it sends is read; it ends with the call. */
  readonly stream: CallStream;
  readonly #session: Session;
  readonly #call: Call;

  /** @internal */
  constructor(session: Session, call: Call) {
    this.#session = session;
    this.#call = call;
    this.stream = new CallStream(call);
  }

  /** Speed, modulation, error correction, compression, as far as the modem tells. */
  get connection(): Connection {
    return this.#call.connection;
  }

  /** Ends the call, if it is still up, and proves that the line is free and the modem ready; brings it back if it is not. */
  async hangUp(): Promise<LineAfter> {
    this.stream.destroy();
    return endCall(this.#session);
  }
}
