/** `modemctl at AT&V` without quotes: the shell runs `modemctl at AT` in the background, then looks for a program called V. Nobody sees that by himself. */
import { isatty } from 'node:tty';
import { isInBackground } from './background.ts';

const STDIN = 0;

/**
 * What to remark about commands that the shell may have cut at an `&`; null: nothing. Only for people: a script has no terminal on stdin.
 * @param args the AT commands as typed
 */
export function ampersandRemark(args: readonly string[]): string | null {
  if (args.length === 0 || !isatty(STDIN)) return null;
  if (isInBackground()) {
    return "note: this runs in the background. If there was an & in the AT command, the shell took it; quotes keep it: modemctl at 'AT&V'";
  }
  if (args.length > 1 || !/^at$/i.test(args[0]?.trim() ?? '')) return null;
  return "note: AT alone only asks whether the modem answers. For a command with an &, quotes are needed: modemctl at 'AT&V'";
}
