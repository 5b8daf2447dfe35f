/** What a program that gets a call is told of it, in its environment. */
import type { Call } from '../modem/call.ts';
import { callerEnvironment } from './caller-environment.ts';

/**
 * - `MODEMCTL_CALL_TIME`: when the call came up, ISO 8601.
 * - `MODEMCTL_CONNECT_RATE`: bits a second on the telephone line, where the modem tells.
 * - Of a call that came in: what {@link callerEnvironment} has.
 */
export function callEnvironment(call: Call, now: Date = new Date()): NodeJS.ProcessEnv {
  const { connection, incoming } = call;
  return {
    MODEMCTL_CALL_TIME: now.toISOString(),
    MODEMCTL_CONNECT_RATE: `${connection.rateBps ?? ''}`,
    ...(incoming ? callerEnvironment(incoming.caller) : {}),
  };
}
