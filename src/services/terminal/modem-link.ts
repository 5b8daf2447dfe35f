/** The modem itself as a terminal's other end: what it sends, what is typed, DCD looked at meanwhile, and the modem waited for when it was unplugged or reset. */

import { sleep } from '../../core/clock.ts';
import { type ErrorCode, isModemctlError, ModemctlError } from '../../core/errors.ts';
import type { Session } from '../../modem/session.ts';
import { waitForModem } from '../../usb/presence.ts';
import { CallWatch } from './call-watch.ts';
import type { TerminalLink } from './link.ts';

const READ_BYTES = 16_384;
const LOOK_MS = 500;
/** A modem that is away is waited for until the user quits; this only bounds one wait. */
const WAIT_MS = 3_600_000;
/** Another program (ModemManager) may look at a modem that has just come. */
const RETRY_MS = 1000;
/** What may be different at the next try. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['IN_USE', 'NOT_RESPONDING', 'GONE']);

/** What happened besides bytes. */
export type ModemNews =
  | { readonly kind: 'carrier'; readonly on: boolean }
  | { readonly kind: 'gone' }
  | { readonly kind: 'back' }
  /** It is back, and another program has it. */
  | { readonly kind: 'inUse'; readonly message: string };

export class ModemLink implements TerminalLink {
  readonly call = new CallWatch();
  readonly #session: Session;
  readonly #tell: (news: ModemNews) => void;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #received = 0;
  #sent = 0;

  constructor(session: Session, tell: (news: ModemNews) => void) {
    this.#session = session;
    this.#tell = tell;
  }

  get received(): number {
    return this.#received;
  }

  get sent(): number {
    return this.#sent;
  }

  /** @throws ModemctlError GONE: another device is at its place, or it has no place to come back to; DENIED */
  async read(signal: AbortSignal): Promise<Uint8Array | null> {
    while (!signal.aborted) {
      if (!this.#session.isOpen) {
        await this.#comeBack(signal);
        continue;
      }
      try {
        await this.#look();
        const bytes = await this.#next(signal);
        if (bytes.length === 0) continue;
        this.#received += bytes.length;
        this.call.received(bytes);
        return bytes;
      } catch (error) {
        if (!isModemctlError(error, 'GONE') || this.#session.info === null) throw error;
        await this.#session.close();
      }
    }
    return null;
  }

  async write(bytes: Uint8Array): Promise<boolean> {
    if (!this.#session.isOpen) return false;
    try {
      await this.#session.port.write(bytes);
      this.#sent += bytes.length;
      return true;
    } catch (error) {
      // Whoever reads finds out as well, and waits for it.
      if (isModemctlError(error, 'GONE')) return false;
      throw error;
    }
  }

  async #next(signal: AbortSignal): Promise<Uint8Array> {
    const { clock, port } = this.#session;
    const patience = new AbortController();
    const stop = () => patience.abort();
    const cancel = clock.after(LOOK_MS, stop);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await port.read(READ_BYTES, patience.signal);
    } finally {
      cancel();
      signal.removeEventListener('abort', stop);
    }
  }

  async #look(): Promise<void> {
    const now = this.#session.clock.now();
    if (now - this.#lookedAt < LOOK_MS) return;
    this.#lookedAt = now;
    const news = this.call.carrier(await this.#session.hasCarrier());
    if (news) this.#tell({ kind: 'carrier', on: news === 'up' });
  }

  async #comeBack(signal: AbortSignal): Promise<void> {
    const { info, clock } = this.#session;
    if (info === null) throw new ModemctlError('GONE', `${this.#session.name} went away`);
    this.#tell({ kind: 'gone' });
    this.call.over();
    let told = false;
    while (!signal.aborted) {
      const presence = await waitForModem(info, { deadlineMs: WAIT_MS, clock, signal }).catch((error) => {
        if (signal.aborted) return null;
        throw error;
      });
      if (presence?.kind === 'late' && presence.stage === 'denied') throw this.#denied();
      if (presence?.kind !== 'ready') continue;
      try {
        await this.#session.reopen(presence.info);
        this.#tell({ kind: 'back' });
        return;
      } catch (error) {
        // Another device at its place is told by whoever waits.
        if (!isModemctlError(error) || !PASSING.has(error.code)) throw error;
        if (!told && error.code === 'IN_USE') this.#tell({ kind: 'inUse', message: error.message });
        told ||= error.code === 'IN_USE';
        await sleep(clock, RETRY_MS, signal).catch(() => {});
      }
    }
  }

  #denied(): ModemctlError {
    return new ModemctlError('DENIED', `${this.#session.name} came back without the right to open it`, {
      hint: 'sudo modemctl setup',
      details: { modem: this.#session.id },
    });
  }
}
