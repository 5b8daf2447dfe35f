/** Makes a call: prepares the modem, dials, and dials again where that makes sense. */
import type { DialString } from '../at/dial-string.ts';
import type { ResultKind } from '../at/result-codes.ts';
import { sleep } from '../core/clock.ts';
import type { CallOptions } from '../modem/call-settings.ts';
import { type Attempt, dial } from '../modem/place-call.ts';
import type { Session } from '../modem/session.ts';
import { CARRIER_WAIT_MS, prepare } from './prepare.ts';

export interface PlacingOptions {
  readonly number: DialString;
  readonly call: CallOptions;
  readonly country?: string | undefined;
  readonly tries: number;
  readonly retryDelayMs: number;
  /** Outcomes after which it is worth dialling again. */
  readonly retryOn: readonly ResultKind[];
  readonly signal: AbortSignal;
  readonly onDial?: (attempt: number, limitMs: number) => void;
  readonly onFailed?: (attempt: Attempt, elapsedMs: number, again: boolean) => void;
}

/**
 * @returns the last attempt
 * @throws ModemctlError MODEM_ERROR (it refused what the call needs), NOT_RESPONDING, USAGE, GONE
 */
export async function placeCall(session: Session, options: PlacingOptions): Promise<Attempt> {
  const { number, signal } = options;
  const carrierWaitMs = options.call.carrierWaitMs ?? CARRIER_WAIT_MS;
  const { country } = options;
  await prepare(session, { purpose: 'dial', call: { ...options.call, carrierWaitMs }, country });
  for (let count = 1; ; count++) {
    options.onDial?.(count, number.longestMs + carrierWaitMs);
    const startedAt = session.clock.now();
    const attempt = await dial(session, number, carrierWaitMs, signal);
    if (attempt.kind === 'connected' || attempt.kind === 'aborted') return attempt;
    const worthIt = attempt.kind === 'failed' && options.retryOn.includes(attempt.result);
    const again = worthIt && count < options.tries && !signal.aborted;
    options.onFailed?.(attempt, session.clock.now() - startedAt, again);
    if (!again) return attempt;
    await sleep(session.clock, options.retryDelayMs, signal).catch(() => {});
    if (signal.aborted) return { kind: 'aborted' };
  }
}
