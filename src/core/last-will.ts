/**
 * What has to be done when this process is no more, however it ended: a small shell waits at a pipe, and the kernel closes the pipe. It leads a session of its own, so that Ctrl-C does not reach it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { type Clock, within } from './clock.ts';

/** A line means that there is nothing to do; the end of the pipe means that we are gone. */
const WAIT = 'read -r _ && exit 0\n';

export class LastWill {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  /**
   * @param script for /bin/sh
   * @param args its $1 and so on
   * @param fd a descriptor of ours that it has as its 3
   */
  constructor(script: string, args: readonly string[], fd?: number) {
    this.#child = spawn('/bin/sh', ['-c', WAIT + script, 'modemctl', ...args], {
      stdio: ['pipe', 'ignore', 'ignore', ...(fd === undefined ? [] : [fd])],
      detached: true,
    });
    this.#ended = new Promise((resolve) => {
      this.#child.on('exit', () => resolve());
      this.#child.on('error', () => resolve());
    });
    this.#child.stdin?.on('error', () => {});
    this.#child.unref();
  }

  /** There is nothing to be done any more. */
  cancel(): void {
    this.#child.stdin?.end('\n');
  }

  /** Has it done now, and waits for that. */
  async execute(clock: Clock, limitMs: number): Promise<void> {
    this.#child.stdin?.end();
    await within(clock, limitMs, this.#ended);
  }
}
