/** What `-v`, `--trace` and `--record` want to see of the port. */
import type { PortObserver } from '../tty/observed-port.ts';
import { Trace } from '../tty/trace.ts';
import { TranscriptWriter } from '../tty/transcript.ts';
import type { Context } from './context.ts';
import { LineFile } from './line-file.ts';
import { versionText } from './version.ts';

export interface Observers {
  readonly list: readonly PortObserver[];
  end(): void;
}

/** @param modem told at the head of a record */
export function openObservers(context: Context, modem: string): Observers {
  const { record, showNumbers } = context.common;
  const mask = showNumbers ? null : context.namedNumbers;
  const files: LineFile[] = [];
  const open = (path: string, mode: 'append' | 'anew', what: string): LineFile => {
    const file = new LineFile(path, mode, what, (problem) => context.say(`note: ${problem}`));
    files.push(file);
    return file;
  };
  const list: PortObserver[] = [];
  const trace = traceLines(context, open);
  if (trace) list.push(new Trace(trace, mask));
  if (record !== undefined) {
    const file = open(record, 'anew', 'the record');
    const header = `${modem}\n# recorded by: ${versionText().trim()}`;
    list.push(new TranscriptWriter((text) => file.write(text), context.clock.now, header, mask));
  }
  return {
    list,
    end: () => {
      for (const file of files) file.end();
    },
  };
}

function traceLines(
  context: Context,
  open: (path: string, mode: 'append', what: string) => LineFile,
): ((line: string) => void) | null {
  const { verbose, trace } = context.common;
  if (!verbose && trace === undefined) return null;
  const startedAt = context.clock.now();
  const file = trace === undefined ? null : open(trace, 'append', 'the trace');
  return (line) => {
    const seconds = ((context.clock.now() - startedAt) / 1000).toFixed(3).padStart(7);
    file?.write(`${seconds} ${line}\n`);
    if (verbose) context.talk(`${context.colourOfTalk.dim(seconds)} ${line}`);
  };
}
