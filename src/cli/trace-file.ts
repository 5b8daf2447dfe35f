/** Where `-v` and `--trace` write what the port tells. */
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import type { TraceSink } from '../tty/trace-port.ts';
import type { Context } from './context.ts';

export interface Trace {
  readonly sink: TraceSink;
  end(): void;
}

/** The sinks of `-v` and `--trace`; null: neither was asked for. A trace that cannot be written is told once, and costs nothing else. */
export function openTrace(context: Context): Trace | null {
  const { verbose, trace } = context.common;
  if (!verbose && trace === undefined) return null;
  const startedAt = context.clock.now();
  const file = trace === undefined ? null : new TraceFile(trace, (problem) => context.say(`note: ${problem}`));
  const sink: TraceSink = (line) => {
    const seconds = ((context.clock.now() - startedAt) / 1000).toFixed(3).padStart(7);
    file?.write(`${seconds} ${line}\n`);
    if (!verbose) return;
    context.progress.clear();
    context.world.stderr.write(`${context.colourOfTalk.dim(seconds)} ${line}\n`);
  };
  return { sink, end: () => file?.end() };
}

/** Written line by line and at once: the lines before a crash are the ones that matter. */
class TraceFile {
  readonly #tell: (problem: string) => void;
  #fd: number | null = null;

  constructor(path: string, tell: (problem: string) => void) {
    this.#tell = tell;
    const { O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK } = constants;
    // Not blocking: a named pipe that nobody reads would hold us up for ever.
    this.#attempt(() => {
      this.#fd = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, 0o600);
    });
  }

  write(line: string): void {
    const fd = this.#fd;
    if (fd !== null) this.#attempt(() => writeSync(fd, line));
  }

  end(): void {
    const fd = this.#fd;
    this.#fd = null;
    if (fd !== null) closeSync(fd);
  }

  #attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.end();
      this.#tell(`the trace cannot be written: ${(error as Error).message}`);
    }
  }
}
