/** Shell completions, made of the commands' own data: static scripts, so that a completion costs no start of Node. */
import { type CommandSpec, type OptionSpec, optionsOf } from './command.ts';
import { COMMON_OPTIONS } from './common-options.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

export function completionScript(shell: Shell, commands: readonly CommandSpec[]): string {
  if (shell === 'bash') return bash(commands);
  return shell === 'zsh' ? zsh(commands) : fish(commands);
}

interface Flag {
  readonly short: string | null;
  readonly long: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
  readonly describe: string;
}

function flagOf({ flags, choices = [], describe }: OptionSpec): Flag {
  const short = /(?:^|\s)-([a-zA-Z])\b/.exec(flags)?.[1] ?? null;
  const long = /--([a-z-]+)/.exec(flags)?.[1] ?? '';
  return { short, long, takesValue: flags.includes('<'), choices, describe };
}

function flagsOf(command: CommandSpec): Flag[] {
  const subcommands = (command.subcommands ?? []).flatMap(optionsOf);
  const options = [...optionsOf(command), ...subcommands, ...COMMON_OPTIONS];
  // Each once: those of two words have much in common.
  return [...new Map(options.map((option) => [option.flags, option])).values()].map(flagOf);
}

/** `answer` of `setup answer`. */
function secondWords({ name, subcommands = [] }: CommandSpec): string[] {
  return subcommands.map((subcommand) => subcommand.name.slice(name.length + 1));
}

function words(flags: readonly Flag[]): string {
  return flags.map(({ long }) => `--${long}`).join(' ');
}

function bash(commands: readonly CommandSpec[]): string {
  const common = COMMON_OPTIONS.map(flagOf);
  const values = new Map(
    [...common, ...commands.flatMap(flagsOf)]
      .filter(({ choices }) => choices.length > 0)
      .map((flag) => [flag.long, flag]),
  );
  return `# bash completion for modemctl
_modemctl() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command= i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      -d|--device|--trace|--config) ((i++)) ;;
      -*) ;;
      *) command=\${COMP_WORDS[i]}; break ;;
    esac
  done
  case $before in
    --trace|--config) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
${[...values.values()].map(({ long, choices }) => `    --${long}) mapfile -t COMPREPLY < <(compgen -W '${choices.join(' ')}' -- "$word"); return ;;`).join('\n')}
  esac
  local list
  case $command in
    '') list='${commands.map(({ name }) => name).join(' ')} help ${words(common)} --help --version' ;;
${commands.map((command) => `    ${command.name}) list='${[...secondWords(command), words(flagsOf(command))].join(' ')} --help' ;;`).join('\n')}
    *) list='' ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$list" -- "$word")
}
complete -o default -F _modemctl modemctl
`;
}

function zsh(commands: readonly CommandSpec[]): string {
  const quote = (text: string) => text.replaceAll("'", "'\\''").replaceAll('[', '\\[').replaceAll(']', '\\]');
  const spec = ({ long, takesValue, choices, describe }: Flag) => {
    const value = choices.length > 0 ? `:value:(${choices.join(' ')})` : takesValue ? ':value:_files' : '';
    return `'--${long}[${quote(describe)}]${value}'`;
  };
  return `#compdef modemctl
_modemctl() {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    '${name}:${quote(summary)}'`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case $words[2] in
${commands.map((command) => `    ${command.name}) _arguments ${flagsOf(command).map(spec).join(' ')} '*::argument:${secondWords(command).length > 0 ? `(${secondWords(command).join(' ')})` : '_files'}' ;;`).join('\n')}
  esac
}
_modemctl "$@"
`;
}

function fish(commands: readonly CommandSpec[]): string {
  const quote = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const line = (condition: string, { short, long, takesValue, choices, describe }: Flag) => {
    const values = choices.length > 0 ? ` -xa ${quote(choices.join(' '))}` : takesValue ? ' -r' : '';
    return `complete -c modemctl${condition} ${short ? `-s ${short} ` : ''}-l ${long}${values} -d ${quote(describe)}`;
  };
  return [
    '# fish completion for modemctl',
    'complete -c modemctl -f',
    ...COMMON_OPTIONS.map(flagOf).map((flag) => line('', flag)),
    ...commands.map(
      ({ name, summary }) => `complete -c modemctl -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`,
    ),
    ...commands.flatMap((command) =>
      flagsOf(command)
        .filter(({ long }) => !COMMON_OPTIONS.some((option) => flagOf(option).long === long))
        .map((flag) => line(` -n '__fish_seen_subcommand_from ${command.name}'`, flag)),
    ),
    ...commands.flatMap((command) =>
      secondWords(command).map(
        (word) => `complete -c modemctl -n '__fish_seen_subcommand_from ${command.name}' -a ${word}`,
      ),
    ),
    '',
  ].join('\n');
}
