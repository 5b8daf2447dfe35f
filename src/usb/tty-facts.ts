/** A tty as this process meets it: may it be opened, and if not, who may. */
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { type SystemRoots, systemRoots } from '../core/system-roots.ts';
import type { TtyFacts } from './modem-state.ts';

/** Looks without opening: an open would raise DTR. */
export function readTtyFacts(path: string, roots: SystemRoots = systemRoots): TtyFacts {
  const access = ttyAccess(path);
  if (access !== 'denied') return { path, access, group: null, needsNewLogin: false };
  const group = groupWithRights(path, roots);
  return { path, access, group: group?.name ?? null, needsNewLogin: group?.members.includes(userName()) ?? false };
}

/** May this process open it for reading and writing? */
export function ttyAccess(path: string): TtyFacts['access'] {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return 'ok';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'denied';
  }
}

interface Group {
  readonly name: string;
  readonly members: readonly string[];
}

/** The group of a node, if the node lets its group read and write and it is not root's. */
function groupWithRights(path: string, roots: SystemRoots): Group | null {
  try {
    const stat = statSync(path);
    if ((stat.mode & 0o060) !== 0o060 || stat.gid === 0) return null;
    for (const line of readFileSync(join(roots.etc, 'group'), 'utf8').split('\n')) {
      const [name, , gid, members] = line.split(':');
      if (name && Number(gid) === stat.gid) return { name, members: (members ?? '').split(',').filter(Boolean) };
    }
  } catch {
    // No such file: then nobody can say.
  }
  return null;
}

/** Empty for a user who is in no passwd file, as in a container. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}
