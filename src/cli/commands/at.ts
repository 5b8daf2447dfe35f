import { type AtCommand, parseAtCommand } from '../../at/command-line.ts';
import type { ResultCode } from '../../at/result-codes.ts';
import { parseDuration } from '../../core/duration.ts';
import { ModemctlError } from '../../core/errors.ts';
import { printable } from '../../core/text.ts';
import { freeLine } from '../../modem/free-line.ts';
import { enterOnlineCommandState } from '../../modem/hang-up.ts';
import type { Session } from '../../modem/session.ts';
import { type CommandReport, failureOf } from '../../services/at-outcome.ts';
import { ampersandRemark } from '../ampersand.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { needsOf, openForCommand, RECOVER_OPTION } from '../recovering.ts';
import { readScript } from '../script.ts';
import { isOnStdio } from '../stdio.ts';
import { withSession } from '../with-session.ts';

export const at: CommandSpec = {
  name: 'at',
  group: 'Talk',
  summary: 'send AT commands; information text goes to stdout, result codes to stderr',
  settings: { sections: ['at'] },
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
      parse: parseTimeLimit,
    },
    RECOVER_OPTION,
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

function parseTimeLimit(text: string): number {
  const limitMs = parseDuration(text);
  if (limitMs > 0) return limitMs;
  throw new ModemctlError('USAGE', 'a time-out of 0 leaves the modem no time to answer', { hint: 'Try: --timeout 5s' });
}

async function runAt(context: Context, { options, args }: Invocation): Promise<void> {
  const remark = ampersandRemark(args);
  if (remark) context.say(context.colourOfTalk.dim(remark));
  const commands = await gatherCommands(context, args);
  const reports: CommandReport[] = [];
  context.report({ commands: reports });
  await withSession(context, { ...needsOf(options), stdio: true }, async (session) => {
    await openForCommand(context, session, options);
    await session.refuseCall();
    const calls = new Calls(context, session, options.keep === true);
    try {
      await runCommands(context, session, commands, options.timeout as number | undefined, reports, calls);
    } catch (error) {
      // Whatever went wrong is what is told; the line is freed all the same.
      await calls.end().catch(() => {});
      throw error;
    }
    await calls.end();
    const last = reports.at(-1);
    const failure = last ? failureOf(session, last, commands[reports.length - 1]?.call ?? false) : null;
    if (failure) throw failure;
  });
}

async function gatherCommands(context: Context, args: readonly string[]): Promise<AtCommand[]> {
  if (args.length === 0) return [parseAtCommand('AT')];
  if (!args.includes('-')) return args.map((text) => parseAtCommand(text));
  if (args.length > 1)
    throw new ModemctlError('USAGE', '"-" stands alone: commands come from stdin or from the command line');
  if (isOnStdio(context.common)) {
    throw new ModemctlError('USAGE', 'with -d - stdin is the modem, so commands cannot come from there');
  }
  if (context.world.stdin.isTTY) context.say('AT commands, one a line; Ctrl-D ends them.');
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

async function runCommands(
  context: Context,
  session: Session,
  commands: readonly AtCommand[],
  limitMs: number | undefined,
  reports: CommandReport[],
  calls: Calls,
): Promise<void> {
  for (const command of commands) {
    if (session.state === 'inCall') await enterOnlineCommandState(session, context.signal);
    context.progress.start(command.call ? 'waiting for the call' : 'waiting for the answer');
    calls.expect(command);
    const report: CommandReport = { command: command.line, lines: [], result: null, elapsedMs: 0 };
    reports.push(report);
    const startedAt = context.clock.now();
    try {
      const exchange = await session.command(command, limitMs);
      Object.assign(report, { lines: exchange.lines, result: exchange.result?.text ?? null });
      report.elapsedMs = Math.round(exchange.elapsedMs);
      if (context.signal.aborted) return;
      context.progress.clear();
      for (const line of exchange.lines) context.print(printable(line));
      if (exchange.result) context.say(colourResult(context, exchange.result));
      if (exchange.result?.kind !== 'ok' && exchange.result?.kind !== 'connect') return;
    } catch (error) {
      report.elapsedMs = Math.round(context.clock.now() - startedAt);
      throw error;
    }
  }
}

function colourResult(context: Context, result: ResultCode): string {
  const { green, red } = context.colourOfTalk;
  return result.kind === 'ok' || result.kind === 'connect' ? green(result.text) : red(printable(result.text));
}

/** Calls that the commands made: ended before we leave, so that the line is free; with `--keep` one that is up outlives us. */
class Calls {
  readonly #context: Context;
  readonly #session: Session;
  readonly #keep: boolean;
  #made = false;

  constructor(context: Context, session: Session, keep: boolean) {
    this.#context = context;
    this.#session = session;
    this.#keep = keep;
  }

  /** This command comes now: it may take the line off-hook. */
  expect(command: AtCommand): void {
    this.#made ||= command.call;
  }

  async end(): Promise<void> {
    const [context, session] = [this.#context, this.#session];
    // CONNECT to a command that is none of V.250's calls (fax, voice, a maker's own) has to be ended as well.
    if (!session.isOpen || (!this.#made && session.state !== 'inCall')) return;
    if (this.#keep && (await this.#keepUp())) return;
    context.progress.start('hanging up');
    await freeLine(session);
    context.progress.stop();
    context.say('line is on-hook, the modem is ready');
  }

  async #keepUp(): Promise<boolean> {
    const [context, session] = [this.#context, this.#session];
    if (session.state !== 'inCall' && !(await session.hasCarrier())) return false;
    const kept = await session.port.keepLine(true);
    context.say(
      kept
        ? `The call stays up. To end it: modemctl hangup -d ${session.id}`
        : 'note: a call cannot be kept up here, it ends now',
    );
    return kept;
  }
}
