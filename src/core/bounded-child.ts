/**
 * Runs a program that might never come back, because the kernel holds it fast on a wedged device: killed when late, and not waited for even then (a process in D state cannot be killed before its call
 * returns).
 */
import { spawn } from 'node:child_process';
import { type Clock, systemClock } from './clock.ts';
import { signalGroup } from './process-group.ts';

export type ChildOutcome =
  | { readonly kind: 'exit'; readonly code: number | null; readonly stdout: Buffer; readonly stderr: string }
  | { readonly kind: 'timeout' }
  /** It could not be started; `errno` is Node's name, `ENOENT` when there is no such program. */
  | { readonly kind: 'unstartable'; readonly errno: string };

export interface BoundedChildOptions {
  readonly deadlineMs: number;
  readonly clock?: Clock;
  readonly signal?: AbortSignal | undefined;
  /** Output beyond this many bytes is dropped. Default 64 KiB. */
  readonly maxOutput?: number;
  /**
   * A descriptor of ours that the child gets as its number 3. Never as 0 to 2: there Node takes O_NONBLOCK off (libuv's uv_spawn), which belongs to the open file and so is gone for us too.
   */
  readonly fd?: number;
  /** Added to our own environment. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** It leads a process group of its own, and whatever it has started ends with it: for a line of shell. */
  readonly group?: boolean;
}

/** Never rejects, but for the abort: then with the signal's reason, the child killed. */
export function runBounded(
  command: string,
  args: readonly string[],
  options: BoundedChildOptions,
): Promise<ChildOutcome> {
  const { deadlineMs, clock = systemClock, signal, maxOutput = 65536, fd, env, group = false } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe', ...(fd === undefined ? [] : [fd])],
      env: env ? { ...process.env, ...env } : process.env,
      detached: group,
    });
    const stdout = new Collector(maxOutput);
    const stderr = new Collector(maxOutput);
    child.stdout?.on('data', (chunk: Buffer) => stdout.add(chunk));
    child.stderr?.on('data', (chunk: Buffer) => stderr.add(chunk));

    const leave = () => {
      if (group) signalGroup(child, 'SIGKILL');
      else child.kill('SIGKILL');
      child.stdout?.destroy();
      child.stderr?.destroy();
      child.unref();
    };
    const cancel = clock.after(deadlineMs, () => {
      signal?.removeEventListener('abort', onAbort);
      leave();
      resolve({ kind: 'timeout' });
    });
    const onAbort = () => {
      cancel();
      leave();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    const finish = (outcome: ChildOutcome) => {
      cancel();
      signal?.removeEventListener('abort', onAbort);
      resolve(outcome);
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      finish({ kind: 'unstartable', errno: error.code ?? 'UNKNOWN' });
    });
    child.on('close', (code) => {
      finish({ kind: 'exit', code, stdout: stdout.bytes(), stderr: stderr.bytes().toString('utf8') });
    });
  });
}

class Collector {
  readonly #chunks: Buffer[] = [];
  #left: number;

  constructor(limit: number) {
    this.#left = limit;
  }

  add(chunk: Buffer): void {
    if (this.#left <= 0) return;
    const kept = chunk.subarray(0, this.#left);
    this.#chunks.push(kept);
    this.#left -= kept.length;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}
