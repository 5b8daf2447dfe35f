/** From the options to an open session, and out of it again whatever happens. */
import { printable } from '../core/text.ts';
import { Session } from '../modem/session.ts';
import type { Context } from './context.ts';
import { openObservers } from './observers.ts';
import { selectTarget } from './select.ts';

/**
 * Finds the modem the user means, and runs `use` with a session for it, not yet open. However that ends, the port is let go.
 */
export async function withSession<T>(
  context: Context,
  options: { force?: boolean; forRepair?: boolean; hears?: boolean },
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const { force = false, forRepair = false, hears = true } = options;
  // Who has it is found out when it is opened; only one who takes it all the same will want to tell.
  const target = await selectTarget(context, { forRepair, holders: force });
  const observers = openObservers(context, describeTarget(target));
  const session = new Session(target.kind === 'modem' ? { info: target.info } : { info: null, tty: target.tty }, {
    clock: context.clock,
    signal: context.signal,
    force,
    observers: observers.list,
    // Whoever has a better word for a ring says so.
    onUnsolicited: hears ? ({ text }) => context.say(context.colourOfTalk.dim(text)) : undefined,
    onNote: (note) => context.say(`note: ${note}`),
  });
  context.onCrash(() => session.close());
  context.onLetGo(() => session.releaseLock());
  try {
    return await use(session);
  } finally {
    await session.close();
    observers.end();
  }
}

function describeTarget(target: Awaited<ReturnType<typeof selectTarget>>): string {
  if (target.kind !== 'modem') return target.tty;
  const { model, vendorId, productId, id } = target.info;
  return printable(`${model} ${vendorId}:${productId} at ${id}`);
}
