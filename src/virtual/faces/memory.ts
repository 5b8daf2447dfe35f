/**
 * The modem as a Port in this process, with its circuits: for tests that need no operating system. As with a tty, a buffer of the host lies between program and modem: a write returns when the host took the
 * bytes, and hangs once a modem that takes none has filled it.
 */
import { ModemctlError } from '../../core/errors.ts';
import type { Circuits, Port } from '../../tty/port.ts';
import type { Dce } from '../dce/dce.ts';

/** What the host takes before write() hangs; cdc_acm takes about as much. */
const HOST_BUFFER = 8192;

/** A write that the host has not wholly taken. */
interface Writing {
  rest: Uint8Array;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface Reading {
  readonly max: number;
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

export class MemoryPort implements Port {
  readonly path: string;
  readonly fd = null;
  readonly #dce: Dce;
  #gone = false;
  #hangsUpOnClose = true;
  #reading: Reading | null = null;
  #buffered: Uint8Array = new Uint8Array();
  #writings: Writing[] = [];

  /** Opens the modem: DTR rises. A modem has one port at a time. */
  constructor(dce: Dce, path = '<memory>') {
    this.path = path;
    this.#dce = dce;
    dce.attach({
      readable: () => this.#readable(),
      writable: () => this.#pump(),
      circuits: () => {},
      presence: (present) => {
        if (!present) this.#leave();
      },
    });
    dce.dtr(true);
  }

  read(max: number, signal?: AbortSignal): Promise<Uint8Array> {
    if (this.#gone) return Promise.reject(this.#goneError());
    if (this.#reading) return Promise.reject(new ModemctlError('BUG', `two reads at once on ${this.path}`));
    const bytes = this.#dce.take(max);
    if (bytes.length > 0 || signal?.aborted) return Promise.resolve(bytes);
    return new Promise((resolve, reject) => {
      const reading = { max, resolve, reject };
      this.#reading = reading;
      const onAbort = () => {
        if (this.#reading !== reading) return;
        this.#reading = null;
        resolve(new Uint8Array());
      };
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  write(data: Uint8Array): Promise<void> {
    if (this.#gone) return Promise.reject(this.#goneError());
    return new Promise((resolve, reject) => {
      this.#writings.push({ rest: Uint8Array.from(data), resolve, reject });
      this.#pump();
    });
  }

  async circuits(): Promise<Circuits> {
    if (this.#gone) throw this.#goneError();
    return this.#dce.circuits;
  }

  async setDtr(up: boolean): Promise<boolean> {
    if (this.#gone) throw this.#goneError();
    this.#dce.dtr(up);
    return true;
  }

  async keepLine(keeps: boolean): Promise<boolean> {
    this.#hangsUpOnClose = !keeps;
    return true;
  }

  async sendBreak(): Promise<boolean> {
    return false;
  }

  async share(): Promise<void> {}

  async close(): Promise<void> {
    if (this.#gone) return;
    this.#leave();
    if (this.#hangsUpOnClose) this.#dce.dtr(false);
  }

  /** Pulls the plug. The modem comes back with `powerOn()`, to a new port. */
  unplug(): void {
    this.#leave();
    this.#dce.powerOff();
  }

  #readable(): void {
    const reading = this.#reading;
    if (!reading) return;
    const bytes = this.#dce.take(reading.max);
    if (bytes.length === 0) return;
    this.#reading = null;
    reading.resolve(bytes);
  }

  /** Moves bytes from the writers to the host's buffer and from there to the modem. */
  #pump(): void {
    for (;;) {
      const taken = this.#buffered.length > 0 && !this.#gone ? this.#dce.accept(this.#buffered) : 0;
      this.#buffered = this.#buffered.subarray(taken);
      const writing = this.#writings[0];
      const room = HOST_BUFFER - this.#buffered.length;
      if (!writing || room === 0 || this.#gone) return;
      this.#buffered = Buffer.concat([this.#buffered, writing.rest.subarray(0, room)]);
      writing.rest = writing.rest.subarray(room);
      if (writing.rest.length > 0) continue;
      this.#writings.shift();
      writing.resolve();
    }
  }

  #leave(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#dce.attach(null);
    this.#buffered = new Uint8Array();
    const waiting = [...(this.#reading ? [this.#reading] : []), ...this.#writings];
    this.#reading = null;
    this.#writings = [];
    for (const { reject } of waiting) reject(this.#goneError());
  }

  #goneError(): ModemctlError {
    return new ModemctlError('GONE', `the modem at ${this.path} went away`);
  }
}
