import { ModemctlError } from '../../core/errors.ts';
import { exampleText } from '../../settings/example.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { checkConfig } from '../config-check.ts';
import { showConfig } from '../config-show.ts';
import type { Context } from '../context.ts';

const ACTIONS = ['check', 'show', 'example'];

/** @param commands whose options the configuration feeds */
export function configCommand(commands: () => readonly CommandSpec[]): CommandSpec {
  return {
    name: 'config',
    group: 'Keep it',
    summary: 'the configuration: is it right, what holds and why, and how one looks',
    arguments: [
      { name: 'action', required: true, describe: `${ACTIONS.join(', ')}` },
      { name: 'file', describe: 'for check and show: this file, instead of the usual ones' },
    ],
    examples: [
      ['modemctl config check', 'every mistake, with line and column; what a power step would cut'],
      ['modemctl config check ./new.toml && sudo cp new.toml /etc/modemctl/config.toml', 'before it holds'],
      ['modemctl config show', 'what holds now, and where it was said'],
      ['modemctl config example | sudo tee /etc/modemctl/config.toml', 'a file to begin with; all of it is comments'],
    ],
    notes: [
      'Read are /etc/modemctl/config.toml and then $XDG_CONFIG_HOME/modemctl/config.toml (~/.config), which overrides it key by key; with --config or MODEMCTL_CONFIG that file alone. Flags go before the environment, and that before the files.',
      'Where something is wrong, a command that would use it refuses (CONFIG_INVALID); dial, answer, watch, at, term, init and exec do so, each for its own part. detect, info, health, doctor, tty, hangup and reset go on without what is wrong, and say so. --config /dev/null goes on without any configuration.',
      'Commands in it (power_command, on_failure, exec) are not taken by root from a file that others may write. Numbers of the phone book, lists of callers and scripts are shown with --show-numbers only.',
      'With --json: check has files[], faults[] (file, line, column, section, message, hint) and modems[] (name, modem, plugged, power); show has files[] and settings[] (section, key, value, origin).',
      'Exit codes: 0 all is right; 2 something is wrong (CONFIG_INVALID).',
    ],
    run: (context, invocation) => runConfig(context, invocation, commands()),
  };
}

async function runConfig(context: Context, { args }: Invocation, commands: readonly CommandSpec[]): Promise<void> {
  const [action = '', file, ...more] = args;
  if (!ACTIONS.includes(action) || more.length > 0 || (action === 'example' && file !== undefined)) {
    const what = ACTIONS.includes(action)
      ? `"config ${action}" takes no "${more[0] ?? file}"`
      : `there is no "config ${action}"`;
    throw new ModemctlError('USAGE', what, {
      hint: 'modemctl config check, modemctl config show or modemctl config example',
    });
  }
  if (file !== undefined && context.common.config !== undefined) {
    throw new ModemctlError('USAGE', 'a file and --config were given: only one of them can be meant');
  }
  const common = file === undefined ? context.common : { ...context.common, config: file };
  if (action === 'check') return checkConfig(context, common, commands);
  if (action === 'show') return showConfig(context, common, commands);
  context.report({ example: exampleText() });
  context.print(exampleText().trimEnd());
}
