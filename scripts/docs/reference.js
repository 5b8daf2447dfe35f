// docs/reference.md: what scripts and other programs rely on, from the code's own tables.
import { GROUPS, optionsOf } from '../../dist/cli/command.js';
import { COMMANDS } from '../../dist/cli/commands/index.js';
import { COMMON_OPTIONS } from '../../dist/cli/common-options.js';
import { DOCUMENTS, ENVELOPE, MODEM_FIELDS } from '../../dist/cli/documents.js';
import { EVENTS } from '../../dist/cli/events.js';
import { usageOf } from '../../dist/cli/help.js';
import { GIVEN_ENVIRONMENT, READ_ENVIRONMENT } from '../../dist/core/environment.js';
import { EXIT_CODES } from '../../dist/core/errors.js';
import { STEP_MEANINGS } from '../../dist/modem/recover.js';
import { TERMINAL_KEYS } from '../../dist/services/terminal/prefix-key.js';
import { SYSTEM_FILE } from '../../dist/settings/load.js';
import { SECTIONS } from '../../dist/settings/schema.js';
import { MISBEHAVIOURS } from '../../dist/virtual/misbehaviour/catalogue.js';
import { code, generatedFrom, page, plain, table } from './markdown.js';

/** Each makes a chapter: its heading first. A new one is added here. */
const CHAPTERS = [commands, keys, configuration, exitCodes, documents, events, environment, recovery, misbehaviours];

export function referencePage() {
  const chapters = CHAPTERS.map((chapter) => chapter());
  const contents = chapters.map(([heading]) => heading.replace('## ', '')).map((name) => `[${name}](#${anchor(name)})`);
  return page([
    '# Reference',
    generatedFrom('src'),
    'What scripts and other programs may rely on. `modemctl COMMAND --help` and `man modemctl` say the same of the commands.',
    contents.join(' · '),
    ...chapters.flat(),
  ]);
}

const anchor = (heading) => heading.toLowerCase().replaceAll(' ', '-');

function commands() {
  return [
    '## Commands',
    'Options that all commands have stand before or after the command. Durations: `500ms`, `3s`, `2m`; a bare number is seconds.',
    optionTable(COMMON_OPTIONS),
    ...GROUPS.flatMap((group) => COMMANDS.filter((spec) => spec.group === group).flatMap(withSubcommands)),
  ];
}

const withSubcommands = (spec) => [spec, ...(spec.subcommands ?? [])].flatMap(command);

function command(spec) {
  const { name, summary, arguments: args = [], examples, notes = [] } = spec;
  const { options, taken } = ownOptions(spec);
  return [
    `### ${name}`,
    plain(`${summary[0].toUpperCase()}${summary.slice(1)}.`),
    ['```text', usageOf(spec), '```'],
    ...(args.length > 0
      ? [
          table(
            ['argument', ''],
            args.map((one) => [code(one.name), plain(one.describe)]),
          ),
        ]
      : []),
    ...(options.length > 0 ? [optionTable(options)] : []),
    ...(taken === null ? [] : [`And the options of [${taken}](#${taken}).`]),
    ...notes.map(plain),
    table(
      ['example', ''],
      examples.map(([line, shows]) => [code(line), plain(shows)]),
    ),
  ];
}

/** `setup answer` takes the options of `answer`. */
function ownOptions(spec) {
  const options = optionsOf(spec);
  const [, second] = spec.name.split(' ');
  const other = COMMANDS.find(({ name }) => name === second);
  if (!other) return { options, taken: null };
  const theirs = new Set(optionsOf(other).map(({ flags }) => flags));
  return { options: options.filter(({ flags }) => !theirs.has(flags)), taken: other.name };
}

function optionTable(options) {
  const rows = options.map(({ flags, describe, choices }) => [
    code(flags),
    plain(choices ? `${describe} (${choices.join(', ')})` : describe),
  ]);
  return table(['option', ''], rows);
}

function keys() {
  return [
    '## Keys of the terminal',
    'Of `term`, and of `dial` and `answer` on a terminal; after Ctrl-T, or the key of `--prefix-key`. All other keys go to the far end.',
    table(
      ['key', 'what it does'],
      TERMINAL_KEYS.map(({ key, about }) => [code(key), about]),
    ),
  ];
}

function configuration() {
  return [
    '## Configuration',
    `${code(SYSTEM_FILE)}, and \`~/.config/modemctl/config.toml\` over it, key by key; \`--config FILE\` or \`MODEMCTL_CONFIG\` is read instead of both. It is TOML. Options of the command line go before the environment, and that before the file. A duration is a text (\`"30s"\`) or a number of seconds. \`modemctl config example\` prints all of it to begin with, \`config check\` finds mistakes, \`config show\` tells what holds and where it was said.`,
    ...SECTIONS.flatMap(configurationSection),
  ];
}

function configurationSection({ name, named, describe, keys }) {
  // The phone book has all keys of [dial] besides its own.
  const own =
    name === 'number'
      ? keys.filter((key) => !SECTIONS.find((other) => other.name === 'dial').keys.includes(key))
      : keys;
  const heading = name === '' ? 'At the top of the file' : code(`[${name}${named ? '.NAME' : ''}]`);
  const rows = own.map((key) => [
    code(key.key),
    plain(key.choices ? `${key.describe} (${key.choices.join(', ')})` : key.describe),
    plain(key.default ?? ''),
    code(`${key.key} = ${key.example}`),
  ]);
  return [
    `### ${heading}`,
    plain(`${describe[0].toUpperCase()}${describe.slice(1)}.`),
    table(['key', 'meaning', 'unless given', 'example'], rows),
  ];
}

/** Also in README.md. */
export function exitCodeTable() {
  const rows = Object.entries(EXIT_CODES).map(([name, { exit, meaning }]) => [`${exit}`, name, meaning]);
  return table(
    ['code', 'name', 'meaning'],
    [['0', '', 'done'], ...rows, ['128+n', 'SIGINT, ...', 'ended by signal n']],
  );
}

function exitCodes() {
  return [
    '## Exit codes',
    'The name is `error.code` of `--json`. Below 20 no telephone call was charged; after CONNECT only 0, 21, 22, 70 and 128+n occur.',
    exitCodeTable(),
  ];
}

function documents() {
  const fields = (of) => Object.entries(of).map(([name, meaning]) => [code(name), meaning]);
  return [
    '## Documents',
    "`--json` prints one document on one line of stdout, for wrong command lines too. Where stdout is the call, or another program's, `--report FILE` carries it and `--json` is refused. Fields that are listed stay; there may be more. In each:",
    table(['field', 'meaning'], fields(ENVELOPE)),
    'A modem, in `detect` and in events:',
    table(['field', 'meaning'], fields(MODEM_FIELDS)),
    'And by command:',
    table(
      ['command', 'field', 'meaning'],
      Object.entries(DOCUMENTS).flatMap(([name, of]) => fields(of).map((cells) => [code(name), ...cells])),
    ),
  ];
}

function events() {
  const rows = Object.entries(EVENTS).map(([name, { meaning, fields, toldBy }]) => {
    const own = Object.entries(fields).map(([field, what]) => `${code(field)}: ${what}`);
    return [code(name), meaning, own.join('<br>'), toldBy.join(', ')];
  });
  return [
    '## Events',
    '`detect --watch`, `watch` and `answer` print one object a line with `--json`: `time` (ISO 8601), `event`, `modem` (as far as known, see [Documents](#documents)), and the fields of the event.',
    table(['event', 'what happened', 'fields', 'told by'], rows),
    '`caller` has `number`, `name`, `date`, `time`, `presentation` (`allowed`, `private`: withheld, `unavailable`) and `calledNumber`; what was not told is null.',
  ];
}

function environment() {
  return [
    '## Environment',
    'What modemctl tells the programs that it runs. What comes from a caller is bounded and has no control characters, but may hold anything else: quote it.',
    table(
      ['variable', 'meaning', 'who gets it'],
      Object.entries(GIVEN_ENVIRONMENT).map(([name, { meaning, givenTo }]) => [
        code(name),
        meaning,
        givenTo.join('; '),
      ]),
    ),
    'What modemctl goes by itself:',
    table(
      ['variable', 'meaning'],
      Object.entries(READ_ENVIRONMENT).map(([names, meaning]) => [
        names.split(', ').map(code).join(', '),
        plain(meaning),
      ]),
    ),
  ];
}

export const stepTable = () =>
  table(
    ['step', 'what it does'],
    Object.entries(STEP_MEANINGS).map(([step, what]) => [code(step), what]),
  );

function recovery() {
  return [
    '## Steps of recovery',
    'In this order, gentlest first; after each the modem must answer AT. What ends which kind of hang: [recovery.md](recovery.md).',
    stepTable(),
  ];
}

function misbehaviours() {
  const rows = Object.entries(MISBEHAVIOURS).map(([name, { summary, value }]) => [
    code(value ? `${name}[=${value.name}]` : name),
    plain(summary),
    value ? code(value.otherwise) : '',
  ]);
  return [
    '## Misbehaviours',
    'Of virtual modems, by `modemctl virtual --misbehave [MODEM:]NAME[=VALUE]` or the control socket: [virtual-modem.md](virtual-modem.md). A hang that "a USB reset cures" ends with a replug and with its power as well.',
    table(['name', 'what it does', 'value unless given'], rows),
  ];
}
