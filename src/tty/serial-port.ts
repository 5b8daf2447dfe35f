/** A Port on a real tty, or on the slave of a PTY. */
import { readSync, writeSync } from 'node:fs';
import type { Clock } from '../core/clock.ts';
import { ModemctlError } from '../core/errors.ts';
import { type Libc, loadLibc } from '../native/libc.ts';
import type { SerialBinding } from '../native/serial.ts';
import { leave } from './leave.ts';
import { sendBreakInChild, setDtrInChild, setHangUpOnClose, unlockInChild } from './line-child.ts';
import type { Circuits, Port } from './port.ts';
import { circuitsOf } from './terminal-settings.ts';

/** asm-generic/ioctls.h. */
const TIOCOUTQ = 0x5411;
const FIONREAD = 0x541b;
const TIOCEXCL = 0x540c;
const TIOCNXCL = 0x540d;
/** asm-generic/termbits.h */
const HUPCL = 0x400;
/** <sys/file.h> */
const LOCK_UN = 8;

/** libuv's UV_READABLE and UV_WRITABLE. */
const POLL = { readable: 1, writable: 2 };
type PollEvent = keyof typeof POLL;

const OPERATIONS_IN_A_ROW = 16;
/** Of a read that brought as much there is more to come. */
const STREAM_PIECE = 1024;

interface Waiter {
  resolve: () => void;
  reject: (error: unknown) => void;
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
  #operations = 0;
  #isEmptied = false;
  readonly #readable = Buffer.alloc(4);
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
    if (this.fd === null || this.#isPty) return;
    this.#libc?.ioctl(this.fd, TIOCEXCL, 0);
    await this.#hangUpOnClose(this.fd);
  }

  /** A call that was kept once has left HUPCL off, and nothing but it hangs up when we are killed. A call that is still up keeps what it was given. */
  async #hangUpOnClose(fd: number): Promise<void> {
    if (this.#keepsLine(fd) === false) return;
    if ((await this.circuits())?.dcd === false) await setHangUpOnClose(this.#clock, fd, true);
  }

  get fd(): number | null {
    return this.#binding.fd;
  }

  get #isPty(): boolean {
    return this.path.startsWith('/dev/pts/');
  }

  async read(max: number, signal?: AbortSignal): Promise<Uint8Array> {
    const buffer = Buffer.allocUnsafe(max);
    if (this.#isEmptied && !signal?.aborted) await this.#until('readable', signal);
    for (;;) {
      const count = this.#fill(buffer);
      if (count > 0) {
        this.#unconfirmed = false;
        await this.#fairly();
        return buffer.subarray(0, count);
      }
      if (signal?.aborted) return buffer.subarray(0, 0);
      await this.#until('readable', signal);
    }
  }

  /** Reads what there is. A stream comes in pieces of 4 kB, the size of the kernel's line buffer: they are gathered, since each costs as much as a big one further on. */
  #fill(buffer: Buffer): number {
    let filled = 0;
    for (;;) {
      const from = filled;
      const count = this.#attempt((fd) => readSync(fd, buffer, from, buffer.length - from, null));
      // A tty that was hung up reads as an end of file, for ever; what came before it is told first.
      if (count === 0 && filled === 0) throw this.#gone();
      filled += count ?? 0;
      // To read in vain costs an exception: a little is all there was, and of more the kernel can be asked.
      this.#isEmptied = count === null || count < STREAM_PIECE || this.#holdsNothing();
      if (this.#isEmptied || filled === buffer.length) return filled;
    }
  }

  /** False where it cannot be told. */
  #holdsNothing(): boolean {
    const asked = this.fd === null ? null : this.#libc?.ioctl(this.fd, FIONREAD, this.#readable);
    return asked?.errno === null && this.#readable.readInt32LE() === 0;
  }

  async write(data: Uint8Array): Promise<void> {
    let sent = 0;
    while (sent < data.length) {
      this.#unconfirmed = true;
      const rest = data.subarray(sent);
      const count = this.#attempt((fd) => writeSync(fd, rest));
      if (count === null) await this.#until('writable');
      else {
        sent += count;
        await this.#fairly();
      }
    }
  }

  async circuits(): Promise<Circuits | null> {
    if (this.fd === null) return null;
    if (this.#libc) return circuitsOf(this.#libc, this.fd);
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

  async keepLine(keeps: boolean): Promise<boolean> {
    // Closing a PTY is all its other side sees of DTR.
    if (this.fd === null || this.#isPty) return false;
    return this.#keepsLine(this.fd) === keeps || setHangUpOnClose(this.#clock, this.fd, !keeps);
  }

  /** As the tty is set now; null: it cannot be told without koffi. */
  #keepsLine(fd: number): boolean | null {
    const termios = this.#libc?.tcgetattr(fd);
    return termios ? (termios.controlFlags & HUPCL) === 0 : null;
  }

  async sendBreak(): Promise<boolean> {
    return this.fd !== null && !this.#isPty && (await sendBreakInChild(this.#clock, this.fd));
  }

  async share(): Promise<void> {
    if (this.fd === null) return;
    // Without koffi there is no TIOCEXCL to give up.
    this.#libc?.ioctl(this.fd, TIOCNXCL, 0);
    if (this.#libc) this.#libc.flock(this.fd, LOCK_UN);
    else await unlockInChild(this.#clock, this.fd);
  }

  close(): Promise<void> {
    if (!this.#isClosing) {
      // Before anything else: closing ends the reads and writes that wait, and they end up here.
      this.#isClosing = true;
      const left = leave(this.#clock, this.fd, this.#mayHoldUnsent(), () => this.#binding.close());
      this.#closed = left.finally(() => this.#binding.poller.removeAllListeners());
    }
    return this.#closed;
  }

  #mayHoldUnsent(): boolean {
    if (this.#lost || this.fd === null) return false;
    const queued = Buffer.alloc(4);
    if (this.#libc?.ioctl(this.fd, TIOCOUTQ, queued).errno === null) return queued.readInt32LE() > 0;
    return this.#unconfirmed;
  }

  /** One read or write of a descriptor that does not block; null: it would have. */
  #attempt(operate: (fd: number) => number): number | null {
    const fd = this.fd;
    if (fd === null || this.#isClosing) throw this.#gone();
    for (;;) {
      try {
        return operate(fd);
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code;
        if (code === 'EAGAIN') return null;
        if (code !== 'EINTR') throw this.#gone(error);
      }
    }
  }

  /** Where there is always more, timers and signals must have their turn too. */
  async #fairly(): Promise<void> {
    if (++this.#operations % OPERATIONS_IN_A_ROW === 0) await new Promise((resolve) => setImmediate(resolve));
  }

  async #until(event: PollEvent, signal?: AbortSignal): Promise<void> {
    // A poller that is closed takes the process with it.
    if (this.fd === null || this.#isClosing) throw this.#gone();
    return new Promise((resolve, reject) => {
      const waiters = this.#waiting[event];
      const waiter: Waiter = { resolve, reject };
      if (signal) {
        const onAbort = () => {
          const at = waiters.indexOf(waiter);
          if (at >= 0) waiters.splice(at, 1);
          resolve();
          if (!this.#isClosing) this.#poll();
        };
        signal.addEventListener('abort', onAbort, { once: true });
        waiter.resolve = () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        };
        waiter.reject = (error) => {
          signal.removeEventListener('abort', onAbort);
          reject(error);
        };
      }
      waiters.push(waiter);
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
