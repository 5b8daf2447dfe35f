/** A modem that hangs while it waits for calls is brought back; one that is unplugged is waited for, and taken up under whatever tty it gets. */
import { sleep } from '../../core/clock.ts';
import { isModemctlError, ModemctlError } from '../../core/errors.ts';
import { type RecoveryReport, recover } from '../../modem/recover.ts';
import type { Session } from '../../modem/session.ts';
import { waitForModem } from '../../usb/presence.ts';
import { isStillThere } from '../../usb/still-there.ts';
import type { AnsweringEvent } from './answering-event.ts';

/** One that comes and goes must not keep us busy. */
const PAUSE_MS = 1000;

/** What can be done something about. */
export function isTrouble(error: unknown): error is ModemctlError {
  return isModemctlError(error, 'NOT_RESPONDING') || isModemctlError(error, 'GONE');
}

/**
 * Returns when the modem answers AT again, or when aborted.
 * @param trouble what it was noticed by
 * @throws ModemctlError NOT_RECOVERED, DENIED (rights for a reset, or for its tty after a replug), GONE (another device is at its place; a bare serial device cannot be waited for)
 */
export async function bringBack(
  session: Session,
  trouble: ModemctlError,
  tell: (event: AnsweringEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  let isGone = trouble.code === 'GONE';
  while (!signal.aborted) {
    try {
      if (isGone || (session.info && !isStillThere(session.info))) await awaitReturn(session, trouble, tell, signal);
      else await cure(session, tell, signal);
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (!isTrouble(error) || !session.info) throw error;
      isGone = error.code === 'GONE';
      await sleep(session.clock, PAUSE_MS, signal).catch(() => {});
    }
  }
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

async function awaitReturn(
  session: Session,
  trouble: ModemctlError,
  tell: (event: AnsweringEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const { info, clock } = session;
  await session.close();
  if (!info) throw trouble;
  tell({ kind: 'unplugged' });
  const presence = await waitForModem(info, { deadlineMs: Number.POSITIVE_INFINITY, clock, signal });
  if (presence.kind === 'late') {
    throw new ModemctlError('DENIED', `${session.name} is back, but there is no right to open it`, {
      hint: 'Give yourself the right for good: sudo modemctl setup --add-user',
      details: { modem: session.id },
    });
  }
  await session.reopen(presence.info);
  tell({ kind: 'plugged' });
}
