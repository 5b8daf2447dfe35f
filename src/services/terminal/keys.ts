/** What the user typed, as events, one at a time. */
import { type KeyEvent, PrefixKey } from './prefix-key.ts';
import type { UserTerminal } from './user-terminal.ts';

export class Keys {
  readonly #terminal: UserTerminal;
  readonly #prefix: PrefixKey;
  readonly #waiting: KeyEvent[] = [];

  constructor(terminal: UserTerminal, prefix: number) {
    this.#terminal = terminal;
    this.#prefix = new PrefixKey(prefix);
  }

  /** Gives back what was not used: it comes next. */
  putBack(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#waiting.unshift({ kind: 'data', bytes });
  }

  /** The next event; null when aborted, then nothing was taken, or when the terminal is gone. */
  async next(signal: AbortSignal): Promise<KeyEvent | null> {
    for (;;) {
      if (signal.aborted) return null;
      const event = this.#waiting.shift();
      if (event) return event;
      const typed = await this.#terminal.read(signal);
      if (typed === null) return null;
      this.#waiting.push(...this.#prefix.feed(typed));
    }
  }
}
