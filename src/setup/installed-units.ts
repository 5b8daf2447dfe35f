/** Our units on this system. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFolder } from '../usb/attribute.ts';
import { HEADER, UNIT_FOLDER } from './service-unit.ts';

export interface InstalledUnit {
  readonly name: string;
  /** The command that takes it away. */
  readonly undo: string;
}

const NAME = /^modemctl-(answer|watch)(@[A-Za-z0-9:_.-]+)?\.service$/;

/** Those that `setup` wrote, by name. Of `command` only, if given. */
export function installedUnits(command?: string, folder = UNIT_FOLDER): InstalledUnit[] {
  return listFolder(folder)
    .sort()
    .flatMap((name) => {
      const kind = NAME.exec(name)?.[1];
      if (kind === undefined || (command !== undefined && kind !== command)) return [];
      const undo = undoOf(join(folder, name));
      return undo === null ? [] : [{ name, undo }];
    });
}

function undoOf(path: string): string | null {
  try {
    const [first = ''] = readFileSync(path, 'utf8').split('\n', 1);
    return first.startsWith(HEADER) ? first.slice(HEADER.length) : null;
  } catch {
    return null;
  }
}
