/** Where the processes of one user leave what others of his are to find while they run: registrations and sockets. */
import { chmodSync, existsSync, lstatSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ModemctlError } from './errors.ts';

/** `$XDG_RUNTIME_DIR/modemctl`; it need not exist. */
export function runtimeFolder(env: NodeJS.ProcessEnv = process.env): string {
  const runtime = env.XDG_RUNTIME_DIR;
  // The XDG Base Directory Specification has relative paths ignored, and something else used where the folder is missing.
  if (runtime?.startsWith('/') && existsSync(runtime)) return join(runtime, 'modemctl');
  // A login without one (cron, a container): per user, so that nobody can plant a modem for somebody else.
  return join('/tmp', `modemctl-${process.getuid?.() ?? 0}`);
}

const SYSTEM_FOLDER = '/run/modemctl';

/** Root's place, one for all its commands and services, whatever their environment; made if need be. Null: we are not root, or it cannot be had. */
export function systemFolder(): string | null {
  if (process.getuid?.() !== 0) return null;
  try {
    mkdirSync(SYSTEM_FOLDER);
    // Whatever our umask takes away: others are to find the sockets in it.
    chmodSync(SYSTEM_FOLDER, 0o755);
  } catch {
    // It is there, or cannot be.
  }
  return isOwnFolder(SYSTEM_FOLDER) ? SYSTEM_FOLDER : null;
}

/** Whether a folder is there and ours. /tmp is everybody's: one there that is a link, or another user's, counts for nothing. */
export function isOwnFolder(folder: string): boolean {
  const status = lstatSync(folder, { throwIfNoEntry: false });
  return status?.isDirectory() === true && status.uid === (process.getuid?.() ?? status.uid);
}

/**
 * Makes a folder, for its owner only, and up to two above it.
 * @throws ModemctlError DENIED when it cannot be made, or is somebody else's
 */
export function makeOwnFolder(folder: string): void {
  try {
    // One by one: Node's own way of making parents never ends where a file system refuses with ENOENT (/proc).
    for (const level of [dirname(dirname(folder)), dirname(folder), folder]) {
      if (!existsSync(level)) mkdirSync(level, { mode: 0o700 });
    }
    if (isOwnFolder(folder)) return;
  } catch (cause) {
    throw new ModemctlError('DENIED', `the folder ${folder} cannot be made`, { hint: ANOTHER_FOLDER, cause });
  }
  throw new ModemctlError('DENIED', `the folder ${folder} belongs to somebody else`, { hint: ANOTHER_FOLDER });
}

/** What to do where there is no such folder to be had. */
export const ANOTHER_FOLDER = 'Set XDG_RUNTIME_DIR to a folder of your own, the same in every terminal.';
