/** From the options to an open session, and out of it again whatever happens. */
import { Session } from '../modem/session.ts';
import type { Context } from './context.ts';
import { selectTarget } from './select.ts';
import { openTrace } from './trace-file.ts';

/**
 * Finds the modem the user means, and runs `use` with a session for it, not yet open. However that ends, the port is let go.
 */
export async function withSession<T>(
  context: Context,
  options: { force?: boolean; forRepair?: boolean },
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const target = await selectTarget(context, { forRepair: options.forRepair ?? false });
  const trace = openTrace(context);
  const session = new Session(target.kind === 'modem' ? { info: target.info } : { info: null, tty: target.tty }, {
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
