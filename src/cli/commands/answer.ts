import { parseDuration } from '../../core/duration.ts';
import { isModemctlError, ModemctlError } from '../../core/errors.ts';
import { checkCallOptions } from '../../modem/call-settings.ts';
import { endCall, type LineAfter } from '../../modem/end-call.ts';
import type { Attempt } from '../../modem/place-call.ts';
import type { Session } from '../../modem/session.ts';
import {
  type Answered,
  type AnsweringOptions,
  answerCalls,
  stopAnswering,
} from '../../services/answering/answering.ts';
import type { AnsweringEvent } from '../../services/answering/answering-event.ts';
import { takeUpAgain } from '../../services/answering/bring-back.ts';
import { type CallerEntry, type CallerLists, parseCallers, refusalOf } from '../../services/answering/caller-list.ts';
import type { Desk } from '../../services/control/desk.ts';
import { Errands } from '../../services/control/errands.ts';
import { limitedTaker } from '../../services/limited-taker.ts';
import { answeringTalk } from '../answering-talk.ts';
import { attemptError } from '../attempt-error.ts';
import { failureOfCall, tellLine } from '../call-end.ts';
import { CALL_OPTIONS, callOptions, parseWhole } from '../call-options.ts';
import { LOGIN_OPTIONS, stdoutIsCall, TAKER_OPTIONS, takerFor } from '../call-taker.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { EventStream } from '../event-stream.ts';
import { KEEPING_NOTES, KEEPING_OPTIONS, Keeping, keepingPolicy } from '../keeping.ts';
import { openDesk } from '../open-desk.ts';
import { PPP_ANSWERING_OPTIONS, PPP_OPTIONS, PPPD_OPTIONS } from '../ppp.ts';
import type { Servable } from '../servable.ts';
import { untilThere } from '../until-there.ts';
import { withSession } from '../with-session.ts';

/** Caller ID comes between the first ring and the second. */
const RINGS = 2;
const MAX_RINGS = 100;
const CHECK_EVERY_MS = 300_000;

export const answer: CommandSpec = {
  name: 'answer',
  group: 'Call',
  summary: 'wait for calls and answer them; the line is free again after each',
  settings: { sections: ['', 'answer', 'recovery'] },
  selectorArgument: true,
  passesOn: PPPD_OPTIONS,
  stdoutIsTheirs: stdoutIsCall,
  options: [
    ...LOGIN_OPTIONS,
    ...TAKER_OPTIONS,
    ...PPP_OPTIONS,
    ...PPP_ANSWERING_OPTIONS,
    { flags: '--once', describe: 'end after one call' },
    {
      flags: '--rings <count>',
      describe: 'answer at this ring (default 2: caller ID has come by then)',
      parse: parseWhole,
    },
    { flags: '--now', describe: 'go off-hook at once, without a ring' },
    { flags: '--max-time <duration>', describe: 'end a call after this long', parse: parseDuration },
    {
      flags: '--idle <duration>',
      describe: 'end a call in which nothing has come or gone for this long (after the end of stdin: 60s)',
      parse: parseDuration,
    },
    {
      flags: '--allow <callers>',
      describe: 'answer these only: numbers as caller ID shows them, 0049*, private, unknown',
      parse: moreCallers,
    },
    { flags: '--deny <callers>', describe: 'do not answer these', parse: moreCallers },
    ...CALL_OPTIONS,
    {
      flags: '--check-every <duration>',
      describe: 'ask the waiting modem for an AT this often (default 5m)',
      parse: parseDuration,
    },
    { flags: '--no-recover', describe: 'end instead of bringing a hung modem back or waiting for an unplugged one' },
    ...KEEPING_OPTIONS,
    { flags: '-f, --force', describe: 'even if another program has the modem, or a call is up' },
  ],
  examples: [
    ['modemctl answer', 'answer calls, and talk in the terminal'],
    ['modemctl answer --exec ./session.sh', 'a program talks: each call is its stdin and stdout'],
    ['sudo modemctl answer --login --idle 10m', 'reach this machine by telephone when its Internet is down'],
    ['sudo modemctl answer --ppp --ip 10.64.0.1:10.64.0.2 --dns 9.9.9.9 --share', 'an Internet provider for callers'],
    ['sudo modemctl answer --auto', 'an IP link for callers who begin PPP, a login for all others'],
    ["modemctl answer --allow '5550137,0049*' --exec ./session.sh", 'for some callers only'],
    ['modemctl answer --once > received.bin < /dev/null', 'take what one caller sends'],
    ['modemctl answer --exec ./log.sh --json | while read -r event; do ...', 'events, one JSON object a line'],
  ],
  notes: [
    'After each call the line is put on-hook, the modem is set up anew and must answer AT, and only then waits for the next. A modem that hangs meanwhile is brought back by the steps of "modemctl reset"; one that is unplugged is waited for at its USB port.',
    'The caller cannot bring the modem to its command state. What is known of the caller reaches programs in MODEMCTL_CALLER_NUMBER, MODEMCTL_CALLER_NAME (both empty where not told), MODEMCTL_CALLER_PRESENTATION (allowed, private, unavailable, none), MODEMCTL_CALLED_NUMBER; further MODEMCTL_CALL_TIME, MODEMCTL_CONNECT_RATE, MODEMCTL_MODEM. A caller chooses what is in them: quote them.',
    'With --allow or --deny a caller whose number is not told is not answered, unless --allow names private (withheld) or unknown (not told): on a telephone line without caller ID nobody gets in. Both lists hold several callers, separated by commas, and may be given more than once. Caller ID can be forged: a list keeps nuisances out, not an attacker.',
    'With --ppp a caller must authenticate himself by /etc/ppp/pap-secrets or /etc/ppp/chap-secrets, unless --no-auth is said; he gets an address of --ip (default 10.64.0.1:10.64.0.2). See docs/from-mgetty.md.',
    'With --auto the caller gets a login prompt, at which PPP may begin instead of a name; the options of --ppp hold for it. Who has said neither after a minute is hung up on.',
    'With --json each line is an object with time (ISO 8601), event and modem (the fields of detect --json): waiting, ring, callerId, missed, refused, connect, noConnection, disconnect, hung, recovered, gaveUp, suspect (why: noCallerId or noConnection; calls in a row), unplugged, plugged. With --once it is one document at the end. Where stdout is the call: --report FILE.',
    ...KEEPING_NOTES,
    'Exit codes with --once: 0 we ended the call, or the far end did when our side had nothing left; 20 no connection came about; 21 cut off; 22 the program failed. Without: 9 the modem could not be brought back; with --no-recover 6 it hangs, 7 it went away (a bare serial device always so: it has no place to be waited for at); 128+n, by the signal that ends it.',
  ],
  run: runAnswer,
};

/** As a service of systemd's. */
export const answerService: Servable = {
  command: answer,
  summary: 'have systemd answer calls from boot on',
  examples: [
    ['sudo modemctl setup answer --exec ./session.sh', 'for the user who types it; each call is its stdin and stdout'],
    ['sudo modemctl setup answer --login -d 1-1.2', 'this modem; its calls log in here'],
    ['modemctl setup answer --ppp --share --dry-run', 'look first'],
    ['sudo modemctl setup answer --remove', 'undo'],
  ],
  needs: 'one',
  taskOf: ({ login, auto, ppp }) => (login || auto ? 'login' : ppp ? 'ppp' : 'program'),
  refuse: (options) => {
    if (options.once === true) return '--once ends after one call, and a service goes on';
    return stdoutIsCall(options) ? 'nobody is at the stdin and stdout of a service: say who gets the calls' : null;
  },
  check: async (context, invocation) => {
    keepingPolicy(invocation.options);
    await planAnswering(context, invocation);
  },
};

type Plan = Pick<AnsweringOptions, 'call' | 'rings' | 'refuses' | 'taker' | 'checkEveryMs'>;

/**
 * What is to be done with calls; all that can be wrong with the command line is found here.
 * @throws ModemctlError USAGE, and as {@link takerFor}
 */
async function planAnswering(context: Context, { options, passedOn = [] }: Invocation): Promise<Plan> {
  const call = callOptions(options);
  checkCallOptions(call);
  const rings = ringsOf(options);
  const lists = listsOf(options, rings);
  const checkEveryMs = (options.checkEvery as number | undefined) ?? CHECK_EVERY_MS;
  if (checkEveryMs < 1000) throw new ModemctlError('USAGE', '--check-every is at least 1s');
  const taker = limitedTaker(await takerFor(context, options, { answers: true, pppdOptions: passedOn }), {
    maxMs: (options.maxTime as number | undefined) ?? null,
    // pppd counts packets, which pass by the tty's own times.
    idleMs: options.ppp === true || options.auto === true ? null : ((options.idle as number | undefined) ?? null),
  });
  return { call, rings, refuses: lists && ((caller) => refusalOf(caller, lists)), taker, checkEveryMs };
}

async function runAnswer(context: Context, invocation: Invocation): Promise<void> {
  const { options } = invocation;
  const once = options.once === true;
  const recover = options.recover !== false;
  const plan = await planAnswering(context, invocation);
  const keeping = new Keeping(context, invocation);
  const use = async (session: Session) => {
    context.report({ modem: session.id, connected: false, onHook: null });
    const events = context.common.json && !once ? await EventStream.open(context) : null;
    const errands = new Errands(session);
    const signal = events?.signal ?? context.signal;
    const kept = await keeping.keep(session, errands);
    const talk = answeringTalk(context, session, events);
    const tell = (event: AnsweringEvent) => {
      kept.told(event);
      talk(event);
    };
    if (options.await === true) await takeUpAgain(session, { errands, signal, tell, power: kept.power });
    else await session.open();
    if (signal.aborted) return;
    await session.refuseCall();
    if (plan.refuses) {
      const note = context.colourOfTalk.yellow('note:');
      context.say(`${note} --allow and --deny go by caller ID; on a telephone line without it nobody gets in`);
    }
    const onLent = (to: string) => tell({ kind: 'lent', to });
    const desk = await openDesk(context, { session, errands, record: kept.record, signal, onLent });
    const answered = await leavingInOrder(context, session, desk, {
      ...plan,
      country: options.country as string | undefined,
      once,
      recover,
      suspect: keeping.suspect,
      power: kept.power,
      signal,
      tell,
      errands,
    });
    if (events?.signal.aborted && isModemctlError(events.signal.reason)) throw events.signal.reason;
    const failure = answered && failureOf(session, answered);
    if (failure && !context.signal.aborted) throw failure;
  };
  try {
    const onAbsent = (what: string) => keeping.awaits(what);
    const target = options.await === true ? { target: await untilThere(context, onAbsent) } : {};
    await withSession(context, { ...target, force: options.force === true, hears: false, borrow: false }, use);
  } finally {
    await keeping.end();
  }
}

/** An option that may be given more than once. */
function moreCallers(text: string, previous: unknown): CallerEntry[] {
  return [...((previous as CallerEntry[] | undefined) ?? []), ...parseCallers(text)];
}

/** @throws ModemctlError USAGE */
function listsOf({ allow, deny }: Invocation['options'], rings: number): CallerLists | null {
  if (allow === undefined && deny === undefined) return null;
  if (rings < RINGS) {
    throw new ModemctlError('USAGE', '--allow and --deny need the caller ID, which comes after the first ring', {
      hint: `Leave out --now, and have --rings ${RINGS} or more.`,
    });
  }
  return { allow: (allow as CallerEntry[] | undefined) ?? [], deny: (deny as CallerEntry[] | undefined) ?? [] };
}

/** @throws ModemctlError USAGE */
function ringsOf(options: Invocation['options']): number {
  const rings = (options.rings as number | undefined) ?? RINGS;
  if (rings < 1 || rings > MAX_RINGS) throw new ModemctlError('USAGE', `--rings is 1 to ${MAX_RINGS}`);
  if (options.now !== true) return rings;
  if (options.rings === undefined) return 0;
  throw new ModemctlError('USAGE', '--now does not wait for any ring, --rings does: only one of them can be meant');
}

/** However it ends, the line is on-hook and the modem ready. */
async function leavingInOrder(
  context: Context,
  session: Session,
  desk: Desk | null,
  options: AnsweringOptions,
): Promise<Answered | null> {
  let failure: unknown = null;
  try {
    return await answerCalls(session, options);
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    context.progress.stop();
    if (session.isOpen) {
      context.progress.start('hanging up');
      const line = await leaveLine(session, failure, { recover: options.recover, asked: context.signal });
      context.progress.stop();
      tellLine(context, session, line);
      options.errands.callOver(line.free ? null : line.why);
    }
    await desk?.close();
  }
}

/** What was tried in vain just now is not tried again. */
async function leaveLine(
  session: Session,
  failure: unknown,
  options: { readonly recover: boolean; readonly asked: AbortSignal },
): Promise<LineAfter> {
  const inVain =
    isModemctlError(failure, 'NOT_RECOVERED') ||
    (isModemctlError(failure, 'NOT_RESPONDING') && !session.mayBeOffHook && !options.recover);
  if (inVain) return { free: false, why: failure.message, code: failure.code };
  const line = await endCall(session, options);
  await stopAnswering(session);
  return line;
}

function failureOf(session: Session, answered: Answered): ModemctlError | null {
  return answered.kind === 'taken' ? failureOfCall(session, answered.taken) : noConnection(session, answered.attempt);
}

function noConnection(session: Session, attempt: Exclude<Attempt, { kind: 'connected' }>): ModemctlError | null {
  if (attempt.kind !== 'failed') return attemptError(session, 'the call', attempt);
  const details = { modem: session.id, result: attempt.text };
  // Where the caller has hung up, the exchange gives a busy tone, or nothing.
  if (attempt.result !== 'noCarrier' && attempt.result !== 'busy' && attempt.result !== 'noAnswer') {
    return new ModemctlError('MODEM_ERROR', `the modem did not answer the call: ${attempt.text}`, { details });
  }
  return new ModemctlError('NO_CARRIER', 'no carrier: the caller hung up, or was no modem', {
    hint: 'On a poor line or a VoIP adapter: --max-speed 9600',
    details,
  });
}
