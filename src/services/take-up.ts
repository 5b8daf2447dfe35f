/** Opens a modem that was closed, whatever it takes: it may be in a reset, unplugged, or in the hands of another program. It is found by its port, under whatever tty. */
import { sleep } from '../core/clock.ts';
import { isModemctlError, type ModemctlError } from '../core/errors.ts';
import type { Session } from '../modem/session.ts';
import { waitForModem } from '../usb/presence.ts';

export interface TakeUpOptions {
  readonly signal: AbortSignal;
  /** It was pulled out, or does not come back by itself; called once. */
  readonly onAway?: () => void;
  /** It is there, and cannot be opened: in use, no right, another device at its place. Called when the reason changes. */
  readonly onObstacle?: (error: ModemctlError) => void;
  /** It has been away for {@link STILL_AWAY_MS}; called once. True: it was brought back, the session is open and the modem answers. */
  readonly onStillAway?: (() => Promise<boolean>) | undefined;
}

/** A USB reset is over within a second, udev's work included twice that on a small machine; who is away for longer is unplugged. */
const RESET_MS = 3000;
/** One that leaves the bus and means to come back does so within 5 s (modems that were seen to), and somebody who moves a plug is done by then. */
const STILL_AWAY_MS = 30_000;
/** Between two looks at what stands in the way. */
const LOOK_AGAIN_MS = 1000;

/** What became of the modem meanwhile. */
export type TakenUp =
  /** It stayed plugged in: nothing, or a reset. */
  'same' | 'replugged' | 'aborted';

/**
 * Waits until the modem is open; nothing was asked of it then.
 * @throws ModemctlError NOT_RESPONDING: it is there, so far gone that it cannot be opened
 */
export async function takeUp(session: Session, options: TakeUpOptions): Promise<TakenUp> {
  const { signal, onObstacle } = options;
  const plugging = session.info?.plugging ?? null;
  let isAway = false;
  let { onStillAway } = options;
  let obstacle = '';
  const away = () => {
    if (!isAway) options.onAway?.();
    isAway = true;
  };
  while (!signal.aborted) {
    try {
      const patience = onStillAway ? STILL_AWAY_MS : Number.POSITIVE_INFINITY;
      const there = await open(session, isAway ? patience : RESET_MS, signal);
      const now = session.info?.plugging ?? null;
      const other = plugging !== null && now !== null && plugging !== now;
      if (there && other) away();
      if (there) return isAway ? 'replugged' : 'same';
      const bringBack = isAway ? onStillAway : undefined;
      away();
      if (!bringBack) continue;
      onStillAway = undefined;
      if (await bringBack()) return 'replugged';
    } catch (error) {
      if (signal.aborted) break;
      if (!isModemctlError(error) || error.code === 'NOT_RESPONDING' || error.code === 'BUG') throw error;
      if (!session.info && error.code === 'GONE') away();
      else if (error.message !== obstacle) onObstacle?.(error);
      obstacle = error.message;
      await sleep(session.clock, LOOK_AGAIN_MS, signal).catch(() => {});
    }
  }
  return 'aborted';
}

/** False: it is not there. */
async function open(session: Session, limitMs: number, signal: AbortSignal): Promise<boolean> {
  const { info, clock } = session;
  if (!info) {
    await session.open();
    return true;
  }
  const presence = await waitForModem(info, { deadlineMs: limitMs, clock, signal });
  if (presence.kind === 'late' && presence.stage !== 'denied') return false;
  // Without rights opening it says so.
  if (presence.kind === 'ready') await session.reopen(presence.info);
  else await session.open();
  return true;
}
