/** The events of `watch`, for scripts, for hooks and for people. */
import { formatDuration } from '../core/duration.ts';
import type { GivenEnvironment } from '../core/environment.ts';
import { printable } from '../core/text.ts';
import type { Session } from '../modem/session.ts';
import { callerEnvironment } from '../services/caller-environment.ts';
import { describeSuspect } from '../services/suspicion.ts';
import type { WatchingEvent } from '../services/watching/watching-event.ts';
import { describeCaller } from './answering-talk.ts';
import type { Context } from './context.ts';
import { modemField } from './event-stream.ts';

/** What `--json` tells besides time and event. */
export function fieldsOf(session: Session, event: WatchingEvent): Record<string, unknown> {
  return { modem: modemField(session), ...ownFields(event) };
}

function ownFields(event: WatchingEvent): Record<string, unknown> {
  switch (event.kind) {
    case 'ring':
      return { count: event.count, distinctive: event.distinctive };
    case 'callerId':
      return { caller: event.callerId };
    case 'ringEnded':
      return { rings: event.rings, caller: event.callerId };
    case 'disconnect':
      return { connectedMs: Math.round(event.connectedMs) };
    case 'recovered':
      return { recoveredBy: event.by };
    default: {
      const { kind: _, ...fields } = event;
      return fields;
    }
  }
}

/** What a hook gets in its environment; all of it is always there. */
export function environmentOf({ id, tty }: Session, event: WatchingEvent): GivenEnvironment {
  const rings = event.kind === 'ring' ? event.count : event.kind === 'ringEnded' ? event.rings : '';
  const caller = event.kind === 'callerId' || event.kind === 'ringEnded' ? event.callerId : null;
  return {
    MODEMCTL_EVENT: event.kind,
    MODEMCTL_MODEM: id,
    MODEMCTL_TTY: tty ?? '',
    MODEMCTL_RINGS: String(rings),
    MODEMCTL_DISTINCTIVE_RING: (event.kind === 'ring' && event.distinctive) || '',
    ...callerEnvironment(caller),
  };
}

/** The longest of the names. */
const NAME_WIDTH = 'disconnect'.length;

/** What people see. */
export function lineFor({ colours }: Context, session: Session, event: WatchingEvent): string {
  const { green, yellow, red } = colours;
  const name = event.kind.padEnd(NAME_WIDTH);
  const colour = COLOURS[event.kind];
  const shown = colour ? { green, yellow, red }[colour](name) : name;
  return `${shown}  ${printable(describe(session, event))}`.trimEnd();
}

const COLOURS: Readonly<Partial<Record<WatchingEvent['kind'], 'green' | 'yellow' | 'red'>>> = {
  callerId: 'green',
  recovered: 'green',
  unplugged: 'yellow',
  hung: 'yellow',
  suspect: 'yellow',
  gaveUp: 'red',
};

function describe(session: Session, event: WatchingEvent): string {
  switch (event.kind) {
    case 'waiting':
      return `${session.name}, caller ID ${event.callerId ? 'on' : 'refused'}`;
    case 'ring':
      return `${event.count}${event.distinctive === null ? '' : `, pattern ${event.distinctive}`}`;
    case 'callerId':
      return describeCaller(event.callerId);
    case 'ringEnded':
      return `${event.rings} ${event.rings === 1 ? 'ring' : 'rings'}, ${describeCaller(event.callerId)}`;
    case 'disconnect':
      return `after ${formatDuration(event.connectedMs)}`;
    case 'recovered':
      return event.by === null ? 'it answers again' : `by step ${event.by}`;
    case 'gaveUp':
      return event.why;
    case 'suspect':
      return `${session.name}: ${describeSuspect(event)}`;
    case 'lent':
      return `to ${event.to}`;
    case 'connect':
      return 'a call is up';
    case 'unplugged':
    case 'plugged':
    case 'reset':
    case 'hung':
      return session.name;
  }
}
