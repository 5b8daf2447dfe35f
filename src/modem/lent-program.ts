/** A program that is given the modem: started so that it waits for its turn, watched, and ended with all that it leaves behind on the tty. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type Clock, sleep, TIMED_OUT, within } from '../core/clock.ts';
import { ModemctlError } from '../core/errors.ts';
import { openersOf } from '../tty/holders.ts';

/** How the program ended. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface LentProgramOptions {
  readonly argv: readonly [string, ...string[]];
  readonly tty: string;
  /** Added to our own environment, besides MODEMCTL_TTY. */
  readonly env: NodeJS.ProcessEnv;
  /** Gets what it writes to stdout; it has no stdin then. */
  readonly onOutput?: ((bytes: Uint8Array) => void) | undefined;
  /** Whoever has the tty when it is to end is ended too, kin or not. */
  readonly endsOthers: boolean;
  readonly clock: Clock;
}

/** The shell waits for a line, so that nothing of the program runs before everything is its own; the pid stays. */
const GATE = 'read -r _ <&3 || exit 1; exec 3<&-; exec "$@"';
/** A Ctrl-C at the terminal has reached the program as well: it may end by itself, then it is asked to, then it is made to. */
const ENDING = [
  [null, 1000],
  ['SIGTERM', 2000],
  ['SIGKILL', 1000],
] as const;
const LOOK_MS = 100;

export class LentProgram {
  readonly ended: Promise<ProgramEnd>;
  readonly #tty: string;
  readonly #clock: Clock;
  readonly #endsOthers: boolean;
  readonly #child: ChildProcess;
  /** Those who had the tty before it. */
  readonly #others: ReadonlySet<number>;

  /** Starts the waiting. */
  constructor({ argv, tty, env, onOutput, endsOthers, clock }: LentProgramOptions) {
    this.#tty = tty;
    this.#clock = clock;
    this.#endsOthers = endsOthers;
    this.#others = new Set(openersOf(tty));
    this.#child = spawn('/bin/sh', ['-c', GATE, 'sh', ...argv], {
      stdio: onOutput ? ['ignore', 'pipe', 'inherit', 'pipe'] : ['inherit', 'inherit', 'inherit', 'pipe'],
      env: { ...process.env, MODEMCTL_TTY: tty, ...env },
    });
    if (onOutput) this.#child.stdout?.on('data', onOutput);
    this.ended = new Promise((resolve, reject) => {
      this.#child.on('exit', (code, signal) => resolve({ code, signal }));
      this.#child.on('error', ({ message }) =>
        reject(new ModemctlError('HELPER', `no program can be run: ${message}`)),
      );
    });
    this.ended.catch(() => {});
  }

  /** Null: not even the shell could be started. */
  get pid(): number | null {
    return this.#child.pid ?? null;
  }

  /** Its turn has come. */
  go(): void {
    const gate = this.#child.stdio[3] as NodeJS.WritableStream;
    gate.on('error', () => {});
    gate.end('\n');
  }

  /** The processes that have the tty since: the program, or what it started. */
  openers(): number[] {
    return openersOf(this.#tty).filter((pid) => !this.#others.has(pid));
  }

  /** Ends it, and what of its kin has the tty. */
  async end(): Promise<ProgramEnd> {
    const clock = this.#clock;
    let end: ProgramEnd | typeof TIMED_OUT = TIMED_OUT;
    for (const [signal, patienceMs] of ENDING) {
      const until = clock.now() + patienceMs;
      if (signal) {
        this.#child.kill(signal);
        for (const pid of this.openers()) if (this.#endsOthers || this.#isKin(pid)) kill(pid, signal);
      }
      end = await within(clock, patienceMs, this.ended);
      if (end !== TIMED_OUT && (await this.isOffTheTty(until - clock.now()))) return end;
    }
    // In the kernel's hands, on a wedged device: it ends when its call returns.
    this.#child.unref();
    return end === TIMED_OUT ? { code: null, signal: 'SIGKILL' } : end;
  }

  /** Waits until nothing of it has the tty any more. */
  async isOffTheTty(limitMs: number): Promise<boolean> {
    const deadline = this.#clock.now() + limitMs;
    while (this.openers().length > 0) {
      if (this.#clock.now() >= deadline) return false;
      await sleep(this.#clock, LOOK_MS);
    }
    return true;
  }

  /** Whether a process descends from it, also after its parent's death: the environment is inherited. */
  #isKin(pid: number): boolean {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`MODEMCTL_TTY=${this.#tty}`);
    } catch {
      return false;
    }
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended, or is another user's.
  }
}
