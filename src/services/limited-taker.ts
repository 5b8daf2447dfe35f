/** A taker whose call may last so long, or be quiet so long, and is ended then. */
import { statSync } from 'node:fs';
import type { Call } from '../modem/call.ts';
import type { Session } from '../modem/session.ts';
import type { Taker } from './taker.ts';

export interface Limits {
  /** Of the whole call; null: none. */
  readonly maxMs: number | null;
  /** Without a byte either way; null: none. */
  readonly idleMs: number | null;
}

const LOOK_MS = 1000;
/** Linux keeps the times of a tty's last read and write in steps of so long (drivers/tty/tty_io.c, tty_update_time), lest they tell how somebody types. */
const TTY_TIMES_STEP_MS = 8000;

export function limitedTaker(taker: Taker, limits: Limits): Taker {
  return async (session, call, signal) => {
    const over = new AbortController();
    let reached: 'idle' | 'maxTime' | null = null;
    const end = (limit: 'idle' | 'maxTime') => {
      reached ??= limit;
      over.abort();
    };
    const cancels = [limitTime(session, limits.maxMs, end), limitSilence(session, call, limits.idleMs, end)];
    try {
      const taken = await taker(session, call, AbortSignal.any([signal, over.signal]));
      return reached && !signal.aborted ? { endedBy: reached, unfinished: false, failure: null } : taken;
    } finally {
      for (const cancel of cancels) cancel();
    }
  };
}

function limitTime({ clock }: Session, maxMs: number | null, end: (limit: 'maxTime') => void): () => void {
  return maxMs === null ? () => {} : clock.after(maxMs, () => end('maxTime'));
}

/** Looks now and then whether anything went either way since: through us, or through a program that has the tty. */
function limitSilence(session: Session, call: Call, idleMs: number | null, end: (limit: 'idle') => void): () => void {
  if (idleMs === null) return () => {};
  const { clock } = session;
  let seen = '';
  let quietSince = clock.now();
  let cancel = () => {};
  const look = () => {
    const now = clock.now();
    const traffic = `${call.received} ${call.sent} ${timesOf(session.tty)}`;
    if (traffic !== seen) quietSince = now;
    seen = traffic;
    const patienceMs = session.state === 'handedOver' ? idleMs + TTY_TIMES_STEP_MS : idleMs;
    if (now - quietSince >= patienceMs) end('idle');
    else cancel = clock.after(Math.min(LOOK_MS, patienceMs), look);
  };
  look();
  return () => cancel();
}

/** When the tty was last read and written, as `w` has it for its IDLE column. */
function timesOf(tty: string | null): string {
  const stat = tty === null ? undefined : statSync(tty, { throwIfNoEntry: false });
  return stat ? `${stat.atimeMs} ${stat.mtimeMs}` : '';
}
