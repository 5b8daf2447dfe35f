/** Something on a PTY that is no modem of ours: it says what a test wants it to. */
import { systemClock } from '../../src/core/clock.ts';
import type { loadLibc } from '../../src/native/libc.ts';
import { PtyPair } from '../../src/virtual/faces/pty-pair.ts';

/** What it says to a command line. */
export type Odd = (line: string) => string;

const INIT = 'ATE1V1Q0';
/** Answers our own set-up as it should, and everything else as it likes. */
export const otherwise =
  (odd: Odd): Odd =>
  (line) =>
    line === INIT || line === 'AT' ? `${line}\r\r\nOK\r\n` : `${line}\r\r\n${odd(line)}`;

export class OddModem {
  /** What it was told, line by line. */
  readonly heard: string[] = [];
  readonly pty: PtyPair;
  #typed = '';
  #output = Buffer.alloc(0);

  constructor(libc: NonNullable<Awaited<ReturnType<typeof loadLibc>>>, odd: Odd) {
    this.pty = new PtyPair(libc, systemClock, {
      dtr: () => {},
      left: () => {
        this.#typed = '';
        this.#output = Buffer.alloc(0);
      },
      receive: (bytes) => {
        this.#typed += Buffer.from(bytes).toString('latin1');
        for (;;) {
          const end = this.#typed.indexOf('\r');
          if (end < 0) break;
          const line = this.#typed.slice(0, end);
          this.#typed = this.#typed.slice(end + 1);
          this.heard.push(line);
          this.#output = Buffer.concat([this.#output, Buffer.from(odd(line), 'latin1')]);
        }
        this.pty.flush();
        return bytes.length;
      },
      ready: () => true,
      take: (max) => {
        const part = this.#output.subarray(0, max);
        this.#output = this.#output.subarray(part.length);
        return part;
      },
      online: () => true,
    });
  }
}
