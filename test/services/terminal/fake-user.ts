import type { UserTerminal } from '../../../src/services/terminal/user-terminal.ts';

/** A user at a terminal: types when told to, and what is on the screen is kept. */
export class FakeUser implements UserTerminal {
  readonly #typed: Uint8Array[] = [];
  readonly #shown: Uint8Array[] = [];
  #wake: () => void = () => {};
  #isGone = false;
  /** While set, the terminal takes nothing. */
  frozen: Promise<void> | null = null;

  type(text: string | Uint8Array): void {
    this.#typed.push(typeof text === 'string' ? Buffer.from(text) : text);
    this.#wake();
  }

  /** The terminal is closed. */
  leave(): void {
    this.#isGone = true;
    this.#wake();
  }

  get screen(): string {
    return this.bytes.toString();
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#shown);
  }

  async read(signal: AbortSignal): Promise<Uint8Array | null> {
    for (;;) {
      if (signal.aborted) return null;
      const typed = this.#typed.shift();
      if (typed) return typed;
      if (this.#isGone) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.frozen;
    this.#shown.push(Uint8Array.from(bytes));
  }
}
