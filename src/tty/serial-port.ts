/** A Port on a real tty, or on the slave of a PTY. */
import { read, write } from 'node:fs';
import type { Clock } from '../core/clock.ts';
import { ModemctlError } from '../core/errors.ts';
import { type Libc, loadLibc } from '../native/libc.ts';
import type { SerialBinding } from '../native/serial.ts';
import { leave } from './leave.ts';
import { clearHangUpOnClose, setDtrInChild } from './line-child.ts';
import type { Circuits, Port } from './port.ts';

/** asm-generic/ioctls.h and asm-generic/termios.h. */
const TIOCMGET = 0x5415;
const TIOCOUTQ = 0x5411;
const TIOCEXCL = 0x540c;
const TIOCM = { dcd: 0x40, ri: 0x80, dsr: 0x100 };

/** libuv's UV_READABLE and UV_WRITABLE. */
const POLL = { readable: 1, writable: 2 };
type PollEvent = keyof typeof POLL;

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class SerialTtyPort implements Port {
  readonly path: string;
  readonly #binding: SerialBinding;
  readonly #clock: Clock;
  readonly #baudRate: number;
  #libc: Libc | null = null;
  #isClosing = false;
  #closed: Promise<void> = Promise.resolve();
  /** Bytes were written since the modem last sent any, so that they may still wait. */
  #unconfirmed = false;
  #lost = false;
  readonly #waiting: Readonly<Record<PollEvent, Waiter[]>> = { readable: [], writable: [] };

  constructor(path: string, binding: SerialBinding, clock: Clock, baudRate: number) {
    this.path = path;
    this.#binding = binding;
    this.#clock = clock;
    this.#baudRate = baudRate;
    for (const event of ['readable', 'writable'] as const) {
      binding.poller.on(event, (error) => this.#happened(event, error));
    }
  }

  /** Takes the tty for us alone (TIOCEXCL), where koffi is there to ask for it. Not a PTY: there the claim would outlive us, for as long as the master is open. */
  async claim(): Promise<void> {
    this.#libc = await loadLibc();
    if (this.fd !== null && !this.#isPty) this.#libc?.ioctl(this.fd, TIOCEXCL, 0);
  }

  get fd(): number | null {
    return this.#binding.fd;
  }

  get #isPty(): boolean {
    return this.path.startsWith('/dev/pts/');
  }

  async read(max: number): Promise<Uint8Array> {
    const buffer = Buffer.allocUnsafe(max);
    for (;;) {
      const count = await this.#attempt('readable', (fd, done) => read(fd, buffer, 0, max, null, done));
      if (count > 0) {
        this.#unconfirmed = false;
        return buffer.subarray(0, count);
      }
      // A tty that was hung up reads as an end of file, for ever.
      if (count === 0) throw this.#gone();
    }
  }

  async write(data: Uint8Array): Promise<void> {
    let sent = 0;
    while (sent < data.length) {
      this.#unconfirmed = true;
      const rest = data.subarray(sent);
      sent += Math.max(0, await this.#attempt('writable', (fd, done) => write(fd, rest, done)));
    }
  }

  async circuits(): Promise<Circuits | null> {
    if (this.fd === null) return null;
    const bits = Buffer.alloc(4);
    if (this.#libc) {
      if (this.#libc.ioctl(this.fd, TIOCMGET, bits).errno !== null) return null;
      const set = bits.readInt32LE();
      return { dsr: (set & TIOCM.dsr) !== 0, dcd: (set & TIOCM.dcd) !== 0, ri: (set & TIOCM.ri) !== 0 };
    }
    try {
      const { dsr, dcd } = await this.#binding.get();
      return { dsr, dcd, ri: null };
    } catch {
      return null;
    }
  }

  async setDtr(up: boolean): Promise<boolean> {
    if (this.fd === null) return false;
    if (!this.#isPty && (await setDtrInChild(this.#clock, this.fd, up))) return true;
    try {
      // Speed 0 hangs up (termios(3)); it is all a PTY has, and works where koffi and perl are missing.
      await this.#binding.update({ baudRate: up ? this.#baudRate : 0 });
      return true;
    } catch {
      return false;
    }
  }

  async keepLine(): Promise<boolean> {
    // Closing a PTY is all its other side sees of DTR.
    return this.fd !== null && !this.#isPty && (await clearHangUpOnClose(this.#clock, this.fd));
  }

  close(): Promise<void> {
    if (!this.#isClosing) {
      // Before anything else: closing ends the reads and writes that wait, and they end up here.
      this.#isClosing = true;
      this.#closed = leave(this.#clock, this.fd, this.#mayHoldUnsent(), () => this.#binding.close());
    }
    return this.#closed;
  }

  #mayHoldUnsent(): boolean {
    if (this.#lost || this.fd === null) return false;
    const queued = Buffer.alloc(4);
    if (this.#libc?.ioctl(this.fd, TIOCOUTQ, queued).errno === null) return queued.readInt32LE() > 0;
    return this.#unconfirmed;
  }

  /** One read or write; when the descriptor would block, waits until it would not, and returns -1. */
  async #attempt(
    event: PollEvent,
    operate: (fd: number, done: (error: Error | null, count: number) => void) => void,
  ): Promise<number> {
    const fd = this.fd;
    if (fd === null || this.#isClosing) throw this.#gone();
    try {
      return await new Promise<number>((resolve, reject) => {
        operate(fd, (error, count) => (error ? reject(error) : resolve(count)));
      });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EINTR') return -1;
      if (code !== 'EAGAIN') throw this.#gone(error);
    }
    if (this.#isClosing) throw this.#gone();
    await this.#until(event);
    return -1;
  }

  #until(event: PollEvent): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting[event].push({ resolve, reject });
      this.#poll();
    });
  }

  #happened(event: PollEvent, error: Error | null): void {
    for (const { resolve, reject } of this.#waiting[event].splice(0)) {
      if (error) reject(this.#gone(error));
      else resolve();
    }
    if (!error && !this.#isClosing) this.#poll();
  }

  /** The binding's poller, left to itself, forgets an interest or keeps one that nobody has any more, and then is woken by it without end. So it is told what is wanted after each event. */
  #poll(): void {
    const { readable, writable } = this.#waiting;
    this.#binding.poller.poll((readable.length && POLL.readable) | (writable.length && POLL.writable));
  }

  /** Lets go at once: a descriptor held on to makes the modem come back under another number. */
  #gone(cause?: unknown): ModemctlError {
    if (!this.#isClosing) {
      this.#lost = true;
      void this.close();
    }
    return new ModemctlError('GONE', `the modem at ${this.path} went away`, {
      hint: 'modemctl detect --wait 30s',
      cause,
    });
  }
}
