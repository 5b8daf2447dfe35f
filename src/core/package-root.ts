/** The folder of the installed package, found from wherever this file was bundled or compiled to. Children, man page and rules are named relative to it. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

let root: string | undefined;

export function packageRoot(): string {
  if (root !== undefined) return root;
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) || !existsSync(join(folder, 'bin', 'modemctl.js'))) {
    const parent = dirname(folder);
    if (parent === folder) break;
    folder = parent;
  }
  root = folder;
  return root;
}
