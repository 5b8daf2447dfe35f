/** What a program that gets a call is told of it, in its environment. */
import type { GivenEnvironment } from '../core/environment.ts';
import type { Call } from '../modem/call.ts';
import { callerEnvironment } from './caller-environment.ts';

/** Of a call that came in with what {@link callerEnvironment} has. */
export function callEnvironment(call: Call, now: Date = new Date()): GivenEnvironment {
  const { connection, incoming } = call;
  return {
    MODEMCTL_CALL_TIME: now.toISOString(),
    MODEMCTL_CONNECT_RATE: `${connection.rateBps ?? ''}`,
    ...(incoming ? callerEnvironment(incoming.caller) : {}),
  };
}
