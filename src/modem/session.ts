/**
 * One live modem: who it is, its port, its dialogue, and what state it is in. A port dies with every reset and replug; the session replaces it, and makes sure that it still talks to the same modem before the
 * first byte. It is the only thing that services and commands see of a modem.
 */
import type { AtCommand } from '../at/command-line.ts';
import type { Unsolicited } from '../at/unsolicited.ts';
import { type Clock, sleep } from '../core/clock.ts';
import { ModemctlError } from '../core/errors.ts';
import type { TtyLock } from '../tty/lock.ts';
import { ObservedPort, type PortObserver } from '../tty/observed-port.ts';
import { type OpenedPort, type OpenPortOptions, openPort } from '../tty/open-port.ts';
import type { Port } from '../tty/port.ts';
import type { ModemInfo } from '../usb/modem-info.ts';
import { requireTty } from '../usb/selector.ts';
import { isStillThere } from '../usb/still-there.ts';
import { Conversation, type Exchange } from './conversation.ts';

export type SessionState = 'absent' | 'opening' | 'ready' | 'inCall' | 'handedOver' | 'suspect' | 'recovering';

/** Which modem: one that discovery knows, a bare serial device named by its path, or one that has left its place (a USB port path, or a virtual modem's name). */
export type SessionTarget =
  | { readonly info: ModemInfo }
  | { readonly info: null; readonly tty: string }
  | { readonly info: null; readonly tty: null; readonly place: string };

/** What a user says of a modem once and for all. */
export interface ModemDefaults {
  /** ISO 3166 code of the telephone network it is on. */
  readonly country?: string | undefined;
  /** AT commands that set it up, after the family's own. */
  readonly init?: readonly string[] | undefined;
}

/** A port, and where it was found if the modem had moved meanwhile: its identity is checked by then. */
export interface FoundPort extends OpenedPort {
  readonly moved?: ModemInfo;
}

export interface SessionOptions {
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** Takes the modem from another program, and writes even into a call. */
  readonly force?: boolean | undefined;
  /** Who is told of every byte. */
  readonly observers?: readonly PortObserver[] | undefined;
  /** What its user has set once and for all. */
  readonly defaults?: ((info: ModemInfo | null) => ModemDefaults) | undefined;
  /** How a tty is opened; a test has its own way. */
  readonly openPort?: (tty: string, options: OpenPortOptions) => Promise<FoundPort>;
  /** RING, caller ID and the like. */
  readonly onUnsolicited?: ((event: Unsolicited) => void) | undefined;
  /** Remarks for people. */
  readonly onNote?: ((note: string) => void) | undefined;
}

/** How long a command may take that does not dial, answer or go online. */
export const COMMAND_LIMIT_MS = 5000;
/** Added to the modem's own wait for carrier (S7) for one that does. */
const CALL_EXTRA_MS = 30_000;
/** S7 of the U.S. Robotics; Conexant has 50 (V.250 6.3.10 leaves it to the maker). Used where the modem does not tell. */
const DEFAULT_S7_S = 60;
/** How long a command that turns result codes off may still fail with one. */
const SILENCE_MS = 1000;
/** Conexant sticks need some time after ATZ before they listen again. */
const AFTER_RESET_COMMAND_MS = 300;

export class Session {
  readonly clock: Clock;
  readonly #options: SessionOptions;
  readonly #target: SessionTarget;
  #info: ModemInfo | null;
  #state: SessionState = 'absent';
  #port: Port | null = null;
  #lock: TtyLock | null = null;
  #conversation: Conversation | null = null;
  #answeredAt: number | null = null;
  #mayBeOffHook = false;
  readonly #listeners = new Set<(event: Unsolicited) => void>();

  constructor(target: SessionTarget, options: SessionOptions) {
    this.#target = target;
    this.#info = target.info;
    this.#options = options;
    this.clock = options.clock;
    if (options.onUnsolicited) this.#listeners.add(options.onUnsolicited);
  }

  get state(): SessionState {
    return this.#state;
  }

  /** What discovery last knew; null for a bare serial device. */
  get info(): ModemInfo | null {
    return this.#info;
  }

  /** The USB port path, a virtual modem's name, or the path of a bare serial device. */
  get id(): string {
    return this.#info?.id ?? this.tty ?? this.place ?? '';
  }

  /** USB port path or virtual modem's name; null for a bare serial device. */
  get place(): string | null {
    return this.#info?.id ?? ('place' in this.#target ? this.#target.place : null);
  }

  /** What its user has set once and for all. */
  get defaults(): ModemDefaults {
    return this.#options.defaults?.(this.#info) ?? {};
  }

  /** When the modem last answered AT, by the session's clock; null: not yet. */
  get answeredAt(): number | null {
    return this.#answeredAt;
  }

  /** Its tty now; null while it has none. */
  get tty(): string | null {
    return this.#info ? this.#info.tty : this.#target.info === null ? this.#target.tty : null;
  }

  /** For messages: `USR5637 at 1-1 (/dev/ttyACM0)`. */
  get name(): string {
    if (!this.#info) return `the modem at ${this.id}`;
    return `${this.#info.model} at ${this.#info.id}${this.tty ? ` (${this.tty})` : ''}`;
  }

  /** Whether a command of ours that dials or answers may have taken the telephone line, and nobody has freed it since. */
  get mayBeOffHook(): boolean {
    return this.#mayBeOffHook;
  }

  get isOpen(): boolean {
    return this.#port !== null;
  }

  get port(): Port {
    if (!this.#port) throw new Error('the session is not open');
    return this.#port;
  }

  get conversation(): Conversation {
    if (!this.#conversation) throw new Error('the session is not open');
    return this.#conversation;
  }

  /**
   * Opens the modem's tty. Nothing is written yet.
   * @param signal breaks it off; default the session's own; null: whoever ends a call does not hear it
   * @throws ModemctlError UNUSABLE, IN_USE, DENIED, GONE
   */
  async open(signal: AbortSignal | null = this.#options.signal ?? null): Promise<void> {
    const { clock, force } = this.#options;
    this.#state = 'opening';
    const tty = this.#info ? requireTty(this.#info) : (this.tty ?? '');
    // What has its number now is another's: its DTR is not to be touched, and that it is in use is of no interest.
    this.#requireStillThere(tty);
    const open: NonNullable<SessionOptions['openPort']> = this.#options.openPort ?? openPort;
    const opened = await open(tty, { clock, signal: signal ?? undefined, force });
    if (opened.moved) this.#info = opened.moved;
    for (const note of opened.notes) this.#options.onNote?.(note);
    try {
      this.#requireStillThere(tty);
    } catch (error) {
      await opened.port.close();
      opened.lock?.release();
      throw error;
    }
    const { observers = [] } = this.#options;
    this.#lock = opened.lock;
    this.#port = observers.length > 0 ? new ObservedPort(opened.port, observers) : opened.port;
    this.#conversation = new Conversation(this.#port, clock, {
      unsolicited: (event) => {
        for (const listener of this.#listeners) listener(event);
      },
    });
    this.#state = 'ready';
  }

  /**
   * Tells `listener` of RING, caller ID and the like from now on, over every reset and replug.
   * @returns ends it
   */
  onUnsolicited(listener: (event: Unsolicited) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Whether a call is up, as far as the circuits tell; null where they do not. */
  async hasCarrier(): Promise<boolean | null> {
    return (await this.port.circuits())?.dcd ?? null;
  }

  /**
   * Refuses a modem with carrier on: what is written now would be written into somebody's call.
   * @throws ModemctlError IN_CALL
   */
  async refuseCall(): Promise<void> {
    if (this.#options.force || !(await this.hasCarrier())) return;
    this.#state = 'inCall';
    throw new ModemctlError('IN_CALL', `${this.name} has carrier: a call is up`, {
      hint: `End the call: modemctl hangup -d ${this.id}\nIf there is no call (a modem set to &C0 says so always): modemctl at --force -d ${this.id} 'AT&C1'`,
      details: { modem: this.id, tty: this.tty },
    });
  }

  /**
   * Sends one AT command and waits for its result, the dialogue being set up first where it is not.
   * @param limitMs default {@link COMMAND_LIMIT_MS}; for calls S7 + 30 s
   * @param signal breaks it off; default the session's own
   * @returns the exchange; its result is null when no answer came in time, and the session is then suspect
   * @throws ModemctlError GONE
   */
  async command(command: AtCommand, limitMs?: number, signal = this.#options.signal): Promise<Exchange> {
    const startedAt = this.clock.now();
    if (!this.conversation.inStep && !(await this.conversation.synchronise(limitMs ?? COMMAND_LIMIT_MS, signal))) {
      this.#state = 'suspect';
      return { lines: [], result: null, stalled: false, elapsedMs: this.clock.now() - startedAt };
    }
    if (command.call) this.#mayBeOffHook = true;
    const limit = limitMs ?? (command.call ? await this.#callLimitMs() : COMMAND_LIMIT_MS);
    const exchange = command.silences
      ? await this.#silencing(command, limit)
      : await this.conversation.exchange(command, { limitMs: limit, signal });
    if (exchange.result) this.#answeredAt = this.clock.now();
    if (this.conversation.online) this.#state = 'inCall';
    else if (exchange.result === null) this.#state = 'suspect';
    else if (command.changesDialogue) {
      this.conversation.outOfStep();
      await sleep(this.clock, AFTER_RESET_COMMAND_MS, signal).catch(() => {});
    }
    return exchange;
  }

  /** It took ATH, and there is no carrier. */
  noteOnHook(): void {
    this.#mayBeOffHook = false;
  }

  /** Recovery begins; it ends with {@link answers}. */
  startRecovering(): void {
    this.#state = 'recovering';
  }

  /**
   * Whether the modem answers AT now; the proof of everything.
   * @param signal ends the wait; the session's own does not, since a call is ended properly, and that proved, after Ctrl-C too
   */
  async answers(limitMs: number, signal?: AbortSignal): Promise<boolean> {
    const answered = await this.conversation.synchronise(limitMs, signal);
    this.#state = answered ? 'ready' : 'suspect';
    if (answered) this.#answeredAt = this.clock.now();
    return answered;
  }

  /** Lets go of the port, whatever state it is in. Safe to call twice. */
  async close(): Promise<void> {
    await this.leavePort();
    this.releaseLock();
    this.#state = 'absent';
  }

  /** Takes the lock file away, at once; the port is left to the end of the process. */
  releaseLock(): void {
    this.#lock?.release();
    this.#lock = null;
  }

  /**
   * Lets a program that waits to be started open the tty beside us. Nothing is read or written here any more; {@link leavePort} follows when it has opened it.
   * @param pid whose name the lock file is to bear; null for a program that makes its own and would stumble over any other
   */
  async shareWith(pid: number | null): Promise<void> {
    if (pid === null) this.#lock?.release();
    else this.#lock?.transfer(pid);
    await this.port.share();
    this.#state = 'handedOver';
  }

  /** A program that was to make a lock file has the tty now: where it made none, it gets one, for others to see. */
  lockFor(pid: number): void {
    this.#lock?.makeFor(pid);
  }

  /** Closes our descriptor only: whoever else has the tty open keeps DTR up, and the lock is theirs. */
  async leavePort(): Promise<void> {
    const port = this.#port;
    this.#port = null;
    this.#conversation = null;
    await port?.close();
  }

  /** After a reset or a replug: the same modem, perhaps under another tty. Opens it. */
  async reopen(info: ModemInfo): Promise<void> {
    await this.close();
    this.#info = info;
    await this.open();
  }

  #requireStillThere(tty: string): void {
    if (!this.#info || isStillThere(this.#info)) return;
    this.#state = 'absent';
    throw new ModemctlError('GONE', `${this.#info.model} at ${this.#info.id} is no longer at ${tty}`, {
      hint: 'modemctl detect',
    });
  }

  /** After Q1 no news is good news, if the modem then answers again when it is asked to. */
  async #silencing(command: AtCommand, limitMs: number): Promise<Exchange> {
    const { signal } = this.#options;
    const silent = await this.conversation.exchange(command, { limitMs: Math.min(limitMs, SILENCE_MS), signal });
    if (silent.result || signal?.aborted || !(await this.answers(limitMs, signal))) return silent;
    return { ...silent, result: { kind: 'ok', text: 'OK' } };
  }

  async #callLimitMs(): Promise<number> {
    const { signal } = this.#options;
    const answer = await this.conversation.ask('ATS7?', { limitMs: COMMAND_LIMIT_MS, signal });
    const seconds = Number(answer.lines[0]?.trim());
    return CALL_EXTRA_MS + 1000 * (answer.result?.kind === 'ok' && seconds > 0 ? seconds : DEFAULT_S7_S);
  }
}
