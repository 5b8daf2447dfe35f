/** From the files that are there to settings. */
import { isAbsolute, join } from 'node:path';
import { readConfigFile } from './config-file.ts';
import { interpret, type Verify } from './interpret.ts';
import type { Position } from './locate.ts';
import { merge } from './merge.ts';
import { type Contents, type Fault, NO_SETTINGS, Settings } from './settings.ts';

export const SYSTEM_FILE = '/etc/modemctl/config.toml';

export interface LoadOptions {
  /** From the command line: this file instead of the usual ones; empty: none. */
  readonly file?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly isRoot: boolean;
  readonly verify: Verify;
}

export interface ConfigPaths {
  readonly paths: readonly string[];
  /** Somebody named the file, so it has to be there. */
  readonly named: boolean;
}

/** Which files are read, in the order in which they override. */
export function configPaths({ file, env }: Pick<LoadOptions, 'file' | 'env'>): ConfigPaths {
  const named = file ?? env.MODEMCTL_CONFIG;
  if (named !== undefined) return { paths: named === '' || named === '/dev/null' ? [] : [named], named: true };
  const { XDG_CONFIG_HOME: xdg, HOME: home } = env;
  // A relative one is to be ignored (XDG Base Directory Specification).
  const folder = xdg && isAbsolute(xdg) ? xdg : home && isAbsolute(home) ? join(home, '.config') : null;
  const own = folder === null ? [] : [join(folder, 'modemctl/config.toml')];
  return { paths: [SYSTEM_FILE, ...own], named: false };
}

/** Reads and checks them. Whatever is wrong with them is among the faults. */
export async function loadSettings(options: LoadOptions): Promise<Settings> {
  const { paths, named } = configPaths(options);
  const files: string[] = [];
  const all: Contents[] = [];
  for (const path of paths) {
    const contents = await contentsOf(path, named, options);
    if (contents === null) continue;
    files.push(path);
    all.push(contents);
  }
  if (all.length === 0) return new Settings({ ...NO_SETTINGS, files, lookedFor: paths });
  const { values, faults } = merge(all);
  return new Settings({ files, lookedFor: paths, values, faults: [...faults, ...nameless(values, faults)] });
}

async function contentsOf(path: string, named: boolean, { isRoot, verify }: LoadOptions): Promise<Contents | null> {
  const file = readConfigFile(path);
  if (file.kind === 'absent') {
    return named ? unreadable(path, 'there is no such file') : null;
  }
  if (file.kind === 'unreadable') return unreadable(path, file.why, file);
  // The system's file is root's business also where an ordinary user has it checked.
  const distrust = isRoot || path === SYSTEM_FILE ? file.distrust : null;
  return interpret(file.text, { file: path, distrust, verify });
}

function unreadable(
  file: string,
  message: string,
  { line, column, hint = null }: Position & { readonly hint?: string | null } = { line: 0, column: 0 },
): Contents {
  const fault = { place: { file, line, column }, section: null, message, hint };
  return { values: new Map(), faults: [fault] };
}

/** Whether something says which modem or number is meant is seen when all files are known. */
function nameless(values: Contents['values'], known: readonly Fault[]): Fault[] {
  return [...values].flatMap(([section, settings]): Fault[] => {
    const [first] = settings.values();
    const isModem = section.startsWith('modem.') && !['port', 'id', 'serial'].some((key) => settings.has(key));
    const isNumber = section.startsWith('number.') && !settings.has('number');
    if (!first || !(isModem || isNumber) || known.some((fault) => fault.section === section)) return [];
    const wants = isModem ? 'does not say which modem it is: port, id or serial' : 'has no number';
    return [{ place: first.place, section, message: `[${section}] ${wants}`, hint: null }];
  });
}
