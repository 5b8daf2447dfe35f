/** How modemctl is called here: what a remedy says must work when it is pasted. */
import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { packageRoot } from '../core/package-root.ts';

/** sudo's usual secure_path (sudoers(5), Debian). */
const SUDO_PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/**
 * Behind `sudo`, whose PATH is its own, `modemctl` becomes what works there: the bare name where it leads to this program, else full paths.
 */
export function pasteable(text: string): string {
  return text.includes('sudo modemctl') ? text.replaceAll('sudo modemctl', `sudo ${nameOn(SUDO_PATH)}`) : text;
}

/** Program and arguments that start this program wherever and by whomever they are run, with full paths: for a service. */
export function argvHere(): readonly [string, ...string[]] {
  const { launcher, findsNode } = launcherHere();
  // By its name on the PATH it is found after an upgrade, too.
  const named = SUDO_PATH.map((folder) => join(folder, 'modemctl')).find((path) => isSame(path, launcher));
  const hasNode = findsNode || SUDO_PATH.some((folder) => isRunnable(join(folder, 'node')));
  if (named !== undefined && hasNode) return [named];
  return findsNode ? [launcher] : [process.execPath, launcher];
}

/** Where a remedy names `modemctl` and that does not lead here, what to type instead; null where all is well. */
export function whatToType(remedy: string, env: NodeJS.ProcessEnv): string | null {
  if (!/(?<!sudo )\bmodemctl /.test(remedy)) return null;
  const name = nameOn((env.PATH ?? '').split(delimiter));
  return name === 'modemctl' ? null : `(modemctl is not on the PATH; here it is: ${name})`;
}

function nameOn(folders: readonly string[]): string {
  const { launcher, findsNode } = launcherHere();
  const hasNode = findsNode || folders.some((folder) => isRunnable(join(folder, 'node')));
  if (hasNode && folders.some((folder) => isSame(join(folder, 'modemctl'), launcher))) return 'modemctl';
  return hasNode ? launcher : `${process.execPath} ${launcher}`;
}

/** The file that starts this program. The Debian package's finds a Node by itself; the other asks env for it, and where that has none, node is to be named too. */
function launcherHere(): { launcher: string; findsNode: boolean } {
  const bin = join(packageRoot(), 'bin');
  const packaged = join(bin, 'modemctl');
  return existsSync(packaged)
    ? { launcher: packaged, findsNode: true }
    : { launcher: join(bin, 'modemctl.js'), findsNode: false };
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
