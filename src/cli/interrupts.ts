/** Signals that ask us to end. The first lets the command put things in order; the second, or ten seconds, ends us at once. */

const ASKING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const GRACE_MS = 10_000;

export class Interrupts {
  readonly #controller = new AbortController();
  #received: NodeJS.Signals | null = null;

  constructor() {
    for (const name of ASKING) process.on(name, () => this.#on(name));
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The signal that asked us to end, if one did. */
  get received(): NodeJS.Signals | null {
    return this.#received;
  }

  /** Whoever read our output has enough (`| head -1`): end in order, as SIGPIPE would have ended us. */
  readerGone(): void {
    this.#received ??= 'SIGPIPE';
    this.#controller.abort('SIGPIPE');
  }

  /** Ends the process by the signal itself, so that a shell sees how it ended. */
  endBy(name: NodeJS.Signals): void {
    for (const other of ASKING) process.removeAllListeners(other);
    process.kill(process.pid, name);
  }

  #on(name: NodeJS.Signals): void {
    if (this.#received) {
      this.endBy(name);
      return;
    }
    this.#received = name;
    this.#controller.abort(name);
    setTimeout(() => this.endBy(name), GRACE_MS).unref();
  }
}
