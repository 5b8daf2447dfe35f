/**
 * Tells systemd how a service does (sd_notify(3)), if it asked to be told. Where koffi is missing by systemd-notify(1), which is another process: the unit needs `NotifyAccess=all` then.
 */
import { runBounded } from '../core/bounded-child.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import { loadLibc } from './libc.ts';

const LIMIT_MS = 5000;

export class ServiceManager {
  readonly #clock: Clock;
  readonly #socket: string | null;
  /** Of the watchdog; null: there is none. */
  readonly #everyMs: number | null;
  #isReady = false;
  #status = '';
  #cancel: (() => void) | null = null;
  /** One message after the other. */
  #last: Promise<unknown> = Promise.resolve();

  /** Takes what concerns it out of `env`: the programs that we start are not the service. */
  constructor(env: NodeJS.ProcessEnv = process.env, clock: Clock = systemClock) {
    this.#clock = clock;
    const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: limitUs, WATCHDOG_PID: pid } = env;
    this.#socket = socket ? socket : null;
    const isOurs = pid === undefined || pid === String(process.pid);
    const limitMs = isOurs ? Number(limitUs) / 1000 : Number.NaN;
    // Half of it, as sd_watchdog_enabled(3) advises.
    this.#everyMs = this.#socket !== null && limitMs > 0 ? limitMs / 2 : null;
    for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete env[name];
  }

  /** The service does its work from now on; the watchdog begins. Only the first time counts. */
  ready(): void {
    if (this.#isReady) return;
    this.#isReady = true;
    this.#send('READY=1');
    this.#feed();
  }

  /** What `systemctl status` shows. */
  status(text: string): void {
    if (text === this.#status) return;
    this.#status = text;
    this.#send(`STATUS=${text.replaceAll('\n', ' ')}`);
  }

  /** The service ends. Returns when systemd was told, or could not be. */
  async end(): Promise<void> {
    this.#cancel?.();
    if (this.#isReady) this.#send('STOPPING=1');
    await this.#last;
  }

  #feed(): void {
    if (this.#everyMs === null) return;
    this.#cancel = this.#clock.after(this.#everyMs, () => {
      this.#send('WATCHDOG=1');
      this.#feed();
    });
  }

  #send(message: string): void {
    const socket = this.#socket;
    if (socket === null) return;
    this.#last = this.#last.then(async () => {
      const libc = await loadLibc();
      if (libc) return libc.sendDatagram(socket, message);
      const args = [`NOTIFY_SOCKET=${socket}`, 'systemd-notify', '--no-block', message];
      return runBounded('env', args, { deadlineMs: LIMIT_MS, clock: this.#clock });
    });
  }
}
