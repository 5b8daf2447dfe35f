/** Lock files that dead processes left: most programs remove them, some refuse the modem. */
import { join } from 'node:path';
import { isAlive } from '../../core/process-alive.ts';
import { readLockFile } from '../../tty/lock-file.ts';
import { listFolder } from '../../usb/attribute.ts';
import { type Finding, ok, warn } from './finding.ts';
import type { DoctorSystem } from './system.ts';

/** One that was just made may be about to be filled. */
const YOUNG_MS = 10_000;

export function examineLocks({ roots }: DoctorSystem): Finding[] {
  const names = listFolder(roots.lock).filter((name) => /^LCK\.\.[\w.-]+$/.test(name));
  const found: Finding[] = [];
  for (const name of names) {
    const path = join(roots.lock, name);
    const content = readLockFile(path);
    const cure = { remedy: `sudo rm ${path}`, fix: { kind: 'lock', path } as const };
    if (content.kind === 'pid' && !isAlive(content.pid)) {
      found.push(warn('locks', `lock file ${path} is of process ${content.pid}, which is dead`, cure));
    } else if (content.kind === 'nonsense' && content.ageMs > YOUNG_MS) {
      found.push(warn('locks', `lock file ${path} names no process`, { remedy: cure.remedy }));
    }
  }
  return found.length > 0 ? found : [ok('locks', 'no stale lock file')];
}
