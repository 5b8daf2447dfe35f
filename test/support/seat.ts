/** A terminal to sit at: a PTY whose user is the test. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { systemClock } from '../../src/core/clock.ts';
import { requireLibc } from '../../src/native/libc.ts';
import { PtyPair } from '../../src/virtual/faces/pty-pair.ts';
import type { Lab, Running } from './cli.ts';

export class Seat {
  /** How the terminal is before anybody sits there. */
  readonly before: string;
  readonly #pty: PtyPair;
  /** Kept open, so that the terminal outlives the program. */
  readonly #slave: number;
  #typed: Buffer = Buffer.alloc(0);
  #shown: Buffer[] = [];
  /** How many bytes the screen takes from now on; it is slow, or frozen. */
  #room = Number.POSITIVE_INFINITY;

  private constructor(pty: (seat: Seat) => PtyPair) {
    this.#pty = pty(this);
    this.#slave = openSync(this.#pty.path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    execFileSync('stty', ['-F', this.#pty.path, 'sane', '-echo', 'intr', '^C']);
    this.before = this.settings();
  }

  static async open(): Promise<Seat> {
    const libc = await requireLibc('a terminal needs');
    return new Seat(
      (seat) =>
        new PtyPair(libc, systemClock, {
          dtr: () => {},
          left: () => {},
          ready: () => seat.#room > 0,
          online: () => true,
          receive: (bytes) => seat.#show(bytes),
          take: (max) => seat.#take(max),
        }),
    );
  }

  /** The terminal as stdin, stdout and stderr of a program. */
  get stdio(): [number, number, number] {
    return [this.#slave, this.#slave, this.#slave];
  }

  /** Runs modemctl there. */
  start(lab: Lab, args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
    return lab.start(args, { stdio: this.stdio, env: { TERM: 'xterm', NO_COLOR: '1', ...env } });
  }

  type(text: string | Uint8Array): void {
    this.#typed = Buffer.concat([this.#typed, Buffer.from(text as string)]);
    this.#pty.flush();
  }

  get screen(): string {
    return this.bytes.toString();
  }

  get bytes(): Buffer {
    if (this.#shown.length > 1) this.#shown = [Buffer.concat(this.#shown)];
    return this.#shown[0] ?? Buffer.alloc(0);
  }

  /** The screen takes no more than so many bytes from now on. */
  take(room: number): void {
    this.#room = room;
    this.#pty.resume();
  }

  wipe(): void {
    this.#shown = [];
  }

  /** Waits until the screen shows it. */
  async shows(pattern: RegExp, limitMs = 15_000): Promise<void> {
    await this.until(() => pattern.test(this.screen), `${pattern}`, limitMs);
  }

  async until(holds: () => boolean, what: string, limitMs = 15_000): Promise<void> {
    const end = performance.now() + limitMs;
    while (!holds()) {
      const shown = JSON.stringify(this.screen.slice(-2000));
      assert.ok(performance.now() < end, `never: ${what}; the screen shows ${shown}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** All settings of the terminal, as stty writes them. */
  settings(): string {
    return execFileSync('stty', ['-F', this.#pty.path, '-g'], { encoding: 'latin1' }).trim();
  }

  /** Closes the window: the program's terminal is gone. */
  close(): void {
    this.#pty.close();
    closeSync(this.#slave);
  }

  #show(bytes: Uint8Array): number {
    const taken = bytes.subarray(0, this.#room);
    this.#room -= taken.length;
    this.#shown.push(Buffer.from(taken));
    return taken.length;
  }

  #take(max: number): Uint8Array {
    const taken = this.#typed.subarray(0, max);
    this.#typed = this.#typed.subarray(max);
    return taken;
  }
}
