/** The modem's turn: a command line is thought about, if the modem is a slow one, and executed. Meanwhile it takes no bytes. */
import type { Clock } from '../../core/clock.ts';

export class Turn {
  readonly #clock: Clock;
  readonly #over: () => void;
  #cancelThinking: (() => void) | null = null;
  #executing = false;
  #since = 0;

  /** @param over called when bytes are taken again */
  constructor(clock: Clock, over: () => void) {
    this.#clock = clock;
    this.#over = over;
  }

  get thinking(): boolean {
    return this.#cancelThinking !== null;
  }

  /** Answers being said can bring the DTE to talk already; it waits. */
  get busy(): boolean {
    return this.thinking || this.#executing;
  }

  /** Since the latest execution began. */
  get elapsedMs(): number {
    return this.#clock.now() - this.#since;
  }

  /** Executes, after a while. */
  begin(thinkMs: number, execute: () => void): void {
    if (thinkMs === 0) {
      this.execute(execute);
      return;
    }
    this.#cancelThinking = this.#clock.after(thinkMs, () => {
      this.#cancelThinking = null;
      this.execute(execute);
    });
  }

  /** Executes at once: a line, the rest of one, or what the modem does of its own accord. */
  execute(execute: () => void): void {
    this.#executing = true;
    this.#since = this.#clock.now();
    execute();
    this.#executing = false;
    this.#over();
  }

  cancel(): void {
    this.#cancelThinking?.();
    this.#cancelThinking = null;
  }
}
