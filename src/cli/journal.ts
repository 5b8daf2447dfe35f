/** Talk that goes to systemd's journal says how grave it is (sd-daemon(3): `<4>` in front of a line). */
import { fstatSync } from 'node:fs';

/** Whether stderr is the journal's (systemd.exec(5), JOURNAL_STREAM). */
export function isJournal(env: NodeJS.ProcessEnv): boolean {
  const stream = env.JOURNAL_STREAM;
  if (stream === undefined) return false;
  try {
    const { dev, ino } = fstatSync(2);
    return stream === `${dev}:${ino}`;
  } catch {
    return false;
  }
}

/** syslog(3): LOG_ERR, LOG_WARNING; what is said else is LOG_INFO by itself. */
const PRIORITIES: ReadonlyArray<readonly [beginning: string, priority: number]> = [
  ['error:', 3],
  ['note:', 4],
];

/** Each of its lines is an entry of the journal's: all of them get the first one's priority. */
export function withPriority(text: string): string {
  const [, priority] = PRIORITIES.find(([beginning]) => text.startsWith(beginning)) ?? [];
  return priority === undefined ? text : text.replace(/^(?=.)/gm, `<${priority}>`);
}
