/** Takes what comes from a link and gives it to whoever wants it now: the screen, or a file transfer. It can be made to stop, so that somebody else can have the modem, and to hold what came while the user is asked something. */
import type { TerminalLink } from './link.ts';

export type Sink = (bytes: Uint8Array) => Promise<void>;

export class Receiver {
  /** Settles when the link is over, or fails. */
  readonly linkOver: Promise<void>;
  readonly #link: TerminalLink;
  #sink: Sink;
  #held: Promise<void> | null = null;
  #turn = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #ended: (failure: unknown) => void = () => {};
  #isClosed = false;

  constructor(link: TerminalLink, sink: Sink) {
    this.#link = link;
    this.#sink = sink;
    this.linkOver = new Promise((resolve, reject) => {
      this.#ended = (failure) => (failure === null ? resolve() : reject(failure));
    });
    this.linkOver.catch(() => {});
  }

  start(): void {
    if (this.#isClosed) return;
    this.#turn = new AbortController();
    this.#running = this.#receive(this.#turn.signal).catch((error) => this.#ended(error));
  }

  /** Resolves when nothing is being read any more; what was read has been delivered. */
  async stop(): Promise<void> {
    this.#turn.abort();
    await this.#running;
  }

  /** For good. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.stop();
  }

  /** Another one gets what comes, until `work` is done. */
  async divert<T>(sink: Sink, work: () => Promise<T>): Promise<T> {
    const before = this.#sink;
    this.#sink = sink;
    try {
      return await work();
    } finally {
      this.#sink = before;
    }
  }

  /** What comes waits until `work` is done. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    let goOn = () => {};
    // What was read before is delivered before.
    await this.stop();
    this.#held = new Promise((resolve) => {
      goOn = resolve;
    });
    this.start();
    try {
      return await work();
    } finally {
      this.#held = null;
      goOn();
    }
  }

  async #receive(signal: AbortSignal): Promise<void> {
    for (;;) {
      const bytes = await this.#link.read(signal);
      if (bytes === null) {
        if (!signal.aborted) this.#ended(null);
        return;
      }
      await this.#held;
      await this.#sink(bytes);
    }
  }
}
