/** The events of `detect --watch`, `watch` and `answer`, one vocabulary for all. The names are API, and so are those of their fields. */

interface EventSpec {
  readonly meaning: string;
  /** Besides `time`, `event` and `modem`, which all have. */
  readonly fields: Readonly<Record<string, string>>;
  readonly toldBy: readonly ('detect' | 'watch' | 'answer')[];
}

const CALLER = 'who, or null: no caller ID came';
const WHY = 'in words';

export const EVENTS = {
  plugged: {
    meaning: 'a modem was plugged in, and can be used if it ever can',
    fields: { present: 'of `detect`: it was there when watching began' },
    toldBy: ['detect', 'watch', 'answer'],
  },
  changed: { meaning: 'it has another tty, other rights or another state', fields: {}, toldBy: ['detect'] },
  unplugged: { meaning: 'it went away', fields: {}, toldBy: ['detect', 'watch', 'answer'] },
  waiting: {
    meaning: 'the modem has answered AT and is set up',
    fields: { callerId: 'true: it will tell caller ID', after: 'of `watch`: what made this necessary' },
    toldBy: ['watch', 'answer'],
  },
  ring: {
    meaning: 'it rings',
    fields: { count: 'which ring', distinctive: "which of the line's numbers is called, or null" },
    toldBy: ['watch', 'answer'],
  },
  callerId: { meaning: 'caller ID has come', fields: { caller: CALLER }, toldBy: ['watch', 'answer'] },
  ringEnded: {
    meaning: 'the ringing is over: the caller gave up, or a telephone was picked up',
    fields: { rings: 'how many', caller: CALLER },
    toldBy: ['watch'],
  },
  missed: {
    meaning: 'the caller gave up before we picked up',
    fields: { rings: 'how many', caller: CALLER },
    toldBy: ['answer'],
  },
  refused: { meaning: 'not answered: see --allow, --deny', fields: { why: WHY, caller: CALLER }, toldBy: ['answer'] },
  noConnection: {
    meaning: 'we picked up, but no connection came of it',
    fields: { result: "the modem's result code, or null" },
    toldBy: ['answer'],
  },
  connect: {
    meaning: 'a call is up',
    fields: { connection: 'of `answer`: rate and protocols', caller: 'of `answer`' },
    toldBy: ['watch', 'answer'],
  },
  disconnect: {
    meaning: 'the call is over',
    fields: {
      connectedMs: 'how long it was up',
      endedBy: 'of `answer`: `us`, `farEnd`, `modemGone`, `signal`, `idle`, `maxTime`',
      bytesReceived: 'of `answer`',
      bytesSent: 'of `answer`',
      error: 'of `answer`: `code` and `message`, or null',
    },
    toldBy: ['watch', 'answer'],
  },
  suspect: {
    meaning: 'the modem answers AT, but does it work?',
    fields: { why: '`noCallerId` or `noConnection`', calls: 'so many in a row' },
    toldBy: ['watch', 'answer'],
  },
  hung: { meaning: 'it does not answer', fields: {}, toldBy: ['watch', 'answer'] },
  recovered: {
    meaning: 'it answers again',
    fields: { recoveredBy: 'the step that did it; null: it came back by itself' },
    toldBy: ['watch', 'answer'],
  },
  gaveUp: {
    meaning: 'it does not answer, whatever was tried; `watch` tries again later',
    fields: { why: WHY },
    toldBy: ['watch', 'answer'],
  },
  reset: { meaning: 'somebody else had it reset', fields: {}, toldBy: ['watch'] },
  lent: {
    meaning: 'another program has it until it gives it back',
    fields: { to: 'whom' },
    toldBy: ['watch', 'answer'],
  },
} as const satisfies Record<string, EventSpec>;

export type EventName = keyof typeof EVENTS;
