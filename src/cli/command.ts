/** A command as data. From these the builder makes the parser, the help and whatever else must agree with them. */
import type { Context } from './context.ts';
import type { PhoneBookEntry } from './phone-book.ts';

export const GROUPS = ['Look', 'Talk', 'Call', 'Keep it', 'Try it'] as const;

export interface ArgumentSpec {
  /** `command` */
  readonly name: string;
  readonly describe: string;
  readonly required?: boolean;
  readonly variadic?: boolean;
  /** Stands after `--`, always: it has options of its own, which must not be taken for ours. */
  readonly afterDashes?: boolean;
}

export interface OptionSpec {
  /** As commander has them: `-t, --timeout <duration>`. */
  readonly flags: string;
  readonly describe: string;
  /** Turns the text into the value; throws ModemctlError USAGE. For a repeatable option, `previous` is what was gathered. */
  readonly parse?: (text: string, previous: unknown) => unknown;
  readonly choices?: readonly string[];
}

/** An option as it was typed, once for each time. */
export interface TypedOption {
  readonly spec: OptionSpec;
  /** Null: it takes none. */
  readonly value: string | null;
}

/** The values of options by their camel-case names, and the arguments in order. */
export interface Invocation {
  readonly options: Readonly<Record<string, unknown>>;
  readonly args: readonly string[];
  /** The options as they were typed, in their order, those that all commands have among them, for who passes them on. */
  readonly typed?: readonly TypedOption[];
  /** What stands after `--`, for another program; see {@link CommandSpec.passesOn}. */
  readonly passedOn?: readonly string[];
  /** The options that were typed, by their camel-case names; the others come from the configuration, or are commander's defaults. */
  readonly given?: ReadonlySet<string>;
  /** The number that an argument `@NAME` stands for. */
  readonly entry?: PhoneBookEntry;
}

/** What a command takes from the configuration, besides names of modems and which of them is meant. */
export interface SettingsUse {
  /** Sections whose keys fill in options that were not typed; the empty name is the top of the file. */
  readonly sections: readonly string[];
  /** It is needed most when something is wrong: it goes on without what is wrong in the configuration, where others refuse. */
  readonly lenient?: boolean;
  /** Its first argument may be `@NAME`. */
  readonly phoneBook?: boolean;
}

export interface CommandSpec {
  readonly name: string;
  readonly group: (typeof GROUPS)[number];
  readonly summary: string;
  readonly arguments?: readonly ArgumentSpec[];
  readonly options?: readonly OptionSpec[];
  /** What one types, and what it does. */
  readonly examples: ReadonlyArray<readonly [line: string, shows: string]>;
  /** Paragraphs for people who need more. */
  readonly notes?: readonly string[];
  /** What may be typed after its name, each a command of its own: its name is both words (`setup answer`). */
  readonly subcommands?: readonly CommandSpec[];
  /** It acts on one modem and takes no other argument, so the selector may be its argument. */
  readonly selectorArgument?: boolean;
  /** With this option (`--ppp`), what stands after `--` is for another program. */
  readonly passesOn?: { readonly options: readonly string[]; readonly name: string };
  /** With these options its stdout is a call's, or another program's: `--json` is refused, and `--report FILE` carries the document. */
  readonly stdoutIsTheirs?: (options: Invocation['options']) => boolean;
  /** None: the configuration has no part in it, and is not read. */
  readonly settings?: SettingsUse;
  readonly run: (context: Context, invocation: Invocation) => Promise<void>;
}

const REPORT_OPTION: OptionSpec = {
  flags: '--report <file>',
  describe: 'write the JSON document to a file (stdout is not ours to use)',
};

/** The options of a command, besides those that all have. */
export function optionsOf(command: CommandSpec): readonly OptionSpec[] {
  const own = command.options ?? [];
  return command.stdoutIsTheirs ? [...own, REPORT_OPTION] : own;
}

/** `--retry-delay <duration>` is `retryDelay`, `--no-recover` is `recover`: the names by which commander has them. */
export function camelName({ flags }: OptionSpec): string {
  const long = /--(?:no-)?([a-z-]+)/.exec(flags)?.[1] ?? '';
  return long.replace(/-([a-z])/g, (_whole, letter: string) => letter.toUpperCase());
}
