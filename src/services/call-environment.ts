/** What a program that gets a call is told of it, in its environment: the only way in which a caller's data reach a program. They are bounded and without control characters, but hostile all the same: quote them. */
import type { Call } from '../modem/call.ts';

/**
 * - `MODEMCTL_CALL_TIME`: when the call came up, ISO 8601.
 * - `MODEMCTL_CONNECT_RATE`: bits a second on the telephone line, where the modem tells.
 * - Of a call that came in: `MODEMCTL_CALLER_NUMBER` and `MODEMCTL_CALLER_NAME` (empty: not told), `MODEMCTL_CALLER_PRESENTATION` (`allowed`, `private`, `unavailable`, or `none` where no caller ID came at all),
 *   `MODEMCTL_CALLED_NUMBER`. All of them are always there, so that none is inherited from somebody else.
 */
export function callEnvironment(call: Call, now: Date = new Date()): NodeJS.ProcessEnv {
  const { connection, incoming } = call;
  const about = { MODEMCTL_CALL_TIME: now.toISOString(), MODEMCTL_CONNECT_RATE: `${connection.rateBps ?? ''}` };
  if (!incoming) return about;
  const { caller } = incoming;
  return {
    ...about,
    MODEMCTL_CALLER_NUMBER: caller?.number ?? '',
    MODEMCTL_CALLER_NAME: caller?.name ?? '',
    MODEMCTL_CALLER_PRESENTATION: caller?.presentation ?? 'none',
    MODEMCTL_CALLED_NUMBER: caller?.calledNumber ?? '',
  };
}
