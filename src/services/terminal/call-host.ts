/** The terminal of one call: it ends with the call, and whoever made the call hangs up. */
import { describeConnection } from '../../at/connect.ts';
import { formatDuration } from '../../core/duration.ts';
import type { Call } from '../../modem/call.ts';
import type { Session } from '../../modem/session.ts';
import { describeCircuits } from './circuits.ts';
import type { TerminalHost } from './host.ts';

export function callHost(session: Session, call: Call): TerminalHost {
  return {
    dial: null,
    reset: null,
    hangUp: async () => false,
    sendBreak: () => session.port.sendBreak(),
    details: async () => [
      session.name,
      `${describeConnection(call.connection)}, for ${formatDuration(call.elapsedMs)}`,
      `${call.received} bytes received, ${call.sent} sent`,
      describeCircuits(await session.port.circuits()),
    ],
  };
}
