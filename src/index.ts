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
  /** Breaks off the opening, which then rejects with its reason; afterwards each command, whose result is null then. */
  readonly signal?: AbortSignal;
  /** RING, caller ID and the like, as the modem wrote them. They are heard while a command runs. */
  readonly onUnsolicited?: (line: string) => void;
}

/**
 * Opens a modem. The library reads no configuration: what modemctl's own says of names, countries or init items is the command line's.
 * @param selector USB port path, VID:PID, serial number, part of its name, or a tty; null: the only one
 * @throws ModemctlError USAGE, NO_MODEM, AMBIGUOUS, UNUSABLE, DENIED, IN_USE, IN_CALL, GONE
 */
export async function openModem(selector: string | null = null, options: OpenOptions = {}): Promise<Modem> {
  const { force, signal, onUnsolicited } = options;
  signal?.throwIfAborted();
  const target = await selectModem(selector === null ? null : requireText(selector, 'a selector'));
  if (target.kind === 'stdio') throw new ModemctlError('USAGE', '"-" is for the command line');
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

/** Of plain JavaScript anything may come. */
function requireText(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  throw new ModemctlError('USAGE', `${what} must be a string`);
}

/** What setTimeout can count; beyond it fires at once. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

function requireLimit(timeoutMs: number | undefined): number | undefined {
  if (timeoutMs === undefined || (timeoutMs > 0 && timeoutMs <= LONGEST_WAIT_MS)) return timeoutMs;
  throw new ModemctlError('USAGE', `timeoutMs must be more than 0 and at most ${LONGEST_WAIT_MS}`);
}

/**
 * One modem, opened by {@link openModem}. It does one thing at a time: what is asked of it meanwhile waits for its turn.
 * After {@link Modem.close} all else is USAGE.
 */
export class Modem {
  readonly #session: Session;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

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
   * @throws ModemctlError USAGE (not of V.250's form, or forbidden), IN_CALL, GONE
   */
  async command(text: string, options: { timeoutMs?: number } = {}): Promise<Answer> {
    const command = parseAtCommand(requireText(text, 'an AT command'));
    const limitMs = requireLimit(options.timeoutMs);
    return this.#betweenCalls(async () => {
      const { lines, result, elapsedMs } = await this.#session.command(command, limitMs);
      return { lines, result: result?.text ?? null, elapsedMs: Math.round(elapsedMs) };
    });
  }

  /**
   * Calls a number. What did not come of it (busy, no carrier ...) is a value; the line is on-hook again then.
   * @param number as people write it: digits, `* # A-D , W @ ! T P`, blanks and dashes
   * @throws ModemctlError USAGE, MODEM_ERROR (it refused what the call needs), IN_CALL, NOT_RESPONDING, GONE
   */
  async dial(number: string, options: CallOptions & { signal?: AbortSignal } = {}): Promise<CallOutcome> {
    const { signal = new AbortController().signal, ...call } = options;
    const dialString = parseDialString(requireText(number, 'a number'));
    const once = { tries: 1, retryDelayMs: 0, retryOn: [] };
    return this.#betweenCalls(async () =>
      this.#outcome(await placeCall(this.#session, { number: dialString, call, signal, ...once })),
    );
  }

  /**
   * Picks up now, whether it rings or not.
   * @throws ModemctlError USAGE, MODEM_ERROR (it refused what the call needs), IN_CALL, NOT_RESPONDING, GONE
   */
  async answer(options: CallOptions & { signal?: AbortSignal } = {}): Promise<CallOutcome> {
    const { signal, ...call } = options;
    const carrierWaitMs = call.carrierWaitMs ?? CARRIER_WAIT_MS;
    return this.#betweenCalls(async () => {
      await prepare(this.#session, { purpose: 'answer', call: { ...call, carrierWaitMs } });
      return this.#outcome(await pickUp(this.#session, { carrierWaitMs, caller: null, signal }));
    });
  }

  async #outcome(attempt: Attempt): Promise<CallOutcome> {
    if (attempt.kind === 'connected') {
      const hangUp = () => this.#inTurn(() => endCall(this.#session));
      return { connected: true, call: new LiveCall(attempt.call, hangUp) };
    }
    await endCall(this.#session);
    return { connected: false, reason: attempt.kind === 'failed' ? attempt.result : attempt.kind };
  }

  /**
   * Brings the modem back when it hangs; see `modemctl reset --help` for the steps.
   * @throws ModemctlError USAGE, DENIED, IN_CALL, GONE
   */
  async recover(options: RecoverOptions = {}): Promise<RecoveryReport> {
    return this.#inTurn(() => climb(this.#session, options));
  }

  /** Lets go of the modem at once, whatever state it is in. A call ends. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#session.close();
  }

  /** A second dialogue on the same port would take the answers of the first. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => {
      if (this.#closed) throw new ModemctlError('USAGE', `${this.id} was closed; open it again`);
      return work();
    });
    this.#last = turn.catch(() => {});
    return turn;
  }

  #betweenCalls<T>(work: () => Promise<T>): Promise<T> {
    return this.#inTurn(() => {
      const { isOpen, state } = this.#session;
      if (!isOpen) throw new ModemctlError('GONE', `${this.id} is away`, { hint: 'recover() looks for it' });
      if (state !== 'inCall') return work();
      throw new ModemctlError('IN_CALL', `a call is up on ${this.id}`, {
        hint: 'End it first: hangUp() of the call, or close() of the modem',
        details: { modem: this.id },
      });
    });
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
  readonly #call: Call;
  readonly #hangUp: () => Promise<LineAfter>;

  /** @internal */
  constructor(call: Call, hangUp: () => Promise<LineAfter>) {
    this.#call = call;
    this.#hangUp = hangUp;
    this.stream = new CallStream(call);
  }

  /** Speed, modulation, error correction, compression, as far as the modem tells. */
  get connection(): Connection {
    return this.#call.connection;
  }

  /**
   * Ends the call, if it is still up, and proves that the line is free and the modem ready; brings it back if it is not.
   * @throws ModemctlError USAGE after {@link Modem.close}
   */
  async hangUp(): Promise<LineAfter> {
    this.stream.destroy();
    return this.#hangUp();
  }
}
