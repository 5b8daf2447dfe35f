/** The entry of the command line. */
import { writeFileSync } from 'node:fs';
import { ModemctlError } from '../core/errors.ts';
import { printable } from '../core/text.ts';
import { COMMANDS, OVERVIEW } from './commands/index.ts';
import { configure } from './configure.ts';
import { type CommonOptions, Context } from './context.ts';
import { asModemctlError, endedBy, endProcess, jsonDocument } from './ending.ts';
import { Interrupts } from './interrupts.ts';
import { Output } from './output.ts';
import { asksForJson, type Parsed, parseCommandLine } from './parse.ts';
import { ReportFile } from './report-file.ts';
import { isOnStdio, refuseJsonOnStdio } from './stdio.ts';
import { withHelp } from './usage-error.ts';
import type { World } from './world.ts';

const argv = process.argv.slice(2);

nameProcess();
void main();

/** @param stdoutIsModem then nothing may be printed there, and not even Node's stream be made of it: it would open the tty once more */
function worldFor(stdoutIsModem: boolean): World {
  return {
    /** Made on first use: few commands read it, and Node takes some milliseconds. */
    get stdin() {
      return process.stdin;
    },
    stdout: stdoutIsModem ? process.stderr : process.stdout,
    stderr: process.stderr,
    env: process.env,
  };
}

/** What others are told of who has the modem: "in use by modemctl", not "by node". */
function nameProcess(): void {
  try {
    writeFileSync('/proc/self/comm', 'modemctl');
  } catch {
    // No /proc: nobody will find us there.
  }
}

async function main(): Promise<void> {
  let common: CommonOptions = { json: asksForJson(argv), quiet: false, verbose: false, showNumbers: false };
  let context: Context | null = null;
  let report: ReportFile | null = null;
  const parsed = parse();
  if (!(parsed instanceof ModemctlError) && parsed.kind !== 'text') common = parsed.common;
  const world = worldFor(isOnStdio(common));
  let isEnding = false;
  const interrupts = new Interrupts((signal, late) => {
    context?.letGo();
    if (late)
      context?.say('note: not all could be put in order in time; the line may still be off-hook: modemctl hangup');
    if (!isEnding) report?.write(jsonDocument(context?.reported ?? {}, endedBy(signal)));
  });
  const output = new Output(world, () => interrupts.readerGone());
  const end = async (failure: ModemctlError | null) => {
    // What goes wrong while the last output waits for its reader changes nothing any more.
    if (isEnding) return;
    isEnding = true;
    const json = common.json && !(context?.announced ?? false);
    await endProcess(world, { ...common, json, report }, context?.reported ?? {}, failure, output, interrupts);
  };
  process.on('uncaughtException', async (thrown) => {
    await context?.crash();
    await end(asModemctlError(thrown));
  });
  let failure: ModemctlError | null = null;
  try {
    if (parsed instanceof ModemctlError) throw parsed;
    if (parsed.kind === 'text') {
      common = { ...common, json: false };
      world.stdout.write(parsed.text);
    } else {
      refuseJsonOnStdio(common);
      if (parsed.kind === 'run') report = openReport(parsed);
      const command = parsed.kind === 'run' ? parsed.command : OVERVIEW;
      const typed = parsed.kind === 'run' ? parsed.invocation : { options: {}, args: [] };
      const { invocation, configured, warning, ...more } = await configure(command, typed, common, COMMANDS, world.env);
      common = more.common;
      const readerGone = () => interrupts.readerGone();
      context = new Context(world, common, nameOf(parsed), interrupts.signal, readerGone, configured);
      if (warning) context.say(`${context.colourOfTalk.yellow('note:')} ${printable(warning)}`);
      await command.run(context, invocation);
    }
  } catch (thrown) {
    const run = !(parsed instanceof ModemctlError) && parsed.kind === 'run' ? parsed.command.name : null;
    failure = withHelp(asModemctlError(thrown), run);
  }
  context?.progress.stop();
  await end(failure);
}

function nameOf(parsed: Exclude<Parsed, { kind: 'text' }>): string {
  return parsed.kind === 'run' ? parsed.command.name : 'overview';
}

function parse(): Parsed | ModemctlError {
  try {
    return parseCommandLine(argv, COMMANDS, process.env);
  } catch (thrown) {
    return asModemctlError(thrown);
  }
}

/** @throws ModemctlError USAGE */
function openReport({ command, common, invocation }: Extract<Parsed, { kind: 'run' }>): ReportFile | null {
  if (common.json && command.stdoutIsTheirs?.(invocation.options)) {
    throw new ModemctlError('USAGE', `stdout of "${command.name}" is not ours to write a document on`, {
      hint: `Have it in a file: modemctl ${command.name} --report FILE ...`,
    });
  }
  const { report } = invocation.options;
  return typeof report === 'string' ? new ReportFile(report) : null;
}
