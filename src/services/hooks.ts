/**
 * Runs a user's program for each event, with the event in its environment and on its stdin. What it is told may come from a caller, so nothing of it is ever part of a shell's line. A program that hangs, or too
 * many events, must not keep us from watching.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { resolve as absolute } from 'node:path';
import { type Clock, within } from '../core/clock.ts';
import { formatDuration } from '../core/duration.ts';
import { ModemctlError } from '../core/errors.ts';
import { isFile } from '../core/find-program.ts';
import { signalGroup } from '../core/process-group.ts';

export interface HookOptions {
  readonly clock: Clock;
  /** A run that takes longer is killed, with all it has started. */
  readonly limitMs: number;
  /** What went wrong, for people. */
  readonly note: (text: string) => void;
}

interface Run {
  readonly env: NodeJS.ProcessEnv;
  readonly input: string;
}

/** Runs at a time. */
const AT_ONCE = 4;
/** Events that wait for their run; more are dropped. */
const MAX_WAITING = 100;

export class Hooks {
  readonly #argv: readonly [string, ...string[]];
  readonly #options: HookOptions;
  readonly #waiting: Run[] = [];
  readonly #running = new Map<ChildProcess, Promise<void>>();
  #dropped = 0;

  /**
   * @param command a file, run as it is; or a line for /bin/sh
   * @throws ModemctlError USAGE: a file that is not there, or cannot be run
   */
  constructor(command: string, options: HookOptions) {
    this.#argv = argvOf(command);
    this.#options = options;
  }

  /** Runs it, as soon as fewer than {@link AT_ONCE} are running, in the order of the events. */
  run(env: NodeJS.ProcessEnv, event: object): void {
    if (this.#waiting.length >= MAX_WAITING) {
      if (this.#dropped++ === 0) this.#options.note('events come faster than the hook ends; some are not given to it');
      return;
    }
    this.#waiting.push({ env, input: `${JSON.stringify(event)}\n` });
    this.#next();
  }

  /** Waits for those that run, at most `limitMs`, and kills the rest; no more are started. */
  async close(limitMs: number): Promise<void> {
    this.#waiting.length = 0;
    await within(this.#options.clock, limitMs, Promise.all(this.#running.values()));
    for (const child of this.#running.keys()) signalGroup(child, 'SIGKILL');
  }

  #next(): void {
    while (this.#running.size < AT_ONCE) {
      const run = this.#waiting.shift();
      if (!run) {
        this.#dropped = 0;
        return;
      }
      this.#start(run);
    }
  }

  #start({ env, input }: Run): void {
    const { clock, limitMs, note } = this.#options;
    const [program, ...args] = this.#argv;
    // A group of its own: Ctrl-C is for us, and whoever is killed goes with all it has started. Its output is talk; stdout is ours.
    const child = spawn(program, args, {
      stdio: ['pipe', 2, 2],
      detached: true,
      env: { ...process.env, ...env },
    });
    const ended = new Promise<void>((resolve) => {
      const cancel = clock.after(limitMs, () => {
        note(`the hook took longer than ${formatDuration(limitMs)} and was killed`);
        signalGroup(child, 'SIGKILL');
      });
      const over = (trouble: string | null) => {
        if (!this.#running.delete(child)) return;
        cancel();
        if (trouble) note(`the hook ${trouble}`);
        this.#next();
        resolve();
      };
      child.on('error', (error) => over(`cannot be run: ${error.message}`));
      child.on('exit', (code, by) =>
        over(code ? `ended with ${code}` : by && by !== 'SIGKILL' ? `was ended by ${by}` : null),
      );
    });
    this.#running.set(child, ended);
    // It need not read what it is told.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  }
}

/** A path alone, which a shell would take for one as well, is meant to be a file. */
export const PATH_ALONE = /^[\w@%+=:,./-]*\/[\w@%+=:,./-]*$/;

function argvOf(command: string): [string, ...string[]] {
  if (command.trim() === '') {
    throw new ModemctlError('USAGE', 'the hook is empty', { hint: 'Name a file, or a line for /bin/sh.' });
  }
  if (!isFile(command)) {
    if (!PATH_ALONE.test(command)) return ['/bin/sh', '-c', command];
    throw new ModemctlError('USAGE', `the hook ${command} is not there, or is no file`, {
      hint: 'Name a file that can be run, or a line for /bin/sh.',
    });
  }
  try {
    accessSync(command, constants.X_OK);
  } catch {
    throw new ModemctlError('USAGE', `the hook ${command} cannot be run`, { hint: `chmod +x ${command}` });
  }
  return [absolute(command)];
}
