/** The error of a call that did not come up, with what to try. */
import { errorOfResult, type ResultKind } from '../at/result-codes.ts';
import { ModemctlError } from '../core/errors.ts';
import type { LineAfter } from '../modem/end-call.ts';
import type { Attempt } from '../modem/place-call.ts';
import type { Session } from '../modem/session.ts';

type Failure = Exclude<ResultKind, 'connect'>;

const WHAT: Readonly<Record<Failure, readonly [what: string, hint: string]>> = {
  ok: ['the modem took the number and did not call', 'Try again.'],
  error: ['the modem refused to dial', 'The number may be too long for it, or the country wrong: modemctl info'],
  noCarrier: [
    'no carrier: nobody answered, or voice, fax, or too fast for this line',
    'On a poor line or a VoIP adapter: --max-speed 9600',
  ],
  noDialtone: [
    'no dial tone',
    'Is the cable in the socket marked LINE? On a VoIP adapter, a PBX or a line simulator: --blind',
  ],
  lineInUse: ['the telephone line is in use', 'Hang up the other telephone, and try again.'],
  busy: ['busy', 'Have it tried again: --tries 5 --retry-delay 1m'],
  noAnswer: ['no answer', 'Have it tried again: --tries 5 --retry-delay 1m'],
  delayed: ['the modem refuses to dial this number again so soon', 'Wait some minutes; it counts calls that failed.'],
  blacklisted: [
    'the modem refuses to dial this number any more',
    'Unplug it and plug it in again; some countries forbid repeated calls that fail.',
  ],
};

/** @param line how the line was left; null: it is not known yet */
export function attemptError(
  session: Session,
  number: string,
  attempt: Attempt,
  line: LineAfter | null = null,
): ModemctlError | null {
  const details = { modem: session.id, result: attempt.kind === 'failed' ? attempt.text : null };
  if (attempt.kind === 'noResult') {
    const hint = line?.free ? 'It answers AT again: try again.' : `Bring it back: modemctl reset -d ${session.id}`;
    return new ModemctlError('NOT_RESPONDING', `${session.name} had no result for the call`, { hint, details });
  }
  if (attempt.kind !== 'failed') return null;
  const [what, hint] = WHAT[attempt.result];
  return new ModemctlError(errorOfResult(attempt.result) ?? 'MODEM_ERROR', `${number}: ${what}`, { hint, details });
}
