/** The parser, built from the commands' data. The only importer of commander. */
import { Command, CommanderError, Option } from 'commander';
import { isModemctlError, ModemctlError } from '../core/errors.ts';
import { type CommandSpec, type Invocation, type OptionSpec, optionsOf, type TypedOption } from './command.ts';
import { COMMON_OPTIONS } from './common-options.ts';
import type { CommonOptions } from './context.ts';
import { refuseWrongDashes } from './dashes.ts';
import { commandHelp, rootHelp } from './help.ts';
import { joinSubcommand } from './subcommand.ts';
import { unknownCommand } from './unknown-command.ts';
import { helpOf, namingItself, withHelp } from './usage-error.ts';
import { versionText } from './version.ts';

/** What the command line asks for. */
export type Parsed =
  | {
      readonly kind: 'run';
      readonly command: CommandSpec;
      readonly invocation: Invocation;
      readonly common: CommonOptions;
    }
  /** Nothing but, perhaps, common options. */
  | { readonly kind: 'bare'; readonly common: CommonOptions }
  /** Help, or the version: to be printed as it is. */
  | { readonly kind: 'text'; readonly text: string };

/**
 * Reads a command line.
 * @throws ModemctlError USAGE
 */
export function parseCommandLine(
  words: readonly string[],
  all: readonly CommandSpec[],
  env: NodeJS.ProcessEnv,
): Parsed {
  const { argv, commands } = joinSubcommand(words, all);
  refuseWrongDashes(argv, longOptions(commands.filter(({ name }) => argv.includes(name))));
  let parsed: Parsed | null = null;
  const { own, passedOn } = splitPassedOn(argv, commands);
  const program = quietCommand('modemctl', rootHelp(all));
  const typed: TypedOption[] = [];
  for (const option of COMMON_OPTIONS) addOption(program, option, typed);
  program.option('-V, --version').argument('[command]').allowExcessArguments(true);
  // A command that is not named cannot be meant, and making a parser of each takes time.
  for (const spec of commands.filter(({ name }) => argv.includes(name))) {
    const command = quietCommand(spec.name, commandHelp(spec));
    for (const option of optionsOf(spec)) addOption(command, option, typed);
    for (const { name, required, variadic } of spec.arguments ?? []) {
      const dots = variadic ? '...' : '';
      command.argument(required ? `<${name}${dots}>` : `[${name}${dots}]`);
    }
    if (spec.selectorArgument) command.argument('[modem]');
    command.action(() => {
      requireDashes(spec, argv);
      const common = commonOptions(program.opts(), env, spec.selectorArgument ? command.args[0] : undefined);
      const args = spec.selectorArgument ? [] : command.args;
      const options = command.opts();
      const given = new Set(Object.keys(options).filter((name) => command.getOptionValueSource(name) === 'cli'));
      parsed = { kind: 'run', command: spec, invocation: { options, args, passedOn, given, typed }, common };
    });
    program.addCommand(command);
  }
  program.helpCommand(false).addCommand(
    helpCommand(commands, (text) => {
      parsed = { kind: 'text', text };
    }),
  );
  program.action(() => {
    const [unknown] = program.args;
    if (unknown !== undefined) throw unknownCommand(unknown, commands);
    parsed = { kind: 'bare', common: commonOptions(program.opts(), env) };
  });
  try {
    program.parse([...own], { from: 'user' });
  } catch (error) {
    const meant = commands.find(({ name }) => argv.includes(name));
    if (isModemctlError(error)) throw withHelp(error, meant?.name ?? null);
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.helpDisplayed') return { kind: 'text', text: helpFor(argv, commands) };
    if (meant) requireDashes(meant, argv);
    throw usageError(error, argv, commands);
  }
  if (program.opts().version === true) return { kind: 'text', text: versionText() };
  return parsed ?? { kind: 'text', text: rootHelp(all) };
}

/** Whether `--json` stands on a command line that could not be read further. */
export function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? argv.length : end).includes('--json');
}

/** `json`, `device`, ...: those of the commands, and those that all have. */
function longOptions(commands: readonly CommandSpec[]): string[] {
  const flags = [...COMMON_OPTIONS, ...commands.flatMap(optionsOf)].map((option) => option.flags);
  return ['help', 'version', ...flags.flatMap((text) => /--([a-z-]+)/.exec(text)?.[1] ?? [])];
}

function quietCommand(name: string, help: string): Command {
  const command = new Command(name).exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} });
  command.helpInformation = () => help;
  return command;
}

function helpCommand(commands: readonly CommandSpec[], show: (text: string) => void): Command {
  return quietCommand('help', rootHelp(commands))
    .argument('[command]')
    .action((name: string | undefined) => {
      const command = commands.find((candidate) => candidate.name === name);
      if (name !== undefined && !command) throw unknownCommand(name, commands);
      show(command ? commandHelp(command) : rootHelp(commands));
    });
}

function helpFor(argv: readonly string[], commands: readonly CommandSpec[]): string {
  const command = commands.find(({ name }) => argv.includes(name));
  return command ? commandHelp(command) : rootHelp(commands);
}

/** @param typed gets it each time it stands on the command line */
function addOption(command: Command, spec: OptionSpec, typed: TypedOption[]): void {
  const option = new Option(spec.flags, spec.describe);
  if (spec.choices) option.choices([...spec.choices]);
  if (spec.parse) option.argParser(namingItself(option.long ?? option.flags, spec.parse));
  command.addOption(option);
  command.on(`option:${option.name()}`, (value: string | null | undefined) =>
    typed.push({ spec, value: value ?? null }),
  );
}

function commonOptions(given: Record<string, unknown>, env: NodeJS.ProcessEnv, selector?: string): CommonOptions {
  const named = selector ?? given.device;
  const device = named ?? (env.MODEMCTL_DEVICE || undefined);
  return {
    json: given.json === true,
    quiet: given.quiet === true,
    verbose: given.verbose === true,
    showNumbers: given.showNumbers === true,
    ...(typeof device === 'string' ? { device, deviceFrom: named === undefined ? 'MODEMCTL_DEVICE' : 'option' } : {}),
    ...(typeof given.config === 'string' ? { config: given.config } : {}),
    ...(typeof given.trace === 'string' ? { trace: given.trace } : {}),
    ...(typeof given.record === 'string' ? { record: given.record } : {}),
    ...(typeof given.color === 'boolean' ? { color: given.color } : {}),
  };
}

/** Takes off what is for another program. */
function splitPassedOn(
  argv: readonly string[],
  commands: readonly CommandSpec[],
): { own: readonly string[]; passedOn: readonly string[] } {
  const end = argv.indexOf('--');
  const own = end < 0 ? argv : argv.slice(0, end);
  const { passesOn } = commands.find(({ name }) => own.includes(name)) ?? {};
  if (end < 0 || !passesOn || !passesOn.options.some((option) => own.includes(option)))
    return { own: argv, passedOn: [] };
  return { own, passedOn: argv.slice(end + 1) };
}

/** @throws ModemctlError USAGE */
function requireDashes({ name, arguments: args = [], examples }: CommandSpec, argv: readonly string[]): void {
  const argument = args.find(({ afterDashes }) => afterDashes);
  if (!argument || argv.includes('--')) return;
  throw new ModemctlError('USAGE', `"${name}" wants "--" and then the ${argument.name}`, {
    hint: `For example: ${examples[0]?.[0]}`,
  });
}

function usageError(error: CommanderError, argv: readonly string[], commands: readonly CommandSpec[]): ModemctlError {
  const command = commands.find(({ name }) => argv.includes(name));
  const message = error.message
    .replace(/^error: /, '')
    .replace(/\.?\n[\s\S]*$/, '')
    .replace(/\.$/, '')
    .replaceAll("'", '"');
  const suggestion = /\(Did you mean (.+?)\?\)/.exec(error.message)?.[1];
  return new ModemctlError('USAGE', message, {
    hint: suggestion ? `Did you mean ${suggestion}?` : helpOf(command?.name ?? null),
  });
}
