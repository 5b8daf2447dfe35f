/** A call for pppd: handed over, watched, and taken back however it ends. */
import type { Clock } from '../../core/clock.ts';
import { LastWill } from '../../core/last-will.ts';
import { handOver, type ProgramEnd } from '../../modem/hand-over.ts';
import { type Taken, type Taker, taken, takenByTrouble } from '../taker.ts';
import { type LinkOptions, pppdArguments } from './link-options.ts';
import { describePppdEnd, type PppdEnding, pppdEnding, takenByPppd } from './pppd-end.ts';
import { PppdLog, type PppLink, type Traffic } from './pppd-log.ts';
import { shareNetwork } from './sharing.ts';

/** What becomes of a link, for people and for the report. */
export interface PppEvents {
  up(link: PppLink): void;
  /** @param reason in words */
  down(reason: string, traffic: Traffic | null, end: ProgramEnd | null): void;
  /** What pppd says. */
  log(line: string): void;
  /** Something that is not as it should be, and does not end the call. */
  note(text: string): void;
}

export interface PppTakerOptions {
  /** The path of pppd. */
  readonly pppd: string;
  readonly link: LinkOptions;
  /** Lets the far end use our network. */
  readonly shares: boolean;
  readonly isRoot: boolean;
  readonly events: PppEvents;
}

/** A pppd that has said that it ends is gone within this; on a tty that takes no bytes it never would be (tty_wait_until_sent). */
const END_LIMIT_MS = 10_000;

/** When we are asked to end, pppd is asked at once and has so long to say goodbye to the far end and to put routes and name servers back, before it is made to. */
const GOODBYE_MS = 3000;

/** Ends a pppd that would otherwise outlive us, and keep the line. */
const END_PPPD = 'kill -TERM "$1" && sleep 5 && kill -KILL "$1"';

export function pppTaker(options: PppTakerOptions): Taker {
  return async (session, _call, signal) => {
    const watch = new PppdWatch(session.clock, options);
    const { pppd, link, isRoot, events } = options;
    const args = pppdArguments(link, session.tty ?? '', { hasCarrier: await session.hasCarrier(), isRoot });
    let end: ProgramEnd | null = null;
    let will: LastWill | null = null;
    try {
      await handOver(session, {
        argv: [pppd, ...args],
        signal: watch.stuck,
        onOutput: (bytes) => watch.log.receive(bytes),
        onStart: (pid) => {
          will = new LastWill(END_PPPD, [`${pid}`]);
          watch.endWith(signal, pid);
        },
        onEnd: (ended) => {
          end = ended;
        },
      });
    } catch (error) {
      return takenByTrouble(session, error, signal);
    } finally {
      (will as LastWill | null)?.cancel();
      await watch.stop();
      if (end) events.down(watch.reason(end), watch.log.traffic, end);
    }
    return signal.aborted ? taken('signal') : watch.outcome(end);
  };
}

/** One run of pppd, as its log tells it. */
class PppdWatch {
  readonly log: PppdLog;
  readonly #clock: Clock;
  readonly #options: PppTakerOptions;
  readonly #stuck = new AbortController();
  #cancelLimit: (() => void) | null = null;
  #unasked: (() => void) | null = null;
  #sharing: Promise<() => Promise<void>> | null = null;

  constructor(clock: Clock, options: PppTakerOptions) {
    this.#clock = clock;
    this.#options = options;
    this.log = new PppdLog({
      up: (link) => this.#up(link),
      ending: () => {
        if (!this.#cancelLimit) this.#limitEnd(END_LIMIT_MS);
      },
      line: (text) => options.events.log(text),
    });
  }

  /** Aborted when pppd does not come to its end. */
  get stuck(): AbortSignal {
    return this.#stuck.signal;
  }

  /** Asks pppd for its end when we are asked for ours. */
  endWith(signal: AbortSignal, pid: number): void {
    const ask = () => {
      this.#limitEnd(GOODBYE_MS);
      try {
        process.kill(pid, 'SIGTERM');
      } catch {
        // It has ended.
      }
    };
    if (signal.aborted) ask();
    else signal.addEventListener('abort', ask, { once: true });
    this.#unasked = () => signal.removeEventListener('abort', ask);
  }

  reason(end: ProgramEnd): string {
    return describePppdEnd(this.#ending(end));
  }

  outcome(end: ProgramEnd | null): Taken {
    if (!end) return taken('us');
    return takenByPppd(this.#ending(end));
  }

  async stop(): Promise<void> {
    this.#cancelLimit?.();
    this.#unasked?.();
    const unshare = await this.#sharing?.catch(() => null);
    await unshare?.();
  }

  #ending(end: ProgramEnd): PppdEnding {
    return pppdEnding(end, this.stuck.aborted, this.log);
  }

  #limitEnd(limitMs: number): void {
    this.#cancelLimit?.();
    this.#cancelLimit = this.#clock.after(limitMs, () => this.#stuck.abort());
  }

  #up(link: PppLink): void {
    const { events, shares } = this.#options;
    events.up(link);
    if (!shares) return;
    this.#sharing = shareNetwork(link, this.#clock);
    this.#sharing.catch((error) => events.note(error instanceof Error ? error.message : String(error)));
  }
}
