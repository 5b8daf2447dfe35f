/** How pppd ended, in our words: its exit codes are in pppd(8) under EXIT STATUS. */
import { ModemctlError } from '../../core/errors.ts';
import type { ProgramEnd } from '../../modem/hand-over.ts';
import { type Taken, taken } from '../taker.ts';
import type { PppdReason } from './pppd-log.ts';

/** Its exit code where the modem told it that carrier was lost. */
const LOST_CARRIER = 16;
const SECRETS = 'Names and secrets are in /etc/ppp/pap-secrets and /etc/ppp/chap-secrets';

/** Ends that are failures: what to say, and what to try. */
const FAILURES: Readonly<Record<number, readonly [what: string, hint?: string]>> = {
  1: ['pppd met with a fatal error'],
  2: ['pppd does not understand an option'],
  3: ['pppd has not the rights it needs', 'Run it as root: sudo modemctl ...'],
  4: ['this kernel has no PPP', 'Load it: sudo modprobe ppp_async'],
  6: ['pppd found the modem locked by another program'],
  7: ['pppd could not open the modem'],
  8: ['the connect script of pppd failed'],
  9: ['the pty command of pppd failed'],
  10: [
    'PPP could not be agreed on with the far end',
    'Does it speak PPP at once, or does it want a login first (--chat FILE)?',
  ],
  11: ['the far end did not authenticate itself', `${SECRETS} of this machine`],
  14: ['the far end wants to call back, which is not possible here'],
  15: ['the far end does not answer any more'],
  17: ['the line is looped back: we hear ourselves', 'Does the far end speak PPP, or only echo?'],
  18: ['the init script of pppd failed'],
  19: ['the far end refused our name or secret', `${SECRETS}; the name is --user`],
};

export interface PppdEnding {
  readonly end: ProgramEnd;
  /** It would not end by itself, so we ended it. */
  readonly wasStuck: boolean;
  /** What it said that explains it. */
  readonly lastWords: string | null;
}

/**
 * Its end, for the reason that its log tells. That counts where its exit code says no more than that carrier was lost, which is also what it ends with when the far end hangs up after a refused name or a proper goodbye; and where
 * it was stuck on its way out after carrier was lost, which is the end of the call all the same.
 */
export function pppdEnding(end: ProgramEnd, wasEnded: boolean, { reason, lastWords }: PppdTold): PppdEnding {
  // One that took its time, and then ended by itself, was slow.
  const wasStuck = wasEnded && end.signal === 'SIGKILL';
  const lostCarrier = reason?.code === LOST_CARRIER;
  if (reason && (wasStuck ? lostCarrier : end.code === LOST_CARRIER)) {
    return { end: { code: reason.code, signal: null }, wasStuck: false, lastWords };
  }
  return { end, wasStuck, lastWords };
}

/** What its log tells of its end. */
export interface PppdTold {
  readonly reason: PppdReason | null;
  readonly lastWords: string | null;
}

/** In words, for the report and for people. */
export function describePppdEnd({ end, wasStuck }: PppdEnding): string {
  const { code, signal } = end;
  if (wasStuck) return 'pppd did not come to its end on this modem, and was ended';
  if (signal !== null) return `pppd was ended by ${signal}`;
  if (code === 0) return 'the far end ended PPP';
  if (code === 5) return 'pppd was asked to end';
  if (code === 12) return 'nothing had passed for too long';
  if (code === 13) return 'its time was over';
  if (code === LOST_CARRIER) return 'carrier was lost';
  return FAILURES[code ?? -1]?.[0] ?? `pppd ended with ${code}`;
}

/** The outcome of the call: after CONNECT only 0, CUT_OFF and SCRIPT_FAILED occur. */
export function takenByPppd(ending: PppdEnding): Taken {
  const { end, wasStuck, lastWords } = ending;
  const { code } = end;
  const wentSilent = wasStuck || end.signal !== null;
  if (!wentSilent && code === 0) return taken('farEnd');
  if (!wentSilent && (code === 5 || code === 12 || code === 13)) return taken('us');
  if (!wentSilent && code === LOST_CARRIER) return taken('farEnd', true);
  const said = lastWords === null ? '' : `pppd said: ${lastWords}`;
  const hint = [said, FAILURES[code ?? -1]?.[1] ?? ''].filter(Boolean).join('\n');
  const failure = new ModemctlError('SCRIPT_FAILED', describePppdEnd(ending), {
    hint: hint === '' ? undefined : hint,
    details: { program: 'pppd', exitCode: code, signal: end.signal },
  });
  return { endedBy: code === 15 || wasStuck ? 'farEnd' : 'us', unfinished: true, failure };
}
