/** The man page, made of the commands' own data. */
import { READ_ENVIRONMENT } from '../core/environment.ts';
import { EXIT_CODES } from '../core/errors.ts';
import { type CommandSpec, GROUPS, type OptionSpec, optionsOf } from './command.ts';
import { COMMON_OPTIONS } from './common-options.ts';
import { usageOf } from './help.ts';

/** modemctl(1) as roff. */
export function manPage(commands: readonly CommandSpec[], version: string): string {
  const lines = [
    `.TH MODEMCTL 1 "" "modemctl ${version}" "User Commands"`,
    '.SH NAME',
    'modemctl \\- make a USB dial\\-up modem a dependable part of the system',
    '.SH SYNOPSIS',
    '.B modemctl',
    '[options] COMMAND [arguments]',
    '.SH DESCRIPTION',
    roff(
      'Finds dial-up modems, talks AT to them so that scripts can trust the answer, and brings them back when they hang.',
    ),
    roff(
      'Information text and results are on stdout and nothing else; result codes, remarks and progress are on stderr; the exit code tells how it ended.',
    ),
    '.SH OPTIONS',
    'They stand before or after the command.',
    ...options(COMMON_OPTIONS),
    '.SH COMMANDS',
  ];
  for (const group of GROUPS) {
    const members = commands.filter((command) => command.group === group);
    if (members.length > 0) lines.push(`.SS ${roff(group)}`, ...members.flatMap(withSubcommands).flatMap(section));
  }
  lines.push('.SH "EXIT STATUS"', '.TP', '0', 'done');
  for (const [name, { exit, meaning }] of Object.entries(EXIT_CODES)) {
    lines.push('.TP', `${exit} ${roff(name)}`, roff(meaning));
  }
  lines.push('.TP', '128+n', 'ended by signal n', '.SH ENVIRONMENT', ...environment());
  return `${lines.join('\n')}\n`;
}

function withSubcommands(command: CommandSpec): readonly CommandSpec[] {
  return [command, ...(command.subcommands ?? [])];
}

function section(command: CommandSpec): string[] {
  return [
    '.TP',
    `.B ${roff(usageOf(command))}`,
    `${roff(command.summary)}.`,
    '.RS',
    ...(command.arguments ?? []).flatMap(({ name, describe }) => ['.TP', `.I ${roff(name)}`, roff(describe)]),
    ...options(optionsOf(command)),
    ...(command.notes ?? []).flatMap((note) => ['.PP', roff(note)]),
    '.PP',
    ...command.examples.flatMap(([line, shows]) => ['.TP', `.B ${roff(line)}`, roff(shows)]),
    '.RE',
  ];
}

function options(specs: readonly OptionSpec[]): string[] {
  return specs.flatMap(({ flags, describe, choices }) => [
    '.TP',
    `.B ${roff(flags)}`,
    roff(choices ? `${describe} (${choices.join(', ')})` : describe),
  ]);
}

function environment(): string[] {
  return Object.entries(READ_ENVIRONMENT).flatMap(([name, meaning]) => ['.TP', `.B ${roff(name)}`, roff(meaning)]);
}

/** Text that roff leaves as it is: backslashes, dashes, and dots or quotes that would begin a request. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/, '\\&$1');
}
