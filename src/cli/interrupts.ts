/** Signals that ask us to end. The first lets the command put things in order; the second, or ten seconds, ends us at once. */
import { setMaxListeners } from 'node:events';
import { systemClock } from '../core/clock.ts';

/** SIGQUIT too (Ctrl-\): its default would leave a call up, and a program with the tty behind. SIGUSR1 because Node would open its debugger for it, to every user of the machine. */
const ASKING = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1'] as const;
const GRACE_MS = 10_000;
/** timeout(1) sends its signal twice, npm passes on a Ctrl-C that the terminal has sent us already: within this time it is the same request. */
const SAME_REQUEST_MS = 500;

export class Interrupts {
  readonly #controller = new AbortController();
  readonly #lastMoment: (signal: NodeJS.Signals, late: boolean) => void;
  #received: NodeJS.Signals | null = null;
  #receivedAt = 0;
  #inOrder = false;

  /**
   * @param lastMoment what must be done, at once, when there is no time to put things in order; `late`: there was some, and it was not enough
   */
  constructor(lastMoment: (signal: NodeJS.Signals, late: boolean) => void) {
    this.#lastMoment = lastMoment;
    // Every modem of the process waits on it: Node takes more than ten for a leak, and says so to the user.
    setMaxListeners(0, this.#controller.signal);
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

  /** All is in order, only output may still wait for its reader: from now on the first signal ends us. */
  allInOrder(): void {
    this.#inOrder = true;
  }

  /** Ends the process by the signal itself, so that a shell sees how it ended. */
  endBy(name: NodeJS.Signals): void {
    for (const other of ASKING) process.removeAllListeners(other);
    process.kill(process.pid, name);
  }

  #on(name: NodeJS.Signals): void {
    const now = systemClock.now();
    if (this.#received && !this.#inOrder && now - this.#receivedAt < SAME_REQUEST_MS) return;
    if (this.#received || this.#inOrder) {
      this.#endNow(name);
      return;
    }
    this.#received = name;
    this.#receivedAt = now;
    this.#controller.abort(name);
    setTimeout(() => this.#endNow(name, true), GRACE_MS).unref();
  }

  #endNow(name: NodeJS.Signals, late = false): void {
    this.#lastMoment(name, late && !this.#inOrder);
    this.endBy(name);
  }
}
