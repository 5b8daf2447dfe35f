/**
 * One PTY that plays a serial port: the slave is what a program opens, the master is ours. A PTY has no circuits; what there is of them is seen here: a slave that is open and whose speed is not B0 is DTR.
 *
 * Linux tells by POLLHUP on the master that no slave is open, and by nothing that one was opened: while nobody has it open the master is asked every 20 ms. While somebody has, reading is driven by events
 * and the termios is looked at every 50 ms. Nothing is read that the modem does not take, and nothing is written at a program that would not get it.
 */
import { closeSync, constants, readSync, writeSync } from 'node:fs';
import type { Clock } from '../../core/clock.ts';
import { ModemctlError } from '../../core/errors.ts';
import type { Libc, ReadWatch } from '../../native/libc.ts';

/** What the port is for. */
export interface PtyUser {
  /** DTR rose or fell. */
  dtr(up: boolean): void;
  /** No program has the port open any more. DTR fell before. */
  left(): void;
  /** Bytes of the program; returns how many were taken. {@link PtyPair.resume} tells that more are. */
  receive(bytes: Uint8Array): number;
  /** False: take nothing from the program for now. */
  ready(): boolean;
  /** Bytes for the program. */
  take(max: number): Uint8Array;
  /** True: the bytes are a call's and are written whatever the line discipline does. */
  online(): boolean;
}

const IDLE_POLL_MS = 20;
const TERMIOS_POLL_MS = 50;
/** The kernel's own closing_wait for serial ports. */
const CLOSING_WAIT_MS = 30_000;
const FULL_RETRY_MS = 10;
/** More in one write fills a PTY nobody reads, for no gain. */
const WRITE_MAX = 1024;
const READ_MAX = 4096;
/** <asm-generic/termbits.h>; CBAUD 0 is B0. */
const CBAUD = 0x100f;
const ICANON = 0x2;
const ECHO = 0x8;
const CS8 = 0x30;
const CREAD = 0x80;
const CLOCAL = 0x800;
const HUPCL = 0x400;
const B115200 = 0x1002;
/** TCFLSH and TCIFLUSH. */
const TCFLSH = 0x540b;
const TCIFLUSH = 0;

export class PtyPair {
  /** What a program opens. */
  readonly path: string;
  readonly #libc: Libc;
  readonly #clock: Clock;
  readonly #user: PtyUser;
  readonly #master: number;
  readonly #watch: ReadWatch;
  #closed = false;
  #connected = false;
  #dtr = false;
  #writable = false;
  #unsent: Uint8Array = new Uint8Array();
  #untaken: Uint8Array = new Uint8Array();
  #hungUpSince: number | null = null;
  #cancelPoll: () => void = () => {};
  #cancelRetry: (() => void) | null = null;

  /** @throws ModemctlError HELPER when the system gives no PTY */
  constructor(libc: Libc, clock: Clock, user: PtyUser) {
    this.#libc = libc;
    this.#clock = clock;
    this.#user = user;
    const { O_RDWR, O_NOCTTY, O_NONBLOCK } = constants;
    const opened = libc.posixOpenpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    this.#master = opened.value;
    const path = opened.errno === null ? libc.ptsname(opened.value) : null;
    if (path === null || libc.grantpt(this.#master).errno !== null || libc.unlockpt(this.#master).errno !== null) {
      if (opened.errno === null) libc.close(opened.value);
      throw new ModemctlError('HELPER', `the system gives no PTY (${opened.errno ?? 'devpts'})`);
    }
    this.path = path;
    this.#freshen();
    this.#watch = libc.watchReadable(this.#master, () => this.#readable());
    this.#idle();
  }

  /** Whether a program has it open, as far as is known yet. */
  get isOpen(): boolean {
    return this.#connected;
  }

  /** The modem takes bytes again. */
  resume(): void {
    if (!this.#connected) return;
    if (this.#untaken.length > 0) this.#untaken = this.#untaken.subarray(this.#user.receive(this.#untaken));
    if (this.#untaken.length === 0 && this.#connected && this.#user.ready()) this.#watch.resume();
  }

  /** The modem has bytes for the program. */
  flush(): void {
    while (this.#connected && !this.#cancelRetry && (this.#writable || this.#user.online())) {
      if (this.#unsent.length === 0) this.#unsent = this.#user.take(WRITE_MAX);
      if (this.#unsent.length === 0) return;
      try {
        this.#unsent = this.#unsent.subarray(writeSync(this.#master, this.#unsent));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
        this.#cancelRetry = this.#clock.after(FULL_RETRY_MS, () => {
          this.#cancelRetry = null;
          this.flush();
        });
      }
    }
  }

  /** Unplugs it: a program that has it open sees a hang-up. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#connected = false;
    this.#cancelPoll();
    this.#cancelRetry?.();
    this.#watch.close();
    closeSync(this.#master);
  }

  /** Nobody has it open: waits for somebody. */
  #idle(): void {
    this.#cancelPoll = this.#clock.after(IDLE_POLL_MS, () => {
      const { readable, hungUp } = this.#libc.poll(this.#master);
      // Somebody may have come, written and gone between two looks.
      if (!hungUp || readable) this.#connect();
      else this.#idle();
    });
  }

  #connect(): void {
    this.#connected = true;
    this.#look();
    if (this.#connected) this.resume();
  }

  #disconnect(): void {
    this.#connected = false;
    this.#hungUpSince = null;
    this.#watch.pause();
    this.#cancelPoll();
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    this.#unsent = new Uint8Array();
    this.#untaken = new Uint8Array();
    this.#writable = false;
    this.#setDtr(false);
    this.#user.left();
    if (this.#closed) return;
    this.#freshen();
    this.#idle();
  }

  /** Looks at what no event tells: B0, cooked mode, and a hang-up while nothing is read. */
  #look(): void {
    const termios = this.#libc.tcgetattr(this.#master);
    if (termios) {
      this.#writable = (termios.localFlags & (ICANON | ECHO)) === 0;
      this.#setDtr((termios.controlFlags & CBAUD) !== 0);
    }
    if (!this.#connected) return;
    this.flush();
    if (this.#isAbandoned()) this.#disconnect();
    else this.#cancelPoll = this.#clock.after(TERMIOS_POLL_MS, () => this.#look());
  }

  /** While nothing is read no event tells of a hang-up. What the program wrote before it left is still delivered, for as long as closing a real port would have waited. */
  #isAbandoned(): boolean {
    const isHeld = this.#untaken.length > 0 || !this.#user.ready();
    if (!isHeld || !this.#libc.poll(this.#master).hungUp) {
      this.#hungUpSince = null;
      return false;
    }
    const now = this.#clock.now();
    this.#hungUpSince ??= now;
    return !this.#user.ready() || now - this.#hungUpSince > CLOSING_WAIT_MS;
  }

  #readable(): void {
    if (!this.#connected) return;
    if (!this.#user.ready() || this.#untaken.length > 0) {
      this.#watch.pause();
      return;
    }
    const buffer = Buffer.alloc(READ_MAX);
    let count: number;
    try {
      count = readSync(this.#master, buffer, 0, READ_MAX, null);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return;
      count = 0;
    }
    if (count === 0) {
      this.#disconnect();
      return;
    }
    const taken = this.#user.receive(buffer.subarray(0, count));
    if (taken === count || !this.#connected) return;
    this.#untaken = buffer.subarray(taken, count);
    this.#watch.pause();
  }

  #setDtr(up: boolean): void {
    if (up === this.#dtr) return;
    this.#dtr = up;
    this.#user.dtr(up);
  }

  /**
   * Makes the slave as a new port is: raw, nothing in it for the next program, and (because it was open once) hung up. Where the next program is there already, and has it to itself (TIOCEXCL), it is left to it.
   */
  #freshen(): void {
    const slave = this.#libc.open(this.path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    if (slave.errno !== null) return;
    const termios = this.#libc.tcgetattr(slave.value);
    if (termios) {
      const [inputFlags, outputFlags, localFlags] = [0, 0, 0];
      const controlFlags = CS8 | CREAD | CLOCAL | HUPCL | B115200;
      const words = new Uint32Array(termios.raw.buffer, termios.raw.byteOffset, 4);
      words.set([inputFlags, outputFlags, controlFlags, localFlags]);
      this.#libc.tcsetattr(slave.value, termios.raw);
    }
    this.#libc.ioctl(slave.value, TCFLSH, TCIFLUSH);
    this.#libc.close(slave.value);
  }
}

/** Node does not name it: no child of ours is to inherit the master. */
const O_CLOEXEC = 0o2000000;
