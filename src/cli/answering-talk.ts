/** What `answer` tells while it works: lines for people on stderr, events for programs on stdout. */
import type { CallerId } from '../at/caller-id-collector.ts';
import { printable } from '../core/text.ts';
import type { Session } from '../modem/session.ts';
import type { AnsweringEvent } from '../services/answering/answering-event.ts';
import { describeSuspect } from '../services/suspicion.ts';
import { tellConnected, tellEnd } from './call-end.ts';
import type { Context } from './context.ts';
import { type EventStream, modemField } from './event-stream.ts';

/** @param events null: nobody wants them */
export function answeringTalk(
  context: Context,
  session: Session,
  events: EventStream | null,
): (event: AnsweringEvent) => void {
  const counts = { calls: 0, missed: 0, refused: 0 };
  context.report(counts);
  return (event) => {
    if (event.kind === 'connect') counts.calls++;
    else if (event.kind === 'missed' || event.kind === 'refused') counts[event.kind]++;
    context.report(counts);
    // A ring does not end the waiting.
    if (event.kind !== 'ring' && event.kind !== 'callerId') context.progress.stop();
    if (isForPrograms(event)) events?.emit(event.kind, { modem: modemField(session), ...fieldsOf(event) }, '');
    if (event.kind === 'connect') {
      context.report({ caller: event.call.incoming?.caller ?? null });
      tellConnected(context, event.call);
    } else if (event.kind === 'disconnect') {
      tellEnd(context, event.call, event.taken, event.elapsedMs);
    }
    const line = lineFor(context, session, event);
    if (line) context.say(line);
    const started = startedBy(event);
    if (started) context.progress.start(...started);
  };
}

/** What is told with `--json`; the others are for people only. */
export type ToldAnsweringEvent = Exclude<AnsweringEvent, { kind: 'answering' | 'obstacle' }>;

function isForPrograms(event: AnsweringEvent): event is ToldAnsweringEvent {
  return event.kind !== 'answering' && event.kind !== 'obstacle';
}

/** The event's own fields. */
function fieldsOf(event: ToldAnsweringEvent): object {
  switch (event.kind) {
    case 'lent':
      return { to: event.to };
    case 'waiting':
      return { callerId: event.callerId };
    case 'ring':
      return { count: event.count, distinctive: event.distinctive };
    case 'callerId':
      return { caller: event.callerId };
    case 'missed':
      return { rings: event.rings, caller: event.callerId };
    case 'refused':
      return { why: event.why, caller: event.callerId };
    case 'noConnection':
      return { result: event.attempt.kind === 'failed' ? event.attempt.text : null };
    case 'connect':
      return { connection: event.call.connection, caller: event.call.incoming?.caller ?? null };
    case 'disconnect': {
      const { call, taken, elapsedMs } = event;
      const error = taken.failure && { code: taken.failure.code, message: taken.failure.message };
      const bytes = { bytesReceived: call.received, bytesSent: call.sent };
      return { endedBy: taken.endedBy, connectedMs: Math.round(elapsedMs), ...bytes, error };
    }
    case 'recovered':
      return { recoveredBy: event.by };
    case 'gaveUp':
      return { why: event.why };
    case 'suspect':
      return { why: event.why, calls: event.calls };
    default:
      return {};
  }
}

/** What is said of it, if anything. */
function lineFor({ colourOfTalk }: Context, session: Session, event: AnsweringEvent): string | null {
  const { yellow, dim } = colourOfTalk;
  switch (event.kind) {
    case 'waiting':
      return `line free: on-hook, modem answered AT, caller ID ${event.callerId ? 'on' : 'refused'}. Waiting.`;
    case 'ring':
      return dim(`ring ${event.count}${event.distinctive === null ? '' : ` (${event.distinctive})`}`);
    case 'callerId':
      return `caller: ${describeCaller(event.callerId)}`;
    case 'missed':
      return `missed call, ${plural(event.rings, 'ring')}: ${describeCaller(event.callerId)}`;
    case 'refused':
      return `not answered: ${describeCaller(event.callerId)} ${event.why}`;
    case 'noConnection':
      return `no connection: ${event.attempt.kind === 'failed' ? event.attempt.text : 'no result'}`;
    case 'disconnect':
      return event.taken.failure && `${yellow('note:')} ${printable(event.taken.failure.message)}`;
    case 'hung':
      return `${yellow('note:')} ${session.name} does not answer; bringing it back`;
    case 'suspect':
      return `${yellow('note:')} ${session.name} answers AT, but does it work? ${describeSuspect(event)}`;
    case 'recovered':
      return `modem brought back by step ${event.by}`;
    case 'gaveUp':
      return `${yellow('note:')} ${printable(event.why)}`;
    case 'lent':
      return `lent to ${printable(event.to)}`;
    case 'obstacle':
      return `${yellow('note:')} ${printable(event.error.message)}; waiting`;
    case 'unplugged':
      return `${yellow('note:')} ${session.name} went away; waiting for it`;
    case 'plugged':
      return `${session.name} is back`;
    default:
      return null;
  }
}

/** What goes on from now on, where that takes its time. */
function startedBy(event: AnsweringEvent): readonly [what: string, limitMs?: number] | null {
  switch (event.kind) {
    case 'waiting':
      return ['waiting for a call'];
    case 'answering':
      return ['answering ... waiting for carrier', event.limitMs];
    case 'disconnect':
      return ['hanging up'];
    case 'hung':
      return ['bringing the modem back'];
    case 'unplugged':
      return ['waiting for the modem'];
    default:
      return null;
  }
}

const WITHOUT_NUMBER = { allowed: '', private: 'number withheld', unavailable: 'number not available' } as const;

/** `5551234 SMITH JOHN`, `number withheld`, `no caller ID`. */
export function describeCaller(caller: CallerId | null): string {
  if (!caller) return 'no caller ID';
  const number = caller.number ?? WITHOUT_NUMBER[caller.presentation];
  return printable([number, caller.name].filter(Boolean).join(' '));
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
