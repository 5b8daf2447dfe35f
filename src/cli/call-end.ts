/** What is told of a call, by `dial` and `answer`, and how it ends for a script. */
import { describeConnection } from '../at/connect.ts';
import { formatDuration } from '../core/duration.ts';
import { ModemctlError } from '../core/errors.ts';
import type { Call } from '../modem/call.ts';
import type { LineAfter } from '../modem/end-call.ts';
import type { Session } from '../modem/session.ts';
import type { Taken } from '../services/taker.ts';
import type { Context } from './context.ts';

/** "Connected: ..." */
export function tellConnected(context: Context, call: Call): void {
  context.report({ connected: true, connection: call.connection });
  context.say(`${context.colourOfTalk.green('Connected:')} ${describeConnection(call.connection)}`);
}

const BY: Readonly<Record<Taken['endedBy'], string>> = {
  us: 'call ended',
  farEnd: 'the far end or the line ended the call',
  modemGone: 'the modem went away',
  signal: 'call broken off',
  idle: 'call ended, nothing having come or gone for so long,',
  maxTime: 'call ended at its time limit,',
};

export function tellEnd(context: Context, call: Call, { endedBy }: Taken, connectedMs: number): void {
  const { received, sent } = call;
  context.report({ endedBy, connectedMs: Math.round(connectedMs), bytesReceived: received, bytesSent: sent });
  const bytes = received + sent > 0 ? `: ${received} bytes received, ${sent} sent` : '';
  context.say(`${BY[endedBy]} after ${formatDuration(connectedMs)}${bytes}`);
}

export function tellLine(context: Context, session: Session, line: LineAfter): void {
  context.report({ onHook: line.free, recoveredBy: line.free ? line.recoveredBy : null, tty: session.tty });
  if (!line.free) context.say(`${context.colourOfTalk.yellow('note:')} the line may still be off-hook: ${line.why}`);
  else if (line.recoveredBy) context.say(`line is on-hook, the modem is ready (after step ${line.recoveredBy})`);
  else context.say('line is on-hook, the modem is ready');
}

/** The error of a call that was up, or null: after CONNECT only CUT_OFF and SCRIPT_FAILED occur. */
export function failureOfCall(session: Session, { endedBy, unfinished, failure }: Taken): ModemctlError | null {
  if (failure) return failure;
  if (endedBy !== 'modemGone' && (endedBy !== 'farEnd' || !unfinished)) return null;
  const what = endedBy === 'modemGone' ? `${session.name} went away during the call` : 'carrier was lost';
  return new ModemctlError('CUT_OFF', `${what} while our side still had business`, { details: { modem: session.id } });
}
