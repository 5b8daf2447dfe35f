/** A terminal with somebody else's program in it: tmux plays it, keys go in, and what is on the screen is waited for. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../virtual/support/wait.ts';

const run = promisify(execFile);
const LIMIT_MS = 10_000;

export class Terminal {
  readonly #socket: string;
  /** The file with the exit code: tmux 3.3 does not always tell it. */
  readonly #exit: string;

  private constructor(socket: string) {
    this.#socket = socket;
    this.#exit = `${socket}.exit`;
  }

  /** Starts a program in a terminal of 24 lines of 80 characters. Its working folder is `folder`. */
  static async open(folder: string, env: NodeJS.ProcessEnv, command: readonly string[]): Promise<Terminal> {
    const terminal = new Terminal(join(folder, `tmux-${command[0]}`));
    const tmux = ['-S', terminal.#socket, '-f', '/dev/null'];
    // The screen of a program that has ended stays to be read.
    const stay = ['start-server', ';', 'set-option', '-g', 'remain-on-exit', 'on', ';'];
    const wrapped = ['sh', '-c', `"$@"; echo $? >"$0.part"; mv "$0.part" "$0"`, terminal.#exit, ...command];
    const start = ['new-session', '-d', '-x', '80', '-y', '24', '-c', folder, '--', ...wrapped];
    await run('tmux', [...tmux, ...stay, ...start], { env: { ...env, TERM: 'screen' }, timeout: LIMIT_MS });
    return terminal;
  }

  /** Types a text, and then Enter unless it ends with `\c`, as in a chat script. */
  async type(text: string): Promise<void> {
    const open = text.endsWith('\\c');
    await this.#tmux('send-keys', '-l', '--', open ? text.slice(0, -2) : text);
    if (!open) await this.press('Enter');
  }

  /** Presses keys, by tmux's names: `Enter`, `C-a`. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#tmux('send-keys', '--', ...keys);
  }

  /** Waits until the screen shows this. */
  async shows(pattern: RegExp, limitMs = LIMIT_MS): Promise<void> {
    await this.#waitFor(String(pattern), async () => pattern.test(await this.screen()), limitMs);
  }

  /** Waits until the program has ended, and returns its exit code, as a shell has it (128+n: ended by signal n). */
  async ended(limitMs = LIMIT_MS): Promise<number> {
    await this.#waitFor('its end', async () => existsSync(this.#exit), limitMs);
    return Number(readFileSync(this.#exit, 'utf8'));
  }

  /** All that is on the screen. */
  async screen(): Promise<string> {
    return this.#tmux('capture-pane', '-p');
  }

  /** Takes the terminal away; a program that is still there is ended. */
  async close(): Promise<void> {
    const [dead, pid] = (await this.#tmux('display-message', '-p', '#{pane_dead} #{pane_pid}')).trim().split(' ');
    if (dead !== '1') {
      // With the shell around it: a process group of their own.
      process.kill(-Number(pid), 'SIGKILL');
    }
    await this.#tmux('kill-server');
  }

  async #waitFor(what: string, condition: () => Promise<boolean>, limitMs: number): Promise<void> {
    try {
      await until(what, condition, limitMs);
    } catch {
      assert.fail(`no sign of ${what} within ${limitMs / 1000} s. The screen shows:\n${await this.screen()}`);
    }
  }

  async #tmux(...args: readonly string[]): Promise<string> {
    const { stdout } = await run('tmux', ['-S', this.#socket, ...args], { timeout: LIMIT_MS });
    return stdout;
  }
}
