/** From the options to an open session, and out of it again whatever happens. */
import { printable } from '../core/text.ts';
import { Session, type SessionOptions, type SessionTarget } from '../modem/session.ts';
import { openStdioPort } from '../tty/stdio-port.ts';
import { Borrowing } from './borrowing.ts';
import type { Context } from './context.ts';
import { openObservers } from './observers.ts';
import { selectTarget } from './select.ts';
import { isOnStdio, STDIO } from './stdio.ts';

export interface SessionNeeds {
  /** Which modem, where that is known already; else the one that the options say. */
  readonly target?: SessionTarget;
  /** Take the modem from another program, and write even into a call. */
  readonly force?: boolean;
  /** Something can be done about a modem without a tty. */
  readonly forRepair?: boolean;
  /** A modem on stdin and stdout (`-d -`) will do. */
  readonly stdio?: boolean;
  /** Take it from another modemctl that keeps it (answer, watch), where there is one; the default. */
  readonly borrow?: boolean;
  /** What the modem says unasked is told as it is; the default. Whoever has a better word for a ring says so. */
  readonly hears?: boolean;
}

/**
 * Finds the modem the user means, and runs `use` with a session for it, not yet open. However that ends, the port is let go.
 */
export async function withSession<T>(
  context: Context,
  needs: SessionNeeds,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const { force = false, hears = true } = needs;
  const { target, openPort, end } = await find(context, needs);
  const observers = openObservers(context, describeTarget(target));
  const session = new Session(target, {
    ...(openPort ? { openPort } : {}),
    clock: context.clock,
    signal: context.signal,
    force,
    defaults: context.configured.defaultsFor,
    observers: observers.list,
    onUnsolicited: hears ? ({ text }) => context.say(context.colourOfTalk.dim(text)) : undefined,
    onNote: (note) => context.say(`note: ${note}`),
  });
  const unregister = [context.onCrash(() => session.close()), context.onLetGo(() => session.releaseLock())];
  try {
    return await use(session);
  } finally {
    await session.close();
    for (const done of unregister) done();
    end();
    observers.end();
  }
}

interface Found extends Pick<SessionOptions, 'openPort'> {
  readonly target: SessionTarget;
  /** When the session is closed. */
  end(): void;
}

async function find(context: Context, needs: SessionNeeds): Promise<Found> {
  const { force = false, forRepair = false, stdio = false, borrow = true } = needs;
  if (stdio && isOnStdio(context.common)) {
    const openPort = async () => ({ port: await openStdioPort(context.clock), lock: null, notes: [] });
    return { target: { info: null, tty: STDIO }, openPort, end: () => {} };
  }
  const target = needs.target ?? (await select(context, { forRepair, holders: force }));
  if (!borrow) return { target, end: () => {} };
  const borrowing = new Borrowing(context, target);
  return { target, openPort: (tty, options) => borrowing.open(tty, options), end: () => borrowing.end() };
}

/** Who has it is found out when it is opened; only one who takes it all the same will want to tell. */
async function select(context: Context, options: { forRepair: boolean; holders: boolean }): Promise<SessionTarget> {
  const selected = await selectTarget(context, options);
  return selected.kind === 'modem' ? { info: selected.info } : { info: null, tty: selected.tty };
}

function describeTarget(target: SessionTarget): string {
  if (target.info === null) return target.tty ?? target.place;
  const { model, vendorId, productId, id } = target.info;
  return printable(`${model} ${vendorId}:${productId} at ${id}`);
}
