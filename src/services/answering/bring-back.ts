/** A modem that hangs while it waits for calls is brought back; one that is unplugged is waited for, and taken up under whatever tty it gets. */
import { sleep } from '../../core/clock.ts';
import { isModemctlError, ModemctlError } from '../../core/errors.ts';
import { type RecoveryReport, recover } from '../../modem/recover.ts';
import type { Session } from '../../modem/session.ts';
import { isStillThere } from '../../usb/still-there.ts';
import type { Errands } from '../control/errands.ts';
import { takeUp } from '../take-up.ts';
import type { AnsweringEvent } from './answering-event.ts';

/** One that comes and goes must not keep us busy. */
const PAUSE_MS = 1000;

export interface Keeping {
  readonly errands: Errands;
  readonly signal: AbortSignal;
  readonly tell: (event: AnsweringEvent) => void;
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
  const { errands, signal, tell } = keeping;
  let isGone = trouble.code === 'GONE';
  while (!signal.aborted) {
    try {
      if (isGone || (session.info && !isStillThere(session.info))) {
        if (!session.info) throw trouble;
        await session.close();
        await takeUpAgain(session, keeping);
      } else {
        errands.become('recovering');
        await cure(session, tell, signal);
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
export async function takeUpAgain(session: Session, { errands, signal, tell }: Keeping): Promise<void> {
  const onAway = () => {
    errands.become('away', 'unplugged');
    tell({ kind: 'unplugged' });
  };
  const onObstacle = (error: ModemctlError) => {
    errands.become(error.code === 'IN_USE' ? 'taken' : 'away', error.message);
    tell({ kind: 'obstacle', error });
  };
  if ((await takeUp(session, { signal, onAway, onObstacle })) === 'replugged') tell({ kind: 'plugged' });
}

async function cure(session: Session, tell: (event: AnsweringEvent) => void, signal: AbortSignal): Promise<void> {
  tell({ kind: 'hung' });
  const report: RecoveryReport = await recover(session, { force: true, signal });
  if (report.recoveredBy) tell({ kind: 'recovered', by: report.recoveredBy });
  if (report.recovered || signal.aborted) return;
  tell({ kind: 'gaveUp' });
  throw new ModemctlError('NOT_RECOVERED', `${session.name} does not answer, whatever was tried`, {
    hint: 'Unplug it and plug it in again.',
    details: { modem: session.id, steps: report.steps },
  });
}
