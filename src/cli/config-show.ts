/** `config show`: what holds, and where it was said. */
import { printable } from '../core/text.ts';
import type { Value } from '../settings/check-value.ts';
import type { KeySpec } from '../settings/key-spec.ts';
import { SECTIONS, sectionNamed } from '../settings/schema.ts';
import { placeText, type Setting, type Settings } from '../settings/settings.ts';
import type { CommandSpec } from './command.ts';
import { readSettings } from './configure.ts';
import type { CommonOptions, Context } from './context.ts';

type Origin =
  | { readonly kind: 'file'; readonly file: string; readonly line: number; readonly column: number }
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'flag'; readonly name: string }
  | { readonly kind: 'default' };

interface Shown {
  readonly section: string;
  readonly key: string;
  /** As TOML. */
  readonly value: unknown;
  readonly origin: Origin;
}

const WIDTH = 34;
const MASKED = '***';

export async function showConfig(
  context: Context,
  common: CommonOptions,
  commands: readonly CommandSpec[],
): Promise<void> {
  const settings = await readSettings(common, commands, context.world.env);
  const list = effective(settings, common);
  context.report({ files: settings.files, settings: list });
  let section = '';
  for (const [index, one] of list.entries()) {
    if (one.section !== section) context.print(`${index === 0 ? '' : '\n'}[${one.section}]`);
    section = one.section;
    const line = `${one.key} = ${one.origin.kind === 'default' ? String(one.value) : tomlOf(one.value as Value)}`;
    context.print(`${printable(line).padEnd(WIDTH)}  ${context.colours.dim(`# ${printable(originText(one.origin))}`)}`);
  }
  const [first] = settings.faults;
  if (first) context.say(`${context.colourOfTalk.yellow('note:')} not all of it is right; see: modemctl config check`);
}

function effective(settings: Settings, common: CommonOptions): Shown[] {
  const sections = SECTIONS.flatMap(({ name, named }) => {
    const prefix = `${name}.`;
    return named ? [...settings.values.keys()].filter((section) => section.startsWith(prefix)) : [name];
  });
  return sections.flatMap((section) =>
    (sectionNamed(section)?.keys ?? []).flatMap((spec): Shown[] => {
      const overruling = section === '' && spec.key === 'device' ? deviceGiven(common) : null;
      const shown = overruling ?? ofSetting(spec, settings.get(section, spec.key), section, common.showNumbers);
      return shown ? [{ section, key: spec.key, ...shown }] : [];
    }),
  );
}

function deviceGiven({ device, deviceFrom }: CommonOptions): Pick<Shown, 'value' | 'origin'> | null {
  if (device === undefined) return null;
  const isFlag = deviceFrom === 'option';
  return {
    value: device,
    origin: isFlag ? { kind: 'flag', name: '--device' } : { kind: 'environment', name: 'MODEMCTL_DEVICE' },
  };
}

function ofSetting(
  { secret, default: usual }: KeySpec,
  setting: Setting | undefined,
  section: string,
  showsNumbers: boolean,
): Pick<Shown, 'value' | 'origin'> | null {
  if (setting) {
    const value = secret && !showsNumbers ? masked(setting.value) : setting.value;
    return { value, origin: { kind: 'file', ...setting.place } };
  }
  // What a number does not say is as in [dial].
  return usual === undefined || section.includes('.') ? null : { value: usual, origin: { kind: 'default' } };
}

function masked(value: Value): Value {
  return typeof value === 'object' ? value.map(() => MASKED) : MASKED;
}

function tomlOf(value: Value): string {
  return typeof value === 'object' ? `[${value.map((one) => JSON.stringify(one)).join(', ')}]` : JSON.stringify(value);
}

function originText(origin: Origin): string {
  if (origin.kind === 'file') return placeText(origin);
  return origin.kind === 'default' ? 'default' : origin.name;
}
