/** Help, made of the commands' own data. Examples come first: that is what people look for. */
import { EXIT_CODES } from '../core/errors.ts';
import { type CommandSpec, GROUPS, type OptionSpec, optionsOf } from './command.ts';
import { COMMON_OPTIONS } from './common-options.ts';

/** Of the terminals that most have, and of every console. */
const WIDTH = 80;

/** `modemctl --help` */
export function rootHelp(commands: readonly CommandSpec[]): string {
  const lines = [
    'modemctl: makes a USB dial-up modem a dependable part of this system',
    '',
    'Usage: modemctl [options] COMMAND [arguments]',
    '',
    'Start here:',
    ...examples([
      ['modemctl detect', 'what is plugged in, and what is wrong with it'],
      ['modemctl at ATI3', 'ask the modem something'],
      ['modemctl reset', 'bring a hung modem back'],
    ]),
  ];
  for (const group of GROUPS) {
    const members = commands.filter((command) => command.group === group);
    if (members.length > 0) lines.push('', `${group}:`, ...table(members.map(({ name, summary }) => [name, summary])));
  }
  lines.push('', 'Options, before or after the command:', ...optionTable(COMMON_OPTIONS));
  lines.push(
    ...table([
      ['-h, --help', 'help; also: modemctl help COMMAND'],
      ['-V, --version', 'the version'],
    ]),
  );
  lines.push('', 'Durations: 500ms, 3s, 2m; a bare number is seconds.', '', ...wrap(exitCodes(), WIDTH));
  return `${lines.join('\n')}\n`;
}

/** All of them in a sentence; what they mean in full is in the README and the man page. */
function exitCodes(): string {
  const names = new Map<number, string[]>();
  for (const [name, { exit }] of Object.entries(EXIT_CODES)) names.set(exit, [...(names.get(exit) ?? []), name]);
  const list = [...names].map(([exit, of]) => `${exit} ${of.join(' or ')}`);
  return `Exit codes: 0 done; ${list.join('; ')}; 128+n ended by signal n.`;
}

/** `modemctl COMMAND --help` */
export function commandHelp(command: CommandSpec): string {
  const title = wrap(`modemctl ${command.name}: ${command.summary}`, WIDTH);
  const lines = [...title, '', 'Examples:', ...examples(command.examples)];
  lines.push('', `Usage: ${usageOf(command)}`);
  const args = command.arguments ?? [];
  if (args.length > 0) lines.push('', 'Arguments:', ...table(args.map(({ name, describe }) => [name, describe])));
  const { subcommands = [] } = command;
  if (subcommands.length > 0) {
    lines.push('', 'Also:', ...table(subcommands.map(({ name, summary }) => [`modemctl ${name}`, summary])));
  }
  const options = optionsOf(command);
  if (options.length > 0) lines.push('', 'Options:', ...optionTable(options));
  for (const note of command.notes ?? []) lines.push('', ...wrap(note, WIDTH));
  lines.push('', 'Common options:', ...optionTable(COMMON_OPTIONS));
  return `${lines.join('\n')}\n`;
}

/** `modemctl at [options] [command...]` */
export function usageOf(command: CommandSpec): string {
  const args = (command.arguments ?? []).map((argument) => {
    const name = `${argument.name}${argument.variadic ? '...' : ''}`;
    const shown = argument.required ? `<${name}>` : `[${name}]`;
    return argument.afterDashes ? `-- ${shown}` : shown;
  });
  if (command.selectorArgument) args.push('[modem]');
  if (command.passesOn) args.push(`[-- ${command.passesOn.name}...]`);
  return ['modemctl', command.name, '[options]', ...args].join(' ');
}

function optionTable(options: readonly OptionSpec[]): string[] {
  return table(
    options.map(({ flags, describe, choices }) => [flags, choices ? `${describe} (${choices.join(', ')})` : describe]),
  );
}

function examples(rows: CommandSpec['examples']): string[] {
  return table(rows.map(([line, shows]) => [line, shows]));
}

/** Two columns; what is too long for the first gets a line of its own. */
function table(rows: ReadonlyArray<readonly [string, string]>): string[] {
  const column = Math.min(34, Math.max(...rows.map(([left]) => left.length))) + 2;
  return rows.flatMap(([left, right]) => {
    const [first = '', ...more] = wrap(right, WIDTH - column - 2);
    const indent = ' '.repeat(column + 2);
    const head = left.length + 2 > column ? [`  ${left}`, `${indent}${first}`] : [`  ${left.padEnd(column)}${first}`];
    return [...head, ...more.map((line) => `${indent}${line}`)];
  });
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
