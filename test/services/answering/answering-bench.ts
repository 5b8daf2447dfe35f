import { expect } from 'vitest';
import { type Answered, type AnsweringOptions, answerCalls } from '../../../src/services/answering/answering.ts';
import type { AnsweringEvent } from '../../../src/services/answering/answering-event.ts';
import { Errands } from '../../../src/services/control/errands.ts';
import type { Taker } from '../../../src/services/taker.ts';
import { SessionBench } from '../../modem/session-bench.ts';
import { Bench } from '../../virtual/support/bench.ts';

/** Takes what comes until the far end is gone. */
export const listeningTaker: Taker = async (_session, call, signal) => {
  while ((await call.read(signal)) !== null);
  return { endedBy: signal.aborted ? 'signal' : 'farEnd', unfinished: false, failure: null };
};

/** Our service on one virtual modem, somebody at the keyboard of another, and all the time in the world. */
export class AnsweringBench {
  readonly callee: SessionBench;
  readonly caller: Bench;
  readonly told: AnsweringEvent[] = [];
  readonly errands = new Errands({ id: 'usr5637', name: 'the modem' });
  readonly #stop = new AbortController();
  #running: Promise<Answered | null> | null = null;

  constructor(model = 'usr5637') {
    this.callee = new SessionBench(model, { signal: this.#stop.signal });
    this.caller = new Bench('tfm561u', '5550102', this.callee.bench);
  }

  get dce() {
    return this.callee.bench.dce;
  }

  get kinds(): string[] {
    return this.told.map(({ kind }) => kind);
  }

  async start(options: Partial<AnsweringOptions> = {}): Promise<void> {
    await this.callee.session.open();
    this.#running = answerCalls(this.callee.session, {
      call: {},
      rings: 2,
      once: false,
      refuses: null,
      taker: listeningTaker,
      checkEveryMs: 300_000,
      recover: true,
      power: null,
      suspect: { after: 3, reset: false },
      signal: this.#stop.signal,
      tell: (event) => this.told.push(event),
      errands: this.errands,
      ...options,
    });
    this.#running.catch(() => {});
    await this.sees('waiting');
  }

  /** Until it has told of `kind` so many times. */
  async sees(kind: AnsweringEvent['kind'], times = 1): Promise<void> {
    await this.until(`"${kind}" ${times} times`, () => this.kinds.filter((told) => told === kind).length >= times);
  }

  /** Lets time pass until it holds. */
  async until(what: string, holds: () => boolean, limitMs = 200_000): Promise<void> {
    const { clock } = this.callee.bench;
    const end = clock.now() + limitMs;
    while (!holds()) {
      if (clock.now() > end) expect.fail(`never: ${what}. Told: ${this.kinds.join(' ')}`);
      await this.turn(5);
    }
  }

  async pass(ms: number): Promise<void> {
    const end = this.callee.bench.clock.now() + ms;
    while (this.callee.bench.clock.now() < end) await this.turn(5);
  }

  /** Calls us and waits for CONNECT. */
  async call(): Promise<void> {
    const waits = this.kinds.filter((kind) => kind === 'connect').length;
    this.caller.type('ATD5550101\r');
    await this.sees('connect', waits + 1);
  }

  /** Aborts it; what it returned. */
  end(): Promise<Answered | null> {
    this.#stop.abort();
    return this.ended();
  }

  ended(): Promise<Answered | null> {
    if (!this.#running) throw new Error('it was not started');
    return this.callee.run(this.#running);
  }

  private async turn(ms: number): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.callee.bench.clock.advance(ms);
  }
}
