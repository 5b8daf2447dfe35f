/** A file's text made into settings and faults. */
import { isNear } from '../core/near.ts';
import { printable } from '../core/text.ts';
import { checkValue, shown, type Value } from './check-value.ts';
import type { Distrust } from './config-file.ts';
import type { KeySpec, SectionSpec } from './key-spec.ts';
import { type Path, Places, type Position } from './locate.ts';
import { IDENTITY_KEYS, SECTIONS } from './schema.ts';
import type { Contents, Fault, Setting } from './settings.ts';
import { isSyntaxFault, isTable, parseToml, type TomlTable } from './toml.ts';

/** What the schema cannot know: whether a value is what its option wants. Why not, in words, and which element of a list. */
export type Verify = (section: string, spec: KeySpec, value: Value) => { why: string; index?: number } | null;

export interface InterpretOptions {
  readonly file: string;
  /** Why commands are not taken from this file; null: they are. */
  readonly distrust: Distrust | null;
  readonly verify: Verify;
}

/** A name that is typed, and stands in messages. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;
/** Which would go before it. */
const PORT = /^\d+-\d+$/;
/** So many are told of one file. */
const MAX_FAULTS = 100;

export async function interpret(text: string, options: InterpretOptions): Promise<Contents> {
  const parsed = await parseToml(text);
  if (isSyntaxFault(parsed)) {
    const { message, line, column } = parsed as { message: string; line: number; column: number };
    const place = { file: options.file, line, column };
    const fault = { place, section: null, message: `this is no TOML: ${printable(message.slice(0, 200))}`, hint: null };
    return { values: new Map(), faults: [fault] };
  }
  return new Interpreter(new Places(text), options).read(parsed);
}

class Interpreter {
  readonly #places: Places;
  readonly #options: InterpretOptions;
  readonly #values = new Map<string, Map<string, Setting>>();
  readonly #faults: Fault[] = [];

  constructor(places: Places, options: InterpretOptions) {
    this.#places = places;
    this.#options = options;
  }

  read(document: TomlTable): Contents {
    const top = SECTIONS.find(({ name }) => name === '')!;
    const own: [string, unknown][] = [];
    for (const [name, value] of Object.entries(document)) {
      const section = SECTIONS.find((spec) => spec.name === name && name !== '');
      if (!section) own.push([name, value]);
      else if (!isTable(value))
        this.#fault([name], '', `"${name}" is a section: [${name}${section.named ? '.NAME' : ''}]`);
      else if (section.named) this.#named(section, value);
      else this.#section(section, name, [name], Object.entries(value));
    }
    this.#section(top, '', [], own);
    const faults = this.#faults.toSorted((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
    return { values: this.#values, faults: faults.slice(0, MAX_FAULTS) };
  }

  #named(spec: SectionSpec, table: TomlTable): void {
    for (const [name, value] of Object.entries(table)) {
      const path = [spec.name, name];
      if (!isTable(value)) {
        this.#fault(path, spec.name, `"${shown(name)}" needs a name above it: [${spec.name}.NAME]`);
      } else if (!NAME.test(name) || PORT.test(name)) {
        const form = 'letters, digits, - and _, at most 40, and not as a USB port is called';
        this.#fault(path, `${spec.name}.${name}`, `"${shown(name)}" is no name: ${form}`);
      } else {
        this.#section(spec, `${spec.name}.${name}`, path, Object.entries(value));
      }
    }
  }

  #section(spec: SectionSpec, section: string, path: readonly string[], entries: [string, unknown][]): void {
    const settings = new Map<string, Setting>();
    this.#values.set(section, settings);
    for (const [key, value] of entries) {
      const known = spec.keys.find((candidate) => candidate.key === key);
      if (known) this.#key(known, section, [...path, key], value, settings);
      else this.#unknown(spec, section, [...path, key], isTable(value));
    }
    const identities = IDENTITY_KEYS.filter((key) => settings.has(key));
    if (spec.name === 'modem' && identities.length > 1) {
      const second = [...path, identities[1]!];
      this.#fault(second, section, `${section} has ${identities.join(' and ')}: only one of them can say which it is`);
    }
  }

  #key(spec: KeySpec, section: string, path: readonly string[], value: unknown, into: Map<string, Setting>): void {
    const checked = checkValue(spec, value);
    if (!checked.ok) {
      const sentence = `${spec.key} ${checked.message}`.replace(' :', ':');
      this.#fault(checked.index === undefined ? path : [...path, checked.index], section, sentence, null, true);
      return;
    }
    const { distrust, verify, file } = this.#options;
    if (spec.runs && distrust !== null) {
      const why = `${spec.key} would be run as root, and is not taken from here: ${distrust.why}`;
      this.#fault(path, section, why, distrust.remedy, true);
      return;
    }
    const wrong = verify(section, spec, checked.value);
    if (wrong !== null) {
      const at = wrong.index === undefined ? path : [...path, wrong.index];
      this.#fault(at, section, `${spec.key}: ${wrong.why}`, null, true);
      return;
    }
    into.set(spec.key, { value: checked.value, place: { file, ...this.#places.value(path) } });
  }

  #unknown(
    { keys, name: sectionName, named }: SectionSpec,
    section: string,
    path: readonly string[],
    isSection: boolean,
  ): void {
    const name = path.at(-1) ?? '';
    const what = isSection ? `there is no section [${path.map(shown).join('.')}]` : `there is no key "${shown(name)}"`;
    const where = isSection || section === '' ? '' : ` in [${section}]`;
    const meant = isSection ? nearSection(name, sectionName) : nearKey(name, keys, sectionName);
    this.#fault(
      path,
      section,
      `${what}${where}`,
      meant ?? (isSection ? allSections() : allKeys(keys, named ? `${sectionName}.NAME` : section)),
    );
  }

  #fault(path: Path, section: string, message: string, hint: string | null = null, atValue = false): void {
    const position: Position = atValue ? this.#places.value(path) : this.#places.key(path);
    this.#faults.push({ place: { file: this.#options.file, ...position }, section, message, hint });
  }
}

function nearSection(name: string, within: string): string | null {
  const near = SECTIONS.find((section) => section.name !== '' && isNear(name.toLowerCase(), section.name));
  if (!near || within !== '') return null;
  return `Did you mean [${near.name}${near.named ? '.NAME' : ''}]?`;
}

function nearKey(name: string, keys: readonly KeySpec[], within: string): string | null {
  const typed = name.toLowerCase().replaceAll('-', '_');
  const near = keys.find(({ key }) => key === typed) ?? keys.find(({ key }) => isNear(typed, key));
  if (near) return `Did you mean ${near.key}?`;
  const elsewhere = SECTIONS.filter(
    (section) => section.name !== within && section.keys.some(({ key }) => key === typed),
  );
  if (elsewhere.length === 0) return null;
  const places = elsewhere.map((section) =>
    section.name === '' ? 'at the top of the file' : `in [${section.name}${section.named ? '.NAME' : ''}]`,
  );
  return `It belongs ${places.join(' or ')}.`;
}

function allSections(): string {
  const names = SECTIONS.filter(({ name }) => name !== '');
  return `There are: ${names.map(({ name, named }) => `[${name}${named ? '.NAME' : ''}]`).join(' ')}`;
}

function allKeys(keys: readonly KeySpec[], section: string): string {
  return `${section === '' ? 'At the top' : `In [${section}]`} there may be: ${keys.map(({ key }) => key).join(', ')}`;
}
