/** A call as a stream of Node's, for programs that use modemctl as a library. */
import { Duplex } from 'node:stream';
import type { Call } from '../modem/call.ts';

/** What is written goes to the far end, what it sends can be read; it ends when the call is over. Ending it, or destroying it, does not hang up. */
export class CallStream extends Duplex {
  readonly #call: Call;
  readonly #given = new AbortController();
  #isReading = false;

  constructor(call: Call) {
    super({ allowHalfOpen: true });
    this.#call = call;
  }

  override _read(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    void this.#readOn();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#call.write(chunk, this.#given.signal).then(
      // After the end of a call there is nobody to write to; that it ended is told by the end of reading.
      () => done(),
      (error: Error) => done(error),
    );
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#given.abort();
    done(error);
  }

  async #readOn(): Promise<void> {
    try {
      for (;;) {
        const bytes = await this.#call.read(this.#given.signal);
        if (bytes === null) {
          if (this.#call.end !== null) this.push(null);
          return;
        }
        if (!this.push(bytes)) return;
      }
    } catch (error) {
      this.destroy(error as Error);
    } finally {
      this.#isReading = false;
    }
  }
}
