import { type AtCommand, parseAtCommand } from '../../at/command-line.ts';
import { type ResultCode, type ResultKind, resultInWords } from '../../at/result-codes.ts';
import { formatDuration, parseDuration } from '../../core/duration.ts';
import { type ErrorCode, EXIT_CODES, ModemctlError } from '../../core/errors.ts';
import { printable } from '../../core/text.ts';
import type { Exchange } from '../../modem/conversation.ts';
import { freeLine } from '../../modem/free-line.ts';
import { enterOnlineCommandState } from '../../modem/hang-up.ts';
import { COMMAND_LIMIT_MS, type Session } from '../../modem/session.ts';
import type { CommandSpec } from '../command.ts';
import type { Context } from '../context.ts';
import { readScript } from '../script.ts';
import { withSession } from '../with-session.ts';

export const at: CommandSpec = {
  name: 'at',
  group: 'Talk',
  summary: 'send AT commands; information text goes to stdout, result codes to stderr',
  arguments: [
    {
      name: 'command',
      variadic: true,
      describe: 'AT commands; AT is put in front if missing; "-" reads them from stdin, one a line, # comments',
    },
  ],
  options: [
    {
      flags: '-t, --timeout <duration>',
      describe: 'for each command (default 5s; for D, A and O: S7 + 30s)',
      parse: parseDuration,
    },
    { flags: '-f, --force', describe: 'even if another program has the modem, or a call is up' },
    { flags: '--keep', describe: 'leave a call up that ATD, ATA or ATO made' },
  ],
  examples: [
    ['modemctl at ATI3', "the modem's firmware"],
    ["modemctl at 'AT&F' 'ATS0=0' 'AT&V'", 'several; it stops at the first that is not OK'],
    ['modemctl at --json +GMI', 'for scripts; the AT may be left out'],
    ['modemctl at - < setup.at', 'from a file'],
  ],
  notes: [
    'Exit codes: 0 all OK; 1 ERROR; 6 no answer in time (modemctl reset brings the modem back); 10 NO DIALTONE, 11 BUSY, 12 NO ANSWER, 20 NO CARRIER. Quote commands with & or # from the shell.',
  ],
  run: runAt,
};

/** What `--json` tells of each command. */
interface CommandReport {
  command: string;
  lines: readonly string[];
  result: string | null;
  elapsedMs: number;
}

async function runAt(
  context: Context,
  { options, args }: { options: Readonly<Record<string, unknown>>; args: readonly string[] },
): Promise<void> {
  const commands = await gatherCommands(context, args);
  const reports: CommandReport[] = [];
  context.report({ commands: reports });
  await withSession(context, { force: options.force === true }, async (session) => {
    await session.open();
    await session.refuseCall();
    const called = await runCommands(context, session, commands, options.timeout as number | undefined, reports);
    if (called) await endCall(context, session, options.keep === true);
    tellFailure(session, reports);
  });
}

async function gatherCommands(context: Context, args: readonly string[]): Promise<AtCommand[]> {
  if (args.length === 0) return [parseAtCommand('AT')];
  if (!args.includes('-')) return args.map((text) => parseAtCommand(text));
  if (args.length > 1)
    throw new ModemctlError('USAGE', '"-" stands alone: commands come from stdin or from the command line');
  const lines = await readScript(context.world.stdin, context.signal);
  return lines.map(({ text, number }) => {
    try {
      return parseAtCommand(text);
    } catch (error) {
      if (error instanceof ModemctlError)
        throw new ModemctlError(error.code, `line ${number}: ${error.message}`, { hint: error.hint ?? undefined });
      throw error;
    }
  });
}

/** @returns whether one of them took the line off-hook */
async function runCommands(
  context: Context,
  session: Session,
  commands: readonly AtCommand[],
  limitMs: number | undefined,
  reports: CommandReport[],
): Promise<boolean> {
  let called = false;
  for (const command of commands) {
    if (session.state === 'inCall') await enterOnlineCommandState(session, context.signal);
    context.progress.start(`${command.call ? 'waiting for the call' : 'waiting for the answer'}`);
    called ||= command.call;
    const exchange = await session.command(command, limitMs);
    context.progress.clear();
    reports.push(toReport(command, exchange));
    if (context.signal.aborted) break;
    for (const line of exchange.lines) context.print(printable(line));
    if (exchange.result) context.say(colourResult(context, exchange.result));
    if (exchange.result?.kind !== 'ok' && exchange.result?.kind !== 'connect') break;
  }
  return called;
}

function toReport(command: AtCommand, exchange: Exchange): CommandReport {
  return {
    command: command.line,
    lines: exchange.lines,
    result: exchange.result?.text ?? null,
    elapsedMs: Math.round(exchange.elapsedMs),
  };
}

function colourResult(context: Context, result: ResultCode): string {
  const { green, red } = context.colourOfTalk;
  return result.kind === 'ok' || result.kind === 'connect' ? green(result.text) : red(printable(result.text));
}

/** A call is ended before we leave, so that the line is free; with `--keep` it outlives us. */
async function endCall(context: Context, session: Session, keep: boolean): Promise<void> {
  if (keep && session.state === 'inCall') {
    const kept = await session.port.keepLine();
    context.say(
      kept ? 'The call stays up: modemctl hangup ends it.' : 'note: the call cannot be kept up here, it ends now',
    );
    return;
  }
  context.progress.start('hanging up');
  await freeLine(session);
  context.progress.clear();
  context.say('line is on-hook, the modem is ready');
}

const FAILURES: Readonly<Partial<Record<ResultKind, ErrorCode>>> = {
  error: 'MODEM_ERROR',
  noCarrier: 'NO_CARRIER',
  noDialtone: 'NO_DIALTONE',
  busy: 'BUSY',
  noAnswer: 'NO_ANSWER',
  delayed: 'REFUSED',
  blacklisted: 'REFUSED',
};

function tellFailure(session: Session, reports: readonly CommandReport[]): void {
  const last = reports.at(-1);
  if (!last) return;
  const details = { modem: session.id, command: last.command };
  if (last.result === null) {
    const waited = formatDuration(last.elapsedMs || COMMAND_LIMIT_MS);
    throw new ModemctlError('NOT_RESPONDING', `${session.name} did not answer ${last.command} (waited ${waited})`, {
      hint: `Bring it back: modemctl reset -d ${session.id}`,
      details,
    });
  }
  const code = FAILURES[resultInWords(last.result)?.kind ?? 'ok'];
  if (code)
    throw new ModemctlError(
      code,
      `${session.name} answered ${last.result} to ${last.command}: ${EXIT_CODES[code].meaning}`,
      { details },
    );
}
