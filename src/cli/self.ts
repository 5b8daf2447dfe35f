/** How modemctl is called here: what a remedy says must work when it is pasted. */
import { accessSync, constants, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { packageRoot } from '../core/package-root.ts';

/** sudo's usual secure_path (sudoers(5), Debian). */
const SUDO_PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** A command, not the word in a sentence: our commands' names follow it (a test holds that these are all), or an option. */
const CALLED =
  /(^|[\s`"'(])(sudo )?modemctl (?=-|(?:detect|info|tty|models|at|init|hangup|reset|setup|demo|virtual|completion|help)\b)/gm;

/**
 * Replaces `modemctl` by what works here: the bare name where it is on the PATH (behind `sudo`: on sudo's), else full paths.
 */
export function pasteable(text: string, env: NodeJS.ProcessEnv = process.env): string {
  if (!text.includes('modemctl ')) return text;
  const folders = (env.PATH ?? '').split(delimiter);
  return text.replace(CALLED, (_whole, before: string, sudo: string | undefined) => {
    const name = sudo ? nameOn(SUDO_PATH) : nameOn(folders);
    return `${before}${sudo ?? ''}${name} `;
  });
}

function nameOn(folders: readonly string[]): string {
  const launcher = join(packageRoot(), 'bin', 'modemctl.js');
  const hasNode = folders.some((folder) => isRunnable(join(folder, 'node')));
  if (hasNode && folders.some((folder) => isSame(join(folder, 'modemctl'), launcher))) return 'modemctl';
  // The launcher asks env for node; where that finds none, node is named too.
  return folders.includes(dirname(process.execPath)) ? launcher : `${process.execPath} ${launcher}`;
}

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isSame(path: string, launcher: string): boolean {
  try {
    return realpathSync(path) === realpathSync(launcher);
  } catch {
    return false;
  }
}
