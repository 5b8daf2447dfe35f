/** From the options to an open session, and out of it again whatever happens. */
import { createWriteStream, type WriteStream } from 'node:fs';
import { ModemctlError } from '../core/errors.ts';
import { Session, type SessionTarget } from '../modem/session.ts';
import type { TraceSink } from '../tty/trace-port.ts';
import { selectModem } from '../usb/selector.ts';
import type { Context } from './context.ts';

/**
 * Finds the modem the user means, and runs `use` with a session for it, not yet open. However that ends, the port is let go.
 */
export async function withSession<T>(
  context: Context,
  options: { force?: boolean; forRepair?: boolean },
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const target = await selectTarget(context, options.forRepair ?? false);
  const trace = openTrace(context);
  const session = new Session(target, {
    clock: context.clock,
    signal: context.signal,
    force: options.force ?? false,
    trace: trace ? { sink: trace.sink, showNumbers: context.common.showNumbers } : undefined,
    onUnsolicited: ({ text }) => context.say(context.colourOfTalk.dim(text)),
    onNote: (note) => context.say(`note: ${note}`),
  });
  context.onCrash(() => session.close());
  context.onLetGo(() => session.releaseLock());
  try {
    return await use(session);
  } finally {
    await session.close();
    trace?.end();
  }
}

async function selectTarget(context: Context, forRepair: boolean): Promise<SessionTarget> {
  const { clock, signal } = context;
  const target = await selectModem(context.common.device ?? null, { clock, signal, forRepair });
  if (target.kind === 'stdio') {
    throw new ModemctlError('USAGE', '"-" (the modem on stdin and stdout) makes no sense for this command', {
      hint: 'Name the modem: modemctl detect',
    });
  }
  return target.kind === 'modem' ? { info: target.info } : { info: null, tty: target.tty };
}

interface Trace {
  readonly sink: TraceSink;
  end(): void;
}

/** The sinks of `-v` and `--trace`. A trace that cannot be written is told once, and costs nothing else. */
function openTrace(context: Context): Trace | null {
  const { verbose, trace } = context.common;
  if (!verbose && trace === undefined) return null;
  const startedAt = context.clock.now();
  let file: WriteStream | null = null;
  if (trace !== undefined) {
    file = createWriteStream(trace, { flags: 'a' });
    file.on('error', (error) => {
      context.say(`note: the trace cannot be written: ${error.message}`);
      file = null;
    });
  }
  const sink: TraceSink = (line) => {
    const seconds = ((context.clock.now() - startedAt) / 1000).toFixed(3).padStart(7);
    file?.write(`${seconds} ${line}\n`);
    if (verbose) context.world.stderr.write(`${context.colourOfTalk.dim(seconds)} ${line}\n`);
  };
  return { sink, end: () => file?.end() };
}
