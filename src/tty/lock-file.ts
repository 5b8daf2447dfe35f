/** UUCP lock files: their names and what is in them. Anybody may write into the lock folder, so a lock file is looked at with care: no link is followed, no pipe waited for, little is read. */
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/** The largest pid Linux gives (PID_MAX_LIMIT, include/linux/threads.h). */
const MAX_PID = 4_194_304;

/** Where a tty's lock file is: `/dev/ttyACM0` -> `LCK..ttyACM0`, `/dev/pts/5` -> `LCK..pts_5`, as pppd and minicom name it. Links (by-id) are resolved first. */
export function lockFilePath(tty: string, folder: string, dev = '/dev'): string {
  let real = tty;
  try {
    real = realpathSync(tty);
  } catch {
    // It went away; its name is all there is.
  }
  const relative = real.startsWith(`${dev}/`) ? real.slice(dev.length + 1) : real.replace(/^\/+/, '');
  return join(folder, `LCK..${relative.replaceAll('/', '_')}`);
}

export type LockFileContent =
  | { readonly kind: 'absent' }
  | { readonly kind: 'pid'; readonly pid: number }
  /** Something is there, but no pid; `ageMs` is how long it was not written. */
  | { readonly kind: 'nonsense'; readonly ageMs: number }
  /** It is there and cannot be read. */
  | { readonly kind: 'unreadable' };

/** Reads a lock file: ten characters and a newline (HDB), or four bytes binary, or anything that begins with a number (minicom appends its name). */
export function readLockFile(path: string): LockFileContent {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent' };
    return code === 'EACCES' || code === 'EPERM' ? { kind: 'unreadable' } : { kind: 'nonsense', ageMs: Infinity };
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) return { kind: 'nonsense', ageMs: Infinity };
    const buffer = Buffer.alloc(64);
    const pid = parsePid(buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, 0)));
    return pid === null ? { kind: 'nonsense', ageMs: Math.max(0, Date.now() - stat.mtimeMs) } : { kind: 'pid', pid };
  } catch {
    return { kind: 'unreadable' };
  } finally {
    closeSync(fd);
  }
}

/** The pid in a lock file's bytes, or null. Four bytes that make a possible pid are one: the digits "1234" as binary would be far beyond the largest. */
export function parsePid(bytes: Uint8Array): number | null {
  if (bytes.length === 4) {
    const binary = new DataView(bytes.buffer, bytes.byteOffset, 4).getInt32(0, true);
    if (binary > 0 && binary <= MAX_PID) return binary;
  }
  const match = /^\s*(\d{1,10})(?=\s|\0|$)/.exec(Buffer.from(bytes).toString('latin1'));
  const pid = Number(match?.[1] ?? 0);
  return pid > 0 && pid <= MAX_PID ? pid : null;
}

/** What a lock file of ours says. */
export function lockFileText(pid: number): string {
  return `${String(pid).padStart(10, ' ')}\n`;
}
