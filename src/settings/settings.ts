/** What the configuration files say, merged: each value knows where it stands, and each fault what it spoils. */
import { ModemctlError } from '../core/errors.ts';
import { shellWord } from '../core/shell-word.ts';
import type { Value } from './check-value.ts';

export interface Place {
  readonly file: string;
  /** Counted from 1; both are 0 where the file cannot be read at all. */
  readonly line: number;
  readonly column: number;
}

export interface Setting {
  readonly value: Value;
  readonly place: Place;
}

export interface Fault {
  readonly place: Place;
  /** `dial`, `modem.fax`; empty: the top of the file; null: the whole file. */
  readonly section: string | null;
  /** One sentence without a full stop. */
  readonly message: string;
  /** What to do. */
  readonly hint: string | null;
}

/** One file's, and of all files together. */
export interface Contents {
  /** By section (`dial`, `modem.fax`, or empty for the top), then by key. */
  readonly values: ReadonlyMap<string, ReadonlyMap<string, Setting>>;
  readonly faults: readonly Fault[];
}

/** `/etc/modemctl/config.toml:3:5`, as compilers and editors have it. */
export function placeText({ file, line, column }: Place): string {
  return line === 0 ? file : `${file}:${line}:${column}`;
}

export class Settings implements Contents {
  /** Those that were read, in the order in which they override. */
  readonly files: readonly string[];
  /** Those that would have been. */
  readonly lookedFor: readonly string[];
  readonly values: ReadonlyMap<string, ReadonlyMap<string, Setting>>;
  readonly faults: readonly Fault[];

  constructor({ files, lookedFor, values, faults }: Contents & Pick<Settings, 'files' | 'lookedFor'>) {
    this.files = files;
    this.lookedFor = lookedFor;
    this.values = values;
    this.faults = faults;
  }

  get(section: string, key: string): Setting | undefined {
    return this.values.get(section)?.get(key);
  }

  /** The names there are: of `modem`, `['bbs', 'fax']`. */
  names(kind: string): string[] {
    const prefix = `${kind}.`;
    const all = [...this.values.keys()].filter((section) => section.startsWith(prefix));
    return all.map((section) => section.slice(prefix.length));
  }

  /** What makes this section doubtful: a fault in it, or of a whole file. */
  faultsOf(section: string): Fault[] {
    return this.faults.filter((fault) => fault.section === section || fault.section === null);
  }

  /** Without what is doubtful. */
  without(sections: readonly string[]): Settings {
    const values = new Map([...this.values].filter(([name]) => !sections.includes(name)));
    return new Settings({ files: this.files, lookedFor: this.lookedFor, values, faults: this.faults });
  }
}

export const NO_SETTINGS = new Settings({ files: [], lookedFor: [], values: new Map(), faults: [] });

/** CONFIG_INVALID, at its place, with the way around. */
export function faultError({ place, message, hint }: Fault, more = 0): ModemctlError {
  const others = more > 0 ? ` (and ${more} more)` : '';
  const next = [
    hint,
    place.line === 0 ? null : `See all of it: modemctl config check ${shellWord(place.file)}`,
    'To go on without configuration: --config /dev/null',
  ];
  return new ModemctlError('CONFIG_INVALID', `${placeText(place)}: ${message}${others}`, {
    hint: next.filter((line) => line !== null).join('\n'),
    details: { ...place, message },
  });
}
