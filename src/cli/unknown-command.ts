/** A command that does not exist is answered with the one that was meant. */
import { ModemctlError } from '../core/errors.ts';
import { isNear } from '../core/near.ts';
import { shellWord } from '../core/shell-word.ts';
import { isPortPath } from '../usb/sysfs.ts';
import type { CommandSpec } from './command.ts';

/** What people call our commands elsewhere: the first of them that there is was meant. */
const OTHER_NAMES: ReadonlyMap<string, readonly string[]> = new Map([
  ['list', ['detect']],
  ['ls', ['detect']],
  ['scan', ['detect']],
  ['find', ['detect']],
  ['devices', ['detect']],
  ['lsusb', ['detect']],
  ['status', ['health']],
  ['state', ['health']],
  ['check', ['health']],
  ['test', ['health']],
  ['ping', ['health']],
  ['diagnose', ['doctor']],
  ['diag', ['doctor']],
  ['troubleshoot', ['doctor']],
  ['identify', ['info']],
  ['version', ['--version']],
  ['send', ['at']],
  ['cmd', ['at']],
  ['command', ['at']],
  ['chat', ['at']],
  ['terminal', ['term']],
  ['minicom', ['term']],
  ['call', ['dial']],
  ['phone', ['dial']],
  ['listen', ['answer']],
  ['onhook', ['hangup']],
  ['hang-up', ['hangup']],
  ['disconnect', ['hangup']],
  ['usbreset', ['reset']],
  ['restart', ['reset']],
  ['reboot', ['reset']],
  ['recover', ['reset']],
  ['unhang', ['reset']],
  ['port', ['tty']],
  ['path', ['tty']],
  ['device', ['tty']],
  ['udev', ['setup']],
  ['install', ['setup']],
  ['simulate', ['virtual']],
  ['emulate', ['virtual']],
]);

/** The error, with what was probably meant. */
export function unknownCommand(name: string, commands: readonly CommandSpec[]): ModemctlError {
  const typed = name.toLowerCase();
  const known = commands.map((command) => command.name);
  const exists = (line: string) => line.startsWith('-') || known.includes(line.split(' ')[0] ?? '');
  const meant =
    OTHER_NAMES.get(typed)?.find(exists) ??
    (known.includes(typed) ? typed : undefined) ??
    notACommand(name, known) ??
    known.find((other) => isNear(typed, other));
  return new ModemctlError('USAGE', `there is no command "${name}"`, {
    hint: meant === undefined ? 'See: modemctl --help' : `Did you mean: modemctl ${meant}`,
  });
}

/** What stands where a command should, but is something else: an AT command, several words in one pair of quotation marks, a modem. */
function notACommand(name: string, known: readonly string[]): string | undefined {
  if (known.includes(name.split(' ')[0] ?? '')) return name;
  if (/^AT[^a-z]|^at.*[\d&+=?]|^\+[A-Z]/.test(name)) return `at ${shellWord(name)}`;
  if (name.includes('/') || isPortPath(name)) return `-d ${shellWord(name)} at ATI3`;
  return undefined;
}
