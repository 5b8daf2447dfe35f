/** A call that is up, in this process: the far end's bytes, ours to it, and when it is over. */
import type { CallerId } from '../at/caller-id-collector.ts';
import type { Connection } from '../at/connect.ts';
import { type Clock, sleep } from '../core/clock.ts';
import { isModemctlError } from '../core/errors.ts';
import { unlessAborted } from '../core/unless-aborted.ts';
import { CarrierTail } from './carrier-tail.ts';
import { SendBacklog } from './send-backlog.ts';
import { SentBytes } from './sent-bytes.ts';
import type { Session } from './session.ts';

/** Who ended the call, as far as the modem tells. */
export type CallEnd =
  /** The modem said NO CARRIER, or DCD went off: the far end, or the line. */
  | 'carrierLost'
  /** The modem itself was unplugged, reset, or died. */
  | 'modemGone';

/** How often DCD is looked at. */
const CARRIER_LOOK_MS = 250;
/** The beginning of a NO CARRIER that goes no further for so long is data: a modem sends it in one piece. */
const PIECE_MS = 25;
/** A whole NO CARRIER after which nothing comes: now DCD decides, or where there is none, the silence. */
const QUIET_MS = 500;
/** What the modem still had to deliver when DCD went off comes before this. */
const DRAIN_MS = 100;
/** A modem that delivers no more of the call after DCD went off, and yet sends: it is in command state, and echoes what we send it. */
const OFF_MS = 1000;
/** DCD may be told a little later than CONNECT. */
const CARRIER_GRACE_MS = 1000;
/** So many bytes of ours come back right after a NO CARRIER by echo only. */
const SURE_ECHO = 64;
const READ_BYTES = 32_768;

interface Waiting {
  readonly until: number;
  readonly signal: AbortSignal | undefined;
  readonly controller: AbortController;
  end(): void;
}

/** A call that somebody made to us. */
export interface Incoming {
  /** Null: nothing was told of the caller. */
  readonly caller: CallerId | null;
}

export class Call {
  readonly connection: Connection;
  /** Null: we made the call. */
  readonly incoming: Incoming | null;
  /** By the clock of the session. */
  readonly startedAt: number;
  readonly #session: Session;
  readonly #clock: Clock;
  readonly #tail = new CarrierTail();
  readonly #over = new AbortController();
  readonly #backlog: SendBacklog;
  readonly #sentBytes = new SentBytes();
  #early: Uint8Array;
  #received = 0;
  #sent = 0;
  #end: CallEnd | null = null;
  #lookedAt: number;
  /** DCD at the last look; null: there is none. */
  #carrier: boolean | null = null;
  #showedCarrier = false;
  /** Since when it has been off. */
  #offSince: number | null = null;
  #isDrained = false;
  #waiting: Waiting | null = null;

  constructor(session: Session, connection: Connection, incoming: Incoming | null = null) {
    this.#session = session;
    this.#clock = session.clock;
    this.connection = connection;
    this.#backlog = new SendBacklog(connection.rateBps);
    this.incoming = incoming;
    this.startedAt = session.clock.now();
    this.#lookedAt = this.startedAt - CARRIER_LOOK_MS;
    this.#early = session.conversation.takeEarlyData();
  }

  /** Bytes of the far end so far. */
  get received(): number {
    return this.#received;
  }

  /** Bytes of ours that the modem's driver took. */
  get sent(): number {
    return this.#sent;
  }

  /** Null while the call is up, as far as known. */
  get end(): CallEnd | null {
    return this.#end;
  }

  /** Aborted when the call is over. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  get elapsedMs(): number {
    return this.#clock.now() - this.startedAt;
  }

  /**
   * The far end's next bytes.
   * @param signal ends the wait
   * @param max no more than this many are taken from the port, so that the rest is there for whoever gets the call next
   * @returns null when the call is over, all its bytes having been returned, or when aborted
   */
  async read(signal?: AbortSignal, max = READ_BYTES): Promise<Uint8Array | null> {
    const bytes = await this.#read(signal, max);
    if (bytes === null) {
      this.#waiting?.end();
      this.#waiting = null;
    }
    return bytes;
  }

  async #read(signal: AbortSignal | undefined, max: number): Promise<Uint8Array | null> {
    if (this.#early.length > 0) {
      const early = this.#early.subarray(0, max);
      this.#early = this.#early.subarray(early.length);
      return this.#count(early);
    }
    let quietSince = this.#clock.now();
    while (!this.#isDrained && !signal?.aborted) {
      const bytes = await this.#next(quietSince, max, signal);
      if (bytes.length > 0) {
        quietSince = this.#clock.now();
        if (await this.#isOff()) break;
        const data = this.#tail.take(bytes, this.#carrier === null ? (rest) => this.#sentBytes.echo(rest) : null);
        if (this.#tail.echoed >= SURE_ECHO) {
          this.#finish('carrierLost');
          this.#isDrained = true;
        }
        if (data.length > 0) return this.#count(data);
        continue;
      }
      if (signal?.aborted) break;
      if (this.#end === null && (await this.#isLost(this.#clock.now() - quietSince))) this.#finish('carrierLost');
      const data = this.#isHeldBackData(this.#clock.now() - quietSince) ? this.#tail.release() : null;
      if (this.#end !== null) this.#isDrained = true;
      if (data && data.length > 0) return this.#count(data);
    }
    return null;
  }

  /**
   * Sends bytes to the far end; returns when the driver took them.
   * @param secret not for traces and records
   * @returns false: the call is over, or was given up by `signal`
   */
  async write(bytes: Uint8Array, signal?: AbortSignal, { secret = false } = {}): Promise<boolean> {
    if (!(await this.#isUp(signal))) return false;
    // Before: its echo may be here before the driver took the last of it.
    if (this.#carrier === null) this.#sentBytes.add(bytes);
    const writing = this.#session.port.write(bytes, { secret }).then(
      () => true,
      (error) => {
        this.#lost(error);
        return false;
      },
    );
    const done = (await unlessAborted(signal ? [signal, this.over] : [this.over], writing)) ?? false;
    if (done) {
      this.#sent += bytes.length;
      this.#backlog.sent(bytes.length, this.#clock.now());
    }
    return done;
  }

  /** Before we hang up: waits until the modem has had the time to send what it was given. */
  async flush(signal?: AbortSignal): Promise<void> {
    const restMs = this.#backlog.restMs(this.#clock.now());
    if (restMs > 0 && this.#end === null) await sleep(this.#clock, restMs, signal).catch(() => {});
  }

  /** A break, to the far end. False where it could not be sent. */
  sendBreak(): Promise<boolean> {
    return this.#session.port.sendBreak();
  }

  /** What is sent after a NO CARRIER is a command to the modem: while one is held back, whoever reads has to find out what it was. */
  async #isUp(signal?: AbortSignal): Promise<boolean> {
    const deadline = this.#clock.now() + 2 * QUIET_MS;
    while (this.#end === null && this.#tail.isWhole && !signal?.aborted && this.#clock.now() < deadline) {
      await sleep(this.#clock, PIECE_MS);
    }
    return this.#end === null && !signal?.aborted;
  }

  /** The next bytes of the port; empty when it is time to look at something, or the modem is gone. */
  async #next(quietSince: number, max: number, signal?: AbortSignal): Promise<Uint8Array> {
    const look = this.#lookedAt + CARRIER_LOOK_MS;
    const held = this.#tail.isWhole ? QUIET_MS : PIECE_MS;
    const until = this.#tail.holds ? Math.min(look, quietSince + held) : look;
    try {
      return await this.#session.port.read(max, this.#patience(until, signal));
    } catch (error) {
      this.#lost(error);
      return new Uint8Array();
    }
  }

  /** Aborted at a time, or by `signal`. The same as before while both are the same: in a stream of bytes a timer for each would cost more than the bytes. */
  #patience(until: number, signal?: AbortSignal): AbortSignal {
    const last = this.#waiting;
    if (last && last.until === until && last.signal === signal && !last.controller.signal.aborted) {
      return last.controller.signal;
    }
    last?.end();
    const controller = new AbortController();
    const stop = () => controller.abort();
    const cancel = this.#clock.after(Math.max(1, until - this.#clock.now()), stop);
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    const end = () => {
      cancel();
      signal?.removeEventListener('abort', stop);
    };
    this.#waiting = { until, signal, controller, end };
    return controller.signal;
  }

  /** Bytes come: has DCD been off for so long that they are none of the far end's? */
  async #isOff(): Promise<boolean> {
    const now = this.#clock.now();
    if (now - this.#lookedAt < CARRIER_LOOK_MS) return false;
    await this.#look(now);
    if (this.#offSince === null || !this.#showedCarrier || now - this.#offSince < OFF_MS) return false;
    this.#finish('carrierLost');
    this.#isDrained = true;
    return true;
  }

  async #look(now: number): Promise<void> {
    this.#lookedAt = now;
    this.#carrier = await this.#session.hasCarrier();
    this.#showedCarrier ||= this.#carrier === true;
    this.#offSince = this.#carrier === false ? (this.#offSince ?? now) : null;
  }

  /** After a silence: does DCD, or a NO CARRIER that nothing follows, say that the call is over? */
  async #isLost(quietMs: number): Promise<boolean> {
    const now = this.#clock.now();
    if (now - this.#lookedAt >= CARRIER_LOOK_MS || this.#tail.isWhole) await this.#look(now);
    if (this.#carrier === false && quietMs >= DRAIN_MS) {
      return this.#showedCarrier || this.elapsedMs >= CARRIER_GRACE_MS;
    }
    return this.#carrier !== true && this.#tail.isWhole && quietMs >= QUIET_MS;
  }

  #isHeldBackData(quietMs: number): boolean {
    if (!this.#tail.holds) return false;
    if (this.#tail.isWhole) return this.#end === null && this.#carrier === true && quietMs >= QUIET_MS;
    return this.#end !== null || quietMs >= PIECE_MS;
  }

  #count(bytes: Uint8Array): Uint8Array {
    this.#received += bytes.length;
    return bytes;
  }

  #lost(error: unknown): void {
    if (!isModemctlError(error, 'GONE')) throw error;
    this.#finish('modemGone');
  }

  #finish(end: CallEnd): void {
    if (this.#end !== null) return;
    this.#end = end;
    this.#over.abort();
    if (end === 'carrierLost') this.#session.conversation.backToCommandState();
  }
}
