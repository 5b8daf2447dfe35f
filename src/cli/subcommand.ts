/** Commands of two words: `setup answer`. To the parser they are one word that has a space in it. */
import type { CommandSpec } from './command.ts';

/** A command line in which the two words are one, and the commands it may name. */
export function joinSubcommand(
  argv: readonly string[],
  commands: readonly CommandSpec[],
): { readonly argv: readonly string[]; readonly commands: readonly CommandSpec[] } {
  for (const { name, subcommands = [] } of commands) {
    const at = argv.indexOf(name);
    if (at < 0 || subcommands.length === 0) continue;
    const next = argv.findIndex((word, index) => index > at && !word.startsWith('-'));
    const meant = subcommands.find((subcommand) => subcommand.name === `${name} ${argv[next]}`);
    // `help setup` names what comes before it.
    if (!meant) continue;
    const joined = argv.flatMap((word, index) => (index === next ? [] : [index === at ? meant.name : word]));
    return { argv: joined, commands: [...commands, meant] };
  }
  return { argv, commands };
}
