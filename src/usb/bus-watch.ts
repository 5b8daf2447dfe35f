/** Waiting for a change of what is plugged in. Driven by hints where the system gives them; without them, and when idle, it looks once a second. */
import { type Clock, sleep, systemClock, toNextSecond } from '../core/clock.ts';
import { type SystemRoots, systemRoots } from '../core/system-roots.ts';
import { fingerprint } from './fingerprint.ts';
import { Hints } from './hints.ts';

export interface BusWatchOptions {
  readonly roots?: SystemRoots;
  readonly virtualFolder?: string;
  readonly clock?: Clock;
  readonly signal?: AbortSignal | undefined;
}

/** The kernel takes a device's node away, which is told, some time before it takes the device out of sysfs, which is not: after a hint it is looked more often for a while. */
const ATTENTIVE_MS = 100;
const ATTENTION_MS = 2000;
/** Hints come in flocks. */
const GAP_MS = 20;

export class BusWatch {
  readonly #options: BusWatchOptions;
  readonly #clock: Clock;
  readonly #roots: SystemRoots;
  readonly #hints: Hints;
  #seen: string | null = null;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #stirredAt: number;

  constructor(options: BusWatchOptions = {}) {
    const { roots = systemRoots, clock = systemClock, virtualFolder } = options;
    this.#options = options;
    this.#roots = roots;
    this.#clock = clock;
    this.#hints = new Hints(roots, virtualFolder);
    this.#stirredAt = clock.now();
  }

  /**
   * Waits until there is a difference from what was there when it last said so; the first time it returns at once.
   * @param limitMs may be infinite
   * @returns false: nothing has changed so far
   * @throws the signal's reason when it is aborted
   */
  async changed(limitMs: number): Promise<boolean> {
    const { signal, virtualFolder } = this.#options;
    const end = this.#clock.now() + limitMs;
    for (;;) {
      const rest = this.#lookedAt + GAP_MS - this.#clock.now();
      if (rest > 0) await sleep(this.#clock, rest, signal);
      const view = fingerprint(this.#roots, virtualFolder);
      const now = this.#clock.now();
      this.#lookedAt = now;
      if (view !== this.#seen) {
        this.#seen = view;
        this.#stirredAt = now;
        this.#hints.refresh();
        return true;
      }
      if (now >= end) return false;
      const pause = now - this.#stirredAt < ATTENTION_MS ? ATTENTIVE_MS : toNextSecond(now);
      if (await this.#hints.wait(this.#clock, Math.min(pause, end - now), signal)) this.#stirredAt = this.#clock.now();
    }
  }

  close(): void {
    this.#hints.close();
  }
}
