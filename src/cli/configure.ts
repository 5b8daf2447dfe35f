/** Where the configuration comes in: after the command line was read, and before the command runs. Flags beat environment beats file. */
import { ModemctlError } from '../core/errors.ts';
import type { Value } from '../settings/check-value.ts';
import type { KeySpec } from '../settings/key-spec.ts';
import { loadSettings } from '../settings/load.ts';
import { sectionNamed } from '../settings/schema.ts';
import { type Fault, faultError, placeText, type Setting, type Settings } from '../settings/settings.ts';
import { type CommandSpec, camelName, type Invocation, type OptionSpec, optionsOf } from './command.ts';
import { Configured, NOT_CONFIGURED } from './configured.ts';
import type { CommonOptions } from './context.ts';
import { bookName, chatPath, entryNamed } from './phone-book.ts';
import { verifierFor } from './settings-verify.ts';

export interface Configuration {
  readonly common: CommonOptions;
  readonly invocation: Invocation;
  readonly configured: Configured;
  /** To be told on stderr; null: all is well. */
  readonly warning: string | null;
}

/** @throws ModemctlError CONFIG_INVALID, where the command needs what is wrong; USAGE: no such name in the phone book */
export async function configure(
  command: CommandSpec,
  invocation: Invocation,
  common: CommonOptions,
  commands: readonly CommandSpec[],
  env: NodeJS.ProcessEnv,
): Promise<Configuration> {
  const use = command.settings;
  if (!use) return { common, invocation, configured: NOT_CONFIGURED, warning: null };
  const all = await readSettings(common, commands, env);
  const name = use.phoneBook ? bookName(invocation.args[0]) : null;
  const sections = [...use.sections, ...(name === null ? [] : [`number.${name}`])];
  const wrong = faultsAmong(all, sections, common, name !== null);
  if (wrong.length > 0 && !use.lenient) throw faultError(wrong[0]!, wrong.length - 1);
  // What cannot be read may have forbidden what another file permits.
  const settings = all.without(wrong.map(({ section }) => section ?? 'recovery'));
  const entry = name === null ? undefined : entryNamed(name, settings);
  if (entry && invocation.args.length > 1) {
    throw new ModemctlError('USAGE', `${entry.name} is a number of its own; nothing can be dialled before or after it`);
  }
  const options = fillIn(command, invocation, settings, sections);
  return {
    common: { ...common, ...deviceOf(common, settings, name) },
    invocation: { ...invocation, options, ...(entry ? { entry } : {}) },
    configured: new Configured(settings, use.lenient ?? false),
    warning: warningOf(all.faults),
  };
}

export function readSettings(
  { config }: Pick<CommonOptions, 'config'>,
  commands: readonly CommandSpec[],
  env: NodeJS.ProcessEnv,
): Promise<Settings> {
  return loadSettings({ file: config, env, isRoot: process.geteuid?.() === 0, verify: verifierFor(commands) });
}

/** What is wrong in what this run would take. */
function faultsAmong(
  settings: Settings,
  sections: readonly string[],
  { device }: CommonOptions,
  dialsByName: boolean,
): Fault[] {
  // Without a selector the top of the file says which modem is meant, and which is not.
  const used = [...sections, ...(device === undefined ? [''] : ['modem']), ...(dialsByName ? ['number'] : [])];
  const isUsed = (section: string | null) => section === null || used.includes(section);
  return settings.faults.filter(({ section }) => isUsed(section));
}

function deviceOf(common: CommonOptions, settings: Settings, name: string | null): Partial<CommonOptions> {
  if (common.device !== undefined) return {};
  const own = name === null ? undefined : settings.get(`number.${name}`, 'modem');
  const setting = own ?? settings.get('', 'device');
  if (!setting) return {};
  return { device: String(setting.value), deviceFrom: `${own ? 'modem' : 'device'} in ${placeText(setting.place)}` };
}

function warningOf(faults: readonly Fault[]): string | null {
  const [first, ...more] = faults;
  if (!first) return null;
  const others = more.length > 0 ? ` (and ${more.length} more)` : '';
  return `${placeText(first.place)}: ${first.message}${others}; see: modemctl config check`;
}

/** The options, with those that were not typed from the configuration. A later section goes before an earlier one. */
function fillIn(
  command: CommandSpec,
  invocation: Invocation,
  settings: Settings,
  sections: readonly string[],
): Invocation['options'] {
  const options: Record<string, unknown> = { ...invocation.options };
  const { given = new Set<string>() } = invocation;
  const known = new Map(optionsOf(command).map((option) => [camelName(option), option]));
  for (const section of sections) {
    const specs = sectionNamed(section)?.keys ?? [];
    for (const spec of specs) {
      const setting = settings.get(section, spec.key);
      const isOverruled = [spec.option ?? '', ...(spec.unless ?? [])].some((name) => given.has(name));
      if (setting && !isOverruled) fill(options, spec, setting, known);
    }
  }
  return options;
}

function fill(
  options: Record<string, unknown>,
  spec: KeySpec,
  { value, place }: Setting,
  known: ReadonlyMap<string, OptionSpec>,
): void {
  if (spec.key === 'chat') options.chat = typeof value === 'string' ? chatPath(value, place.file) : value;
  if (spec.key === 'up_to' && value === 'power') permitPower(options, known);
  const option = known.get(spec.option ?? '');
  if (!option || spec.option === undefined) return;
  if (spec.onlyWith && !MEANT[spec.onlyWith](options)) return;
  options[spec.option] = optionValue(option, value);
}

/** As if the option had been typed. */
function optionValue(option: OptionSpec, value: Value): unknown {
  // What is off is as if nobody had asked for it; only "--no-..." is on by itself.
  if (typeof value === 'boolean') return value || (option.flags.includes('--no-') ? false : undefined);
  const text = typeof value === 'object' ? value.join(',') : String(value);
  return option.parse ? option.parse(text, undefined) : text;
}

function permitPower(options: Record<string, unknown>, known: ReadonlyMap<string, OptionSpec>): void {
  if (known.has('upTo')) options.upTo = 'power';
  if (known.has('recoverPower') && options.recover !== false) options.recoverPower = true;
}

const MEANT: Readonly<Record<NonNullable<KeySpec['onlyWith']>, (options: Invocation['options']) => boolean>> = {
  power: ({ method, upTo, recoverPower }) => method === 'power' || upTo === 'power' || recoverPower === true,
  ppp: ({ ppp, auto }) => ppp === true || auto === true,
};
