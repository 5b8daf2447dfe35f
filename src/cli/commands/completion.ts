import { ModemctlError } from '../../core/errors.ts';
import type { CommandSpec } from '../command.ts';
import { completionScript, SHELLS } from '../completion.ts';

/** Needs to know all commands, itself included: given when called. */
export function completionCommand(all: () => readonly CommandSpec[]): CommandSpec {
  return {
    name: 'completion',
    group: 'Try it',
    summary: 'print the completion script of a shell',
    arguments: [{ name: 'shell', describe: SHELLS.join(', '), required: true }],
    examples: [
      ['source <(modemctl completion bash)', 'in this shell'],
      ['modemctl completion fish > ~/.config/fish/completions/modemctl.fish', 'for good'],
    ],
    run: async (context, { args }) => {
      const shell = SHELLS.find((name) => name === args[0]);
      if (!shell)
        throw new ModemctlError('USAGE', `there is no completion for "${args[0]}"`, {
          hint: `One of: ${SHELLS.join(', ')}`,
        });
      context.report({ shell, script: completionScript(shell, all()) });
      context.print(completionScript(shell, all()).trimEnd());
    },
  };
}
