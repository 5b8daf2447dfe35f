import { expect } from 'vitest';
import { Errands } from '../../../src/services/control/errands.ts';
import { type WatchingOptions, watchModem } from '../../../src/services/watching/watching.ts';
import type { WatchingEvent } from '../../../src/services/watching/watching-event.ts';
import { SessionBench } from '../../modem/session-bench.ts';

/** Our service on a virtual modem in memory, and all the time in the world. */
export class WatchingBench extends SessionBench {
  readonly told: WatchingEvent[] = [];
  readonly notes: string[] = [];
  readonly errands = new Errands(this.session);
  readonly #stop: AbortController;
  #running: Promise<void> = Promise.resolve();

  constructor(model = 'usr5637') {
    const stop = new AbortController();
    super(model, { signal: stop.signal });
    this.#stop = stop;
  }

  get dce() {
    return this.bench.dce;
  }

  get kinds(): string[] {
    return this.told.map(({ kind }) => kind);
  }

  async start(options: Partial<WatchingOptions> = {}): Promise<void> {
    await this.session.open();
    this.#running = watchModem(this.session, {
      errands: this.errands,
      checkEveryMs: 300_000,
      recover: true,
      power: null,
      suspect: { after: 3, reset: false },
      signal: this.#stop.signal,
      tell: (event) => this.told.push(event),
      note: (text) => this.notes.push(text),
      ...options,
    });
    this.#running.catch(() => {});
    await this.sees('waiting');
  }

  ring(number: string | null, name: string | null = null, rings = 2): void {
    expect(this.bench.exchange.ringFromOutside('5550101', { number, name }, rings)).not.toBeNull();
  }

  /** Until it has told of `kind` so many times. */
  async sees(kind: WatchingEvent['kind'], times = 1): Promise<void> {
    await this.until(`"${kind}" ${times} times`, () => this.kinds.filter((told) => told === kind).length >= times);
  }

  async until(what: string, holds: () => boolean, limitMs = 900_000): Promise<void> {
    const end = this.bench.clock.now() + limitMs;
    while (!holds()) {
      if (this.bench.clock.now() > end) expect.fail(`never: ${what}. Told: ${this.kinds.join(' ')}`);
      await this.#turn();
    }
  }

  async pass(ms: number): Promise<void> {
    const end = this.bench.clock.now() + ms;
    while (this.bench.clock.now() < end) await this.#turn();
  }

  async end(): Promise<void> {
    this.#stop.abort();
    await this.run(this.#running);
  }

  async #turn(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.bench.clock.advance(5);
  }
}
