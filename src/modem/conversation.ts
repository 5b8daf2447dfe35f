/**
 * The dialogue on a port, in time: sends one AT command, collects its answer, sets limits, and after a time-out finds the common thread again. It owns reading from the port while it waits for something, and
 * reads nothing otherwise.
 */
import type { AtCommand } from '../at/command-line.ts';
import { Dialogue, type DialogueEvent } from '../at/dialogue.ts';
import type { ResultCode } from '../at/result-codes.ts';
import type { Unsolicited } from '../at/unsolicited.ts';
import { type Clock, sleep, TIMED_OUT, within } from '../core/clock.ts';
import { toBytes } from '../core/text.ts';
import type { Port } from '../tty/port.ts';

/** V.250 5.5: the DTE waits this long after a result code before the next command line. */
const PAUSE_MS = 100;
/** V.250 5.6.1: a character within this time of the command line's end does not abort it. */
const UNABORTABLE_MS = 125;
/** How long an aborted call may take to end: S10 is 1.4 s, and the modem still answers. */
const ABORT_LIMIT_MS = 5000;
const READ_BYTES = 4096;

/** How a command ended; `result` null: no answer in time, or aborted. */
export interface Exchange {
  readonly lines: readonly string[];
  readonly result: ResultCode | null;
  readonly elapsedMs: number;
  /** The modem took no bytes. */
  readonly stalled: boolean;
}

export interface ExchangeOptions {
  limitMs: number;
  signal?: AbortSignal | undefined;
}

/** What the modem says besides answers. */
export interface ConversationEvents {
  unsolicited?(event: Unsolicited): void;
  prompt?(text: string): void;
}

/** A command of our own that is known to be of the right form. */
function plainCommand(line: string): AtCommand {
  return { line, call: false, mayConnect: false, changesDialogue: false, silences: false };
}

export class Conversation {
  readonly #port: Port;
  readonly #clock: Clock;
  readonly #events: ConversationEvents;
  readonly #dialogue = new Dialogue();
  /** A write the modem has not taken yet. */
  #blocked = false;
  #echoes = false;
  #sawEcho = false;
  #inStep = false;
  /** An answer may still be on its way. */
  #owed = false;
  #lastResultAt = Number.NEGATIVE_INFINITY;
  #early: Uint8Array[] = [];

  constructor(port: Port, clock: Clock, events: ConversationEvents = {}) {
    this.#port = port;
    this.#clock = clock;
    this.#events = events;
  }

  /** Whether the modem's answers can be told apart: it has been set up, and nothing was left unanswered since. */
  get inStep(): boolean {
    return this.#inStep;
  }

  /** A CONNECT came: what the port carries now is data. */
  get online(): boolean {
    return this.#dialogue.state === 'online';
  }

  /** What the far end sent in the same breath as CONNECT; belongs to whoever gets the call. Emptied by the look. */
  takeEarlyData(): Uint8Array {
    const data = Buffer.concat(this.#early);
    this.#early = [];
    return data;
  }

  /**
   * Sends a command and waits for its final result. Call commands are read byte by byte, so that after CONNECT the next byte is still in the port.
   * @throws ModemctlError GONE
   */
  async exchange(command: AtCommand, options: ExchangeOptions): Promise<Exchange> {
    await this.#pause(this.#lastResultAt + PAUSE_MS, options.signal);
    const startedAt = this.#clock.now();
    const deadline = startedAt + options.limitMs;
    const finished = (part: Partial<Exchange>): Exchange => {
      this.#lastResultAt = this.#clock.now();
      return { lines: [], result: null, stalled: false, elapsedMs: this.#clock.now() - startedAt, ...part };
    };
    this.#heard(await this.#take(0, READ_BYTES));
    const bytes = this.#dialogue.begin(command, this.#echoes);
    if (!(await this.write(bytes, options.limitMs))) {
      this.#giveUp();
      return finished({ stalled: true });
    }
    const sentAt = this.#clock.now();
    const answer = await this.#answer(command, deadline, options.signal);
    if (answer) return finished(answer);
    if (command.call) {
      await this.#pause(sentAt + UNABORTABLE_MS);
      await this.write(toBytes('\r'), ABORT_LIMIT_MS);
      const end = await this.#answer(command, this.#clock.now() + ABORT_LIMIT_MS);
      // Whatever the abort made of it, the caller waited in vain; a CONNECT at the last moment is told by `online`.
      if (end) return finished({ lines: end.lines ?? [] });
    }
    return finished({ lines: this.#giveUp() });
  }

  /**
   * Sends a command of our own, one that cannot connect. Whatever answers CONNECT to it is no modem in command state, and has not answered.
   * @throws ModemctlError GONE
   */
  async ask(line: string, options: ExchangeOptions): Promise<Exchange> {
    const answer = await this.exchange(plainCommand(line), options);
    if (!this.online) return answer;
    this.backToCommandState();
    return { ...answer, result: null };
  }

  /**
   * Brings the modem to echo on, results on and in words (`ATE1V1Q0`), and makes sure that its answers are in step with our commands.
   * @returns whether it answers
   * @throws ModemctlError GONE
   */
  async synchronise(limitMs: number, signal?: AbortSignal): Promise<boolean> {
    const deadline = this.#clock.now() + limitMs;
    // The first line after a reset or a power-up can be lost on the modem: two tries, the second with what time is left.
    for (const share of [0.5, 1]) {
      if (signal?.aborted) return false;
      if (this.#owed) await this.drain(PAUSE_MS, Math.min(10 * PAUSE_MS, (deadline - this.#clock.now()) / 2));
      this.#echoes = false;
      const set = await this.ask('ATE1V1Q0', { limitMs: (deadline - this.#clock.now()) * share, signal });
      if (set.result?.kind === 'error') await this.#setOneByOne(deadline, signal);
      if (set.result && (await this.#proveEcho(deadline, signal))) {
        this.#inStep = true;
        this.#owed = false;
        return true;
      }
      if (set.stalled) return false;
    }
    return false;
  }

  /** Throws away what comes until it has been quiet for `quietMs`, at most `limitMs` long. Unsolicited lines are still told. */
  async drain(quietMs: number, limitMs: number): Promise<void> {
    const deadline = this.#clock.now() + limitMs;
    while (this.#clock.now() < deadline) {
      const bytes = await this.#next(Math.min(quietMs, deadline - this.#clock.now()), READ_BYTES);
      if (bytes === null) return;
      this.#heard(this.#dialogue.receive(bytes));
    }
  }

  /**
   * Waits for what the modem says unasked: returns as soon as something came, after telling it, or when the time is up. Nothing is written.
   * @param signal ends the wait
   * @returns whether something came
   * @throws ModemctlError GONE
   */
  async listen(limitMs: number, signal?: AbortSignal): Promise<boolean> {
    const bytes = await this.#next(limitMs, READ_BYTES, signal);
    if (bytes) this.#heard(this.#dialogue.receive(bytes));
    return bytes !== null;
  }

  /**
   * Writes bytes that are no command: an escape sequence, an abort.
   * @returns false if the modem did not take them in time
   */
  async write(bytes: Uint8Array, limitMs: number): Promise<boolean> {
    if (this.#blocked) return false;
    this.#blocked = true;
    const writing = this.#port.write(bytes).then(() => {
      this.#blocked = false;
    });
    return (await within(this.#clock, limitMs, writing)) !== TIMED_OUT;
  }

  /** A command changed echo or result codes: the next one needs {@link synchronise} first. */
  outOfStep(): void {
    this.#inStep = false;
  }

  /** The call is over: what comes now is command dialogue, out of step until {@link synchronise}. */
  backToCommandState(): void {
    this.#dialogue.toCommandState();
    this.#inStep = false;
    this.#owed = true;
  }

  async #setOneByOne(deadline: number, signal?: AbortSignal): Promise<void> {
    for (const line of ['ATE1', 'ATV1', 'ATQ0']) {
      await this.ask(line, { limitMs: deadline - this.#clock.now(), signal });
    }
  }

  /** An OK can be a late one. An OK after the echo of an `AT` of ours cannot. */
  async #proveEcho(deadline: number, signal?: AbortSignal): Promise<boolean> {
    if (this.#sawEcho) {
      this.#echoes = true;
      return true;
    }
    const limitMs = Math.max(PAUSE_MS, (deadline - this.#clock.now()) / 2);
    this.#echoes = true;
    const echoed = await this.ask('AT', { limitMs, signal });
    if (echoed.result) return true;
    // A modem that will not echo: the best that can be had is an answer after a silence.
    this.#echoes = false;
    await this.drain(2 * PAUSE_MS, 10 * PAUSE_MS);
    const plain = await this.ask('AT', { limitMs: deadline - this.#clock.now(), signal });
    return plain.result !== null;
  }

  /** Waits for the answer to the command begun; null: not in time, or aborted. */
  async #answer(command: AtCommand, deadline: number, signal?: AbortSignal): Promise<Partial<Exchange> | null> {
    const max = command.call ? 1 : READ_BYTES;
    this.#sawEcho = false;
    let quietSince = this.#clock.now();
    for (;;) {
      const now = this.#clock.now();
      const patience = this.#dialogue.patienceMs;
      const until = Math.min(deadline, patience === null ? deadline : quietSince + patience);
      const bytes = now < until && !signal?.aborted ? await this.#next(until - now, max, signal) : null;
      let events: DialogueEvent[] = [];
      if (bytes) {
        quietSince = this.#clock.now();
        events = this.#dialogue.receive(bytes);
      } else if (signal?.aborted || this.#clock.now() >= deadline) {
        return null;
      } else {
        events = this.#dialogue.quiet();
      }
      const result = this.#heard(events);
      if (result) {
        if (this.#dialogue.awaitsLineFeed) await this.#takeLineFeed();
        return result;
      }
    }
  }

  /** After CONNECT and its carriage return one line feed is still the result code's. */
  async #takeLineFeed(): Promise<void> {
    const byte = await this.#next(PAUSE_MS, 1);
    this.#heard(byte ? this.#dialogue.receive(byte) : this.#dialogue.quiet());
  }

  /** No answer came. What the dialogue still holds is told; from here on it is out of step. */
  #giveUp(): readonly string[] {
    this.#inStep = false;
    this.#owed = true;
    if (this.#dialogue.state !== 'running') return [];
    const end = this.#dialogue.expire();
    return 'echoed' in end ? end.lines : [];
  }

  #heard(events: readonly DialogueEvent[]): { lines: readonly string[]; result: ResultCode } | null {
    let result: { lines: readonly string[]; result: ResultCode } | null = null;
    for (const event of events) {
      if (event.kind === 'result') result = { lines: event.lines, result: event.result };
      else if (event.kind === 'echo') this.#sawEcho = true;
      else if (event.kind === 'data') this.#early.push(event.bytes);
      else if (event.kind === 'prompt') this.#events.prompt?.(event.text);
      else if (event.kind === 'unsolicited') this.#events.unsolicited?.(event.unsolicited);
    }
    return result;
  }

  /** What comes within `waitMs`, as events. */
  async #take(waitMs: number, max: number, signal?: AbortSignal): Promise<DialogueEvent[]> {
    const bytes = await this.#next(waitMs, max, signal);
    return bytes ? this.#dialogue.receive(bytes) : [];
  }

  /** The next bytes, or null after `waitMs` or when aborted. Nothing is being read when this returns. */
  async #next(waitMs: number, max: number, signal?: AbortSignal): Promise<Uint8Array | null> {
    const patience = new AbortController();
    const stop = () => patience.abort();
    const cancel = waitMs > 0 ? this.#clock.after(waitMs, stop) : stop;
    if (waitMs <= 0 || signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const bytes = await this.#port.read(max, patience.signal);
      return bytes.length > 0 ? bytes : null;
    } finally {
      cancel();
      signal?.removeEventListener('abort', stop);
    }
  }

  async #pause(until: number, signal?: AbortSignal): Promise<void> {
    const left = until - this.#clock.now();
    if (left > 0) await sleep(this.#clock, left, signal).catch(() => {});
  }
}
