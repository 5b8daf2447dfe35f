/** One line on stderr that says what is going on and for how long; only on a terminal that can wipe it, and gone without a trace when it ends. */
import { isInBackground } from './background.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;

export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #enabled: boolean;
  readonly #inBackground: () => boolean;
  #timer: NodeJS.Timeout | null = null;
  #text = '';
  #of = '';
  #startedAt = 0;
  #frame = 0;
  #shown = false;

  /** @param inBackground whether what is typed now is meant for another */
  constructor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv, wanted: boolean, inBackground = isInBackground) {
    this.#stream = stream;
    this.#inBackground = inBackground;
    this.#enabled = wanted && stream.isTTY === true && env.TERM !== 'dumb';
  }

  /**
   * Shows the line from now on; a later call replaces it.
   * @param ofMs how long it may take, told beside how long it takes
   */
  start(text: string, ofMs?: number): void {
    if (!this.#enabled) return;
    this.#text = text;
    this.#of = ofMs === undefined ? '' : ` of ${Math.round(ofMs / 1000)}`;
    this.#startedAt = performance.now();
    this.#timer ??= setInterval(() => this.#draw(), FRAME_MS).unref();
  }

  /** Takes the line away for good. */
  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    this.clear();
  }

  /** Wipes the line, so that something else can be printed; it comes back with the next frame. */
  clear(): void {
    if (!this.#shown) return;
    this.#shown = false;
    this.#stream.write('\r\x1b[K');
  }

  #draw(): void {
    // There the shell has the line, and perhaps half a command on it.
    if (this.#inBackground()) {
      this.#shown = false;
      return;
    }
    const seconds = Math.floor((performance.now() - this.#startedAt) / 1000);
    const elapsed = seconds > 0 ? ` ${seconds} s${this.#of}` : '';
    const line = `${FRAMES[this.#frame++ % FRAMES.length]} ${this.#text}${elapsed}`;
    this.#shown = true;
    this.#stream.write(`\r\x1b[K${line.slice(0, (this.#stream.columns || 80) - 1)}`);
  }
}
