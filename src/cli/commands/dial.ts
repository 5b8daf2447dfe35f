import { parseDialString } from '../../at/dial-string.ts';
import type { ResultKind } from '../../at/result-codes.ts';
import { formatDuration, parseDuration } from '../../core/duration.ts';
import { isModemctlError, ModemctlError } from '../../core/errors.ts';
import { checkCallOptions } from '../../modem/call-settings.ts';
import { endCall, type LineAfter } from '../../modem/end-call.ts';
import type { Attempt } from '../../modem/place-call.ts';
import type { Session } from '../../modem/session.ts';
import { placeCall } from '../../services/placing.ts';
import type { Taker } from '../../services/taker.ts';
import { attemptError } from '../attempt-error.ts';
import { failureOfCall, tellConnected, tellEnd, tellLine } from '../call-end.ts';
import { CALL_OPTIONS, callOptions, parseWhole } from '../call-options.ts';
import { CHECK_OPTIONS, stdoutIsCall, TAKER_OPTIONS, takerFor } from '../call-taker.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { HeldCall } from '../held-call.ts';
import { PPP_CALLING_OPTIONS, PPP_OPTIONS, PPPD_OPTIONS } from '../ppp.ts';
import { needsOf, openForCommand, RECOVER_OPTION } from '../recovering.ts';
import { withSession } from '../with-session.ts';

/** Outcomes that another try may change, by the names of `--retry-on`. */
const RETRIABLE: Readonly<Record<string, readonly ResultKind[]>> = {
  busy: ['busy'],
  'no-answer': ['noAnswer'],
  'no-dialtone': ['noDialtone', 'lineInUse'],
  'no-carrier': ['noCarrier'],
};
/** More failed calls in a row than any country allows a machine; a modem's own blacklist comes first. */
const MAX_TRIES = 100;
/** Conexant's own delay between calls that failed is 2 to 60 s by country. */
const RETRY_DELAY_MS = 60_000;

export const dial: CommandSpec = {
  name: 'dial',
  group: 'Call',
  summary: 'call a number; in a pipe stdin and stdout are the call',
  arguments: [
    {
      name: 'number',
      required: true,
      describe: 'digits, * # A-D; , pause; W wait for a dial tone; @ ! T P; spaces and dashes; or @NAME',
    },
  ],
  settings: { sections: ['', 'dial'], phoneBook: true },
  passesOn: PPPD_OPTIONS,
  stdoutIsTheirs: stdoutIsCall,
  options: [
    ...TAKER_OPTIONS,
    ...CHECK_OPTIONS,
    ...PPP_OPTIONS,
    ...PPP_CALLING_OPTIONS,
    { flags: '--blind', describe: 'dial without waiting for a dial tone (VoIP adapter, PBX, line simulator)' },
    { flags: '--pulse', describe: 'pulse instead of tone dialling' },
    { flags: '--prefix <digits>', describe: 'dialled first, for an outside line: 9, or 0W' },
    ...CALL_OPTIONS,
    { flags: '--tries <count>', describe: 'dial up to this many times (default 1)', parse: parseWhole },
    { flags: '--retry-delay <duration>', describe: 'between two tries (default 1m)', parse: parseDuration },
    {
      flags: '--retry-on <outcomes>',
      describe: `after these only (default busy,no-answer): ${Object.keys(RETRIABLE).join(', ')}`,
      parse: parseOutcomes,
    },
    RECOVER_OPTION,
    { flags: '-f, --force', describe: 'even if another program has the modem, or a call is up' },
  ],
  examples: [
    ['modemctl dial 5550137', 'call, and talk in the terminal'],
    ['modemctl dial --check login: 5550137', 'call, wait for the prompt, hang up: a test for every night'],
    ['modemctl dial @pi17', 'a number of the phone book in the configuration; it is shown nowhere'],
    ["printf 'uptime\\n' | modemctl dial 5550137 > answer.txt", 'in a pipe the call is stdin and stdout'],
    ['modemctl dial --tries 5 --max-speed 9600 --report call.json 5550137 < /dev/null', 'for scripts'],
    ['modemctl dial --exec ./session.sh 5550137', 'a program talks: the call is its stdin and stdout'],
    ['modemctl dial --ppp --user pi --default-route 5550137', 'an IP link, as to an Internet provider'],
    [`pppd /dev/ttyACM0 connect 'modemctl -d - dial 5550137'`, 'dials for pppd, and leaves the call to it'],
  ],
  notes: [
    'How it ends: after Ctrl-C, the end of the far end, of the program, or of stdin and --idle, the line is put on-hook and the modem must answer AT.',
    'Exit codes: 0 we ended the call, or the far end did when our side had nothing left; 10 no dial tone; 11 busy; 12 no answer; 13 the modem refuses to dial; 20 no carrier; 21 cut off; 22 connected, but the script or the program failed. Below 20 no call was charged.',
  ],
  run: runDial,
};

function parseOutcomes(text: string): ResultKind[] {
  return text.split(',').flatMap((name) => {
    const kinds = RETRIABLE[name.trim()];
    if (kinds) return kinds;
    throw new ModemctlError('USAGE', `"${name}" is no outcome to dial again after`, {
      hint: `One or more of: ${Object.keys(RETRIABLE).join(',')}`,
    });
  });
}

async function runDial(context: Context, { options, args, passedOn = [], entry }: Invocation): Promise<void> {
  const number = parseDialString(entry?.number ?? args.join(' '), {
    name: entry?.name,
    method: options.pulse === true ? 'pulse' : undefined,
    outsideLine: options.prefix as string | undefined,
  });
  const call = { ...callOptions(options), blind: options.blind === true };
  checkCallOptions(call);
  const tries = (options.tries as number | undefined) ?? 1;
  if (tries < 1 || tries > MAX_TRIES) throw new ModemctlError('USAGE', `--tries is 1 to ${MAX_TRIES}`);
  const retryDelayMs = (options.retryDelay as number | undefined) ?? RETRY_DELAY_MS;
  const taker = await takerFor(context, options, { answers: false, pppdOptions: passedOn });
  if (entry) context.nameNumber(number.toCommand(), entry.name);
  await withSession(context, { ...needsOf(options), stdio: true }, async (session) => {
    const attempts: object[] = [];
    context.report({ modem: session.id, number: number.number, attempts, connected: false, onHook: null });
    await openForCommand(context, session, options);
    await session.refuseCall();
    const held = await HeldCall.open(context, session);
    const { signal } = held;
    let attempt: Attempt;
    try {
      attempt = await placeCall(session, {
        number,
        call,
        country: options.country as string | undefined,
        tries,
        retryDelayMs,
        retryOn: (options.retryOn as ResultKind[] | undefined) ?? ['busy', 'noAnswer'],
        signal,
        onDial: (_count, limitMs) =>
          context.progress.start(`dialling ${number.number} ... waiting for carrier`, limitMs),
        onFailed: (failed, elapsedMs, again) => {
          const outcome = failed.kind === 'failed' ? failed.text : null;
          attempts.push({ result: outcome, elapsedMs: Math.round(elapsedMs) });
          if (again) context.say(`${outcome}; dialling again in ${formatDuration(retryDelayMs)}`);
          if (again) context.progress.start('waiting to dial again', retryDelayMs);
        },
      });
    } catch (error) {
      // Nothing was dialled: a modem that hangs is brought back if that was asked for, and by nobody else.
      if (isModemctlError(error, 'NOT_RESPONDING') && !session.mayBeOffHook) await held.close(error.message);
      else await leaveLine(context, session, held);
      throw error;
    }
    context.progress.stop();
    if (attempt.kind === 'connected') await useCall(context, session, attempt, taker, held);
    else {
      const line = await leaveLine(context, session, held);
      if (context.signal.aborted) return;
      if (signal.aborted) throw new ModemctlError('IN_USE', 'another modemctl ended the call before it came up');
      const failure = attemptError(session, number.number, attempt, line);
      if (failure) throw failure;
    }
  });
}

async function useCall(
  context: Context,
  session: Session,
  { call }: Extract<Attempt, { kind: 'connected' }>,
  taker: Taker,
  held: HeldCall,
): Promise<void> {
  tellConnected(context, call);
  let staysUp = false;
  try {
    const end = await taker(session, call, held.signal);
    staysUp = end.staysUp ?? false;
    if (staysUp) return;
    tellEnd(context, call, end, call.elapsedMs);
    const failure = failureOfCall(session, end);
    if (failure) throw failure;
    if (end.endedBy === 'signal' && end.unfinished && !context.signal.aborted) {
      throw new ModemctlError('CUT_OFF', 'another modemctl ended the call while our side still had business');
    }
  } finally {
    if (!staysUp) await leaveLine(context, session, held);
  }
}

async function leaveLine(context: Context, session: Session, held: HeldCall): Promise<LineAfter> {
  context.progress.start('hanging up');
  const line = await endCall(session, { asked: context.signal });
  context.progress.stop();
  await held.close(line.free ? null : line.why);
  tellLine(context, session, line);
  return line;
}
