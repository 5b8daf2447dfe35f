/** The entry of the command line. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModemctlError } from '../core/errors.ts';
import { packageRoot } from '../core/package-root.ts';
import { COMMANDS, OVERVIEW } from './commands/index.ts';
import { type CommonOptions, Context } from './context.ts';
import { asModemctlError, exitCodeOfSignal, jsonDocument, printError } from './ending.ts';
import { Interrupts } from './interrupts.ts';
import { asksForJson, parseCommandLine } from './parse.ts';
import type { World } from './world.ts';

const argv = process.argv.slice(2);
const world: World = {
  /** Made on first use: few commands read it, and Node takes some milliseconds. */
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
};

void main();

async function main(): Promise<void> {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
    world.stdout.write(`modemctl ${version}\n`);
    return;
  }
  let common: CommonOptions = { json: asksForJson(argv), quiet: false, verbose: false, showNumbers: false };
  let context: Context | null = null;
  const interrupts = new Interrupts();
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => interrupts.readerGone());
  let failure: ModemctlError | null = null;
  process.on('uncaughtException', async (thrown) => {
    await context?.crash();
    end(common, context?.reported ?? {}, asModemctlError(thrown), interrupts);
  });
  try {
    const parsed = parseCommandLine(argv, COMMANDS, world.env);
    if (parsed.kind === 'help') {
      world.stdout.write(parsed.text);
      return;
    }
    common = parsed.common;
    context = new Context(world, common, interrupts.signal);
    const command = parsed.kind === 'run' ? parsed.command : OVERVIEW;
    await command.run(context, parsed.kind === 'run' ? parsed.invocation : { options: {}, args: [] });
  } catch (thrown) {
    failure = asModemctlError(thrown);
  }
  context?.progress.stop();
  end(context?.announced ? { ...common, json: false } : common, context?.reported ?? {}, failure, interrupts);
}

function end(
  common: CommonOptions,
  fields: Readonly<Record<string, unknown>>,
  failure: ModemctlError | null,
  interrupts: Interrupts,
): void {
  const { received } = interrupts;
  if (received) {
    if (common.json) {
      const facts = { code: received, message: `ended by ${received}`, hint: null, details: {} };
      world.stdout.write(jsonDocument(fields, facts));
    }
    interrupts.endBy(received);
    // Where the signal is ignored (nohup; SIGPIPE always, in Node), the exit code must still tell.
    process.exit(exitCodeOfSignal(received));
  }
  if (common.json) world.stdout.write(jsonDocument(fields, failure));
  if (failure) printError(world, failure, common.color);
  process.exit(failure ? failure.exitCode : 0);
}
