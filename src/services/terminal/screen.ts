/** The screen of a terminal in raw mode: the far end's bytes, and what we have to say in between, on lines of its own. */
import { ScreenModes } from './screen-modes.ts';
import type { UserTerminal } from './user-terminal.ts';

const LINE_FEED = 0x0a;

export class Screen {
  readonly #terminal: UserTerminal;
  readonly #mark: (text: string) => string;
  readonly #modes = new ScreenModes();
  #last: Promise<void> = Promise.resolve();
  #atLineStart = true;

  /** @param mark makes a line recognisable as ours */
  constructor(terminal: UserTerminal, mark: (text: string) => string) {
    this.#terminal = terminal;
    this.#mark = mark;
  }

  /** Bytes as they are; resolves when the terminal took them. */
  show(bytes: Uint8Array): Promise<void> {
    this.#modes.shown(bytes);
    return this.#write(bytes);
  }

  /** At the end: what the far end has left switched on is switched off, and the cursor goes to the beginning of a line. */
  async restore(): Promise<void> {
    await this.freshLine();
    await this.#write(Buffer.from(this.#modes.restoring()));
  }

  /** Lines of ours. */
  tell(text: string): Promise<void> {
    const lines = text.split('\n').map((line) => `${this.#mark(line)}\r\n`);
    return this.#write(Buffer.from(`${this.#atLineStart ? '' : '\r\n'}${lines.join('')}`));
  }

  /** A question, with the cursor after it. */
  ask(question: string): Promise<void> {
    return this.#write(Buffer.from(`${this.#atLineStart ? '' : '\r\n'}${this.#mark(question)} `));
  }

  /** The cursor goes to the beginning of a line. */
  freshLine(): Promise<void> {
    return this.#atLineStart ? this.#last : this.#write(Buffer.from('\r\n'));
  }

  #write(bytes: Uint8Array): Promise<void> {
    if (bytes.length > 0) this.#atLineStart = bytes.at(-1) === LINE_FEED;
    this.#last = this.#last.then(() => this.#terminal.write(bytes));
    return this.#last;
  }
}
