/** From the options to an open session, and out of it again whatever happens. */
import { printable } from '../core/text.ts';
import { Session } from '../modem/session.ts';
import type { HeldModem } from '../services/control/places.ts';
import { Borrowing } from './borrowing.ts';
import type { Context } from './context.ts';
import { openObservers } from './observers.ts';
import { selectTarget } from './select.ts';

/**
 * Finds the modem the user means, and runs `use` with a session for it, not yet open. However that ends, the port is let go.
 * @param options `borrow`: from another modemctl that keeps the modem (answer, watch), where there is one; the default. `hears`: what the modem says unasked is told as it is; the default
 */
export async function withSession<T>(
  context: Context,
  options: { force?: boolean; forRepair?: boolean; hears?: boolean; borrow?: boolean },
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const { force = false, forRepair = false, hears = true, borrow = true } = options;
  // Who has it is found out when it is opened; only one who takes it all the same will want to tell.
  const target = await selectTarget(context, { forRepair, holders: force });
  const observers = openObservers(context, describeTarget(target));
  const borrowing = new Borrowing(context, heldModem(target));
  const session = new Session(target.kind === 'modem' ? { info: target.info } : { info: null, tty: target.tty }, {
    clock: context.clock,
    signal: context.signal,
    force,
    ...(borrow ? { openPort: (tty, opening) => borrowing.open(tty, opening) } : {}),
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
    borrowing.end();
    observers.end();
  }
}

/** What the modem is called where it is kept. */
function heldModem(target: Awaited<ReturnType<typeof selectTarget>>): HeldModem {
  return target.kind === 'modem' ? target.info : { id: target.tty, virtual: false };
}

function describeTarget(target: Awaited<ReturnType<typeof selectTarget>>): string {
  if (target.kind !== 'modem') return target.tty;
  const { model, vendorId, productId, id } = target.info;
  return printable(`${model} ${vendorId}:${productId} at ${id}`);
}
