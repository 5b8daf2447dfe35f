/** How often a caller may try to log in: what the system's login goes by, and the only thing it goes by. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemRoots } from '../../core/system-roots.ts';

/** login(1) of shadow and of util-linux, where nothing is said. Debian says 5. */
export const USUAL_TRIES = 3;

/** Makes it so many. */
export const FEWER_TRIES = `sed -i 's/^LOGIN_RETRIES.*/LOGIN_RETRIES ${USUAL_TRIES}/' /etc/login.defs`;

export function loginTries(etc: string = systemRoots.etc): number {
  let text: string;
  try {
    text = readFileSync(join(etc, 'login.defs'), 'latin1');
  } catch {
    return USUAL_TRIES;
  }
  const [, tries] = /^[ \t]*LOGIN_RETRIES[ \t]+(\d{1,4})\b/m.exec(text) ?? [];
  return tries === undefined ? USUAL_TRIES : Number(tries);
}
