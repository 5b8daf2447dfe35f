// Running programs in the guest and keeping what they said.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** How a program ended. */
export interface Ended {
  command: string;
  /** The exit code; 128+n after signal n, as a shell says it. */
  code: number;
  stdout: string;
  stderr: string;
  elapsedMs: number;
  /** It had to be killed because it took longer than it was given. */
  overran: boolean;
}

export interface RunOptions {
  /** Given to its standard input, which is then closed; default nothing. */
  input?: string;
  env?: NodeJS.ProcessEnv;
  /** Killed after this; default 90 s. */
  limitMs?: number;
  /** Called with the child's pid as soon as it runs. */
  started?: (pid: number) => void;
  cwd?: string;
}

/** Runs a program to its end. Never throws: a program that cannot be started has code 127. */
export function runProgram(argv: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const start = performance.now();
    const child = spawn(argv[0]!, argv.slice(1), {
      env: options.env ?? process.env,
      cwd: options.cwd,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let overran = false;
    const timer = setTimeout(() => {
      overran = true;
      child.kill('SIGKILL');
      // Something it started may still hold its pipes.
      setTimeout(() => finish(137), 1000);
    }, options.limitMs ?? 90_000);
    let done = false;
    const finish = (code: number) => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      resolve({
        command: argv.join(' '),
        code,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
        elapsedMs: Math.round(performance.now() - start),
        overran,
      });
    };
    child.stdout!.on('data', (data: Buffer) => out.push(data));
    child.stderr!.on('data', (data: Buffer) => err.push(data));
    child.on('error', (error) => {
      err.push(Buffer.from(String(error)));
      finish(127);
    });
    // 'close' and not 'exit': a shell's $(...) too waits for everybody who holds the pipe, so a helper left behind with it counts.
    child.on('close', (code, signal) => finish(code ?? 128 + constants.signals[signal!]));
    if (options.input !== undefined) {
      child.stdin!.on('error', () => {});
      child.stdin!.end(options.input);
    }
    if (child.pid !== undefined) options.started?.(child.pid);
  });
}
