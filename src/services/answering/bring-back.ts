/** A modem that hangs while it waits for calls is brought back; one that is unplugged is waited for, and taken up under whatever tty it gets. */
import { sleep } from '../../core/clock.ts';
import { isModemctlError, type ModemctlError } from '../../core/errors.ts';
import { notRecovered, recover } from '../../modem/recover.ts';
import type { Session } from '../../modem/session.ts';
import type { PowerPolicy } from '../../usb/power/plan.ts';
import { isStillThere } from '../../usb/still-there.ts';
import type { Errands } from '../control/errands.ts';
import { powerUp, withPower } from '../power-up.ts';
import { requirePlugged } from '../require-plugged.ts';
import { takeUp } from '../take-up.ts';
import type { AnsweringEvent } from './answering-event.ts';

/** One that comes and goes must not keep us busy. */
const PAUSE_MS = 1000;

export interface Keeping {
  readonly errands: Errands;
  readonly signal: AbortSignal;
  readonly tell: (event: AnsweringEvent) => void;
  /** How its power may be switched; null: it may not. */
  readonly power: PowerPolicy | null;
}

/** What can be done something about. */
export function isTrouble(error: unknown): error is ModemctlError {
  return isModemctlError(error, 'NOT_RESPONDING') || isModemctlError(error, 'GONE');
}

/**
 * Returns when the modem answers AT again, or when aborted.
 * @param trouble what it was noticed by
 * @throws ModemctlError NOT_RECOVERED, DENIED (rights for a reset), GONE (a bare serial device cannot be waited for)
 */
export async function bringBack(session: Session, trouble: ModemctlError, keeping: Keeping): Promise<void> {
  const { errands, signal } = keeping;
  let isGone = trouble.code === 'GONE';
  while (!signal.aborted) {
    try {
      if (isGone || (session.info && !isStillThere(session.info))) {
        if (!session.info) throw trouble;
        await session.close();
        await takeUpAgain(session, keeping);
      } else {
        errands.become('recovering');
        await cure(session, keeping);
      }
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (!isTrouble(error) || !session.info) throw error;
      isGone = error.code === 'GONE';
      await sleep(session.clock, PAUSE_MS, signal).catch(() => {});
    }
  }
}

/** Opens a modem that is closed, however long it takes. */
export async function takeUpAgain(session: Session, { errands, signal, tell, power }: Keeping): Promise<void> {
  const onAway = () => {
    errands.become('away', 'unplugged');
    tell({ kind: 'unplugged' });
  };
  const onObstacle = (error: ModemctlError) => {
    errands.become(error.code === 'IN_USE' ? 'taken' : 'away', error.message);
    tell({ kind: 'obstacle', error });
  };
  const onStillAway = power ? () => powerUp(session, { power, signal, tell }) : undefined;
  if ((await takeUp(session, { signal, onAway, onObstacle, onStillAway })) === 'replugged') tell({ kind: 'plugged' });
}

async function cure(session: Session, { signal, tell, power }: Keeping): Promise<void> {
  tell({ kind: 'hung' });
  const report = await recover(session, { force: true, signal, ...withPower(power) });
  if (report.recoveredBy) tell({ kind: 'recovered', by: report.recoveredBy });
  if (report.recovered || signal.aborted) return;
  requirePlugged(session, report);
  const error = notRecovered(session, report);
  tell({ kind: 'gaveUp', why: error.message });
  throw error;
}
