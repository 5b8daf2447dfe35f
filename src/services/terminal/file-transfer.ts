/** Files over a call by ZMODEM, YMODEM and XMODEM: the programs of lrzsz, with the call on their stdin and stdout and their progress on the screen. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { type Clock, sleep } from '../../core/clock.ts';
import { homePath } from './home-path.ts';

export type Direction = 'send' | 'get';

export interface Protocol {
  readonly name: string;
  /** The option of `sz` and `rz` for it. */
  readonly option: string;
  /** The sender tells the names of the files. */
  readonly tellsNames: boolean;
}

export const PROTOCOLS: readonly Protocol[] = [
  { name: 'zmodem', option: '--zmodem', tellsNames: true },
  { name: 'ymodem', option: '--ymodem', tellsNames: true },
  { name: 'xmodem', option: '--xmodem', tellsNames: false },
];

/** By its name or the beginning of it; ZMODEM for nothing. */
export function protocolNamed(text: string): Protocol | null {
  return PROTOCOLS.find(({ name }) => name.startsWith(text.toLowerCase())) ?? null;
}

/** What a transfer works with. */
export interface TransferLine {
  /** To the far end. */
  send(bytes: Uint8Array): Promise<boolean>;
  /** To the screen. */
  show(bytes: Uint8Array): Promise<void>;
  readonly clock: Clock;
}

/** `--binary`: no line ends are changed. `-vv`: progress. A file that is there already is not written over but gets a number (`--rename`); rz accepts no paths, and with `--restricted` twice no hidden files. */
const OPTIONS: Readonly<Record<Direction, readonly string[]>> = {
  send: ['-vv', '--binary'],
  get: ['-vv', '--binary', '--rename', '--restricted', '--restricted'],
};
/** Debian calls them sz and rz, others lsz and lrz. */
const PROGRAMS: Readonly<Record<Direction, readonly string[]>> = { send: ['sz', 'lsz'], get: ['rz', 'lrz'] };

export class FileTransfer {
  readonly #direction: Direction;
  readonly #args: readonly string[];
  #stdin: Writable | null = null;

  /** @param path what to send; for what comes by XMODEM, where to save it */
  constructor(direction: Direction, protocol: Protocol, path: string) {
    this.#direction = direction;
    const file = homePath(path);
    this.#args = [...OPTIONS[direction], protocol.option, ...(file === '' ? [] : ['--', file])];
  }

  /** Bytes of the far end; resolves when the program took them, false if there is none to take them. */
  async give(bytes: Uint8Array): Promise<boolean> {
    const stdin = this.#stdin;
    if (!stdin || stdin.destroyed || !stdin.writable) return false;
    await new Promise<void>((resolve) => {
      stdin.once('close', resolve);
      stdin.write(bytes, () => {
        stdin.off('close', resolve);
        resolve();
      });
    });
    return true;
  }

  /**
   * Runs the program to its end; broken off by `signal`, it tells the far end so.
   * @returns how it went, in words
   */
  async run(line: TransferLine, signal: AbortSignal): Promise<string> {
    for (const program of PROGRAMS[this.#direction]) {
      const child = spawn(program, [...this.#args], { stdio: ['pipe', 'pipe', 'pipe'] });
      const started = await new Promise<boolean>((resolve) => {
        child.once('spawn', () => resolve(true)).once('error', () => resolve(false));
      });
      if (started) return this.#carry(program, child, line, signal);
    }
    const [program] = PROGRAMS[this.#direction];
    return `the program ${program} is not installed: sudo apt install lrzsz`;
  }

  async #carry(program: string, child: ChildProcess, line: TransferLine, signal: AbortSignal): Promise<string> {
    const { stdin, stdout, stderr } = child;
    if (!stdin || !stdout || !stderr) return `${program} could not be started`;
    stdin.on('error', () => {});
    this.#stdin = stdin;
    const stop = () => child.kill('SIGINT');
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    // What it says last, to the far end and to us, is still to be delivered after its end.
    const done = Promise.all([
      once(child, 'exit'),
      carry(stdout, (bytes) => line.send(bytes)),
      carry(stderr, (bytes) => line.show(Buffer.from(bytes.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1'))),
    ]).then(([[code]]) => code);
    const code = await Promise.race([done, tooLate(line.clock, signal)]);
    signal.removeEventListener('abort', stop);
    if (code === LATE) child.kill('SIGKILL');
    this.#stdin = null;
    for (const stream of [stdin, stdout, stderr]) stream.destroy();
    if (signal.aborted) return 'transfer broken off';
    return code === 0 ? `${program} is done` : `${program} failed (${code})`;
  }
}

/** Time to tell the far end, on a line that may take nothing any more. */
const BREAK_OFF_MS = 3000;
const LATE = Symbol('late');

async function tooLate(clock: Clock, signal: AbortSignal): Promise<typeof LATE> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  await sleep(clock, BREAK_OFF_MS);
  return LATE;
}

async function carry(from: NodeJS.ReadableStream, to: (bytes: Buffer) => Promise<unknown>): Promise<void> {
  try {
    for await (const bytes of from) await to(bytes as Buffer);
  } catch {
    // Given up: the stream was destroyed.
  }
}
