import { expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands/index.ts';
import { commandHelp, rootHelp } from '../../src/cli/help.ts';

/** A terminal breaks longer lines in the middle of a word. What is to be pasted is in one line, however long. */
const pasted = (line: string) => COMMANDS.some(({ examples }) => examples.some(([typed]) => line.trim() === typed));
const tooLong = (help: string) => help.split('\n').filter((line) => line.length > 80 && !pasted(line));

it.each(COMMANDS.map((command) => [command.name, command] as const))(
  'the help of %s fits into 80 columns',
  (_name, command) => {
    expect(tooLong(commandHelp(command))).toEqual([]);
    for (const sub of command.subcommands ?? []) expect(tooLong(commandHelp(sub))).toEqual([]);
  },
);

it('so does the help of all', () => {
  expect(tooLong(rootHelp(COMMANDS))).toEqual([]);
});
