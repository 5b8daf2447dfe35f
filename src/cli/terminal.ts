/** The user's terminal as the other end of a call, or of a modem: the options for it, and running it. */
import { CHARACTER_SETS, type CharacterSet } from '../services/terminal/character-set.ts';
import type { TerminalHost } from '../services/terminal/host.ts';
import type { TerminalLink } from '../services/terminal/link.ts';
import { DEFAULT_PREFIX, parsePrefixKey, prefixKeyName } from '../services/terminal/prefix-key.ts';
import { Terminal, type TerminalEnd } from '../services/terminal/terminal.ts';
import { StdioTerminal } from '../services/terminal/user-terminal.ts';
import type { Invocation, OptionSpec } from './command.ts';
import type { Context } from './context.ts';
import { LineFile } from './line-file.ts';

type Options = Invocation['options'];

export const TERMINAL_OPTIONS: readonly OptionSpec[] = [
  { flags: '--prefix-key <key>', describe: 'for commands to the terminal (default ctrl-t)', parse: parsePrefixKey },
  {
    flags: '--charset <name>',
    describe: 'of the far end (default utf8); cp437 for bulletin boards',
    choices: CHARACTER_SETS,
  },
  { flags: '--echo', describe: 'show what is typed, for a far end that does not' },
  { flags: '--log <file>', describe: 'append what comes to a file' },
  { flags: '--timestamps', describe: 'begin each line of the log with the time' },
];

/** Whether stdin and stdout are a terminal: then a call is for talking. */
export function isOnTerminal(context: Context): boolean {
  return context.world.stdin.isTTY === true && context.world.stdout.isTTY === true;
}

/** `Ctrl-T`, or what the user chose. */
export function prefixName(options: Options): string {
  return prefixKeyName(prefixOf(options));
}

/**
 * Has the user's terminal, raw, until its end; afterwards it is as it was.
 * @param greeting where he is and how he gets help
 * @throws ModemctlError HELPER, and what the link throws
 */
export async function runTerminal(
  context: Context,
  options: Options,
  greeting: string,
  link: TerminalLink,
  host: TerminalHost,
  signal: AbortSignal,
): Promise<TerminalEnd> {
  const { clock, world } = context;
  const user = await StdioTerminal.take(clock, world.stdin, signal);
  const terminal = new Terminal(user, link, host, {
    clock,
    prefix: prefixOf(options),
    characterSet: (options.charset as CharacterSet | undefined) ?? 'utf8',
    localEcho: options.echo === true,
    log: (options.log as string | undefined) ?? null,
    timeStamps: options.timestamps === true,
    openLog: (path) => new LineFile(path, 'append', 'the log', (problem) => context.talk(`note: ${problem}`)),
    mark: (text) => context.colourOfTalk.dim(`-- ${text}`),
  });
  context.talkThrough((line) => terminal.tell(line));
  context.onCrash(() => user.release());
  // From here on what is typed goes where it should.
  context.say(greeting);
  try {
    return await terminal.run(signal);
  } finally {
    context.progress.stop();
    context.talkThrough(null);
    await user.release();
  }
}

function prefixOf(options: Options): number {
  return (options.prefixKey as number | undefined) ?? DEFAULT_PREFIX;
}
