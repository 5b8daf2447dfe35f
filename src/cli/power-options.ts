/** The options for switching a modem's power, where a command may come to that. */
import { isModemctlError, ModemctlError } from '../core/errors.ts';
import { printable } from '../core/text.ts';
import { requirePower } from '../modem/power-step.ts';
import type { Session } from '../modem/session.ts';
import type { PowerPolicy } from '../usb/power/plan.ts';
import { POWER_WAYS, type PowerWayName } from '../usb/power/ways.ts';
import { isPortPath } from '../usb/sysfs.ts';
import type { Invocation, OptionSpec } from './command.ts';
import type { Context } from './context.ts';

export const POWER_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--power-command <command>',
    describe: 'a line for /bin/sh that switches it, by MODEMCTL_POWER=off|on: a relay',
  },
  { flags: '--power-by <way>', describe: 'switch it this way and no other', choices: POWER_WAYS },
  {
    flags: '--power-also <ports>',
    describe: 'USB ports of devices that may lose power although this machine needs them: 1-1.3,1-1.4',
    parse: parsePorts,
  },
];

export const POWER_NOTE =
  "Power goes off for 5 s, by the first of these that there is: the command of --power-command (also told MODEMCTL_MODEM; 30 s for each of off and on), the port's own switch (Linux 6.0 and later; root), uhubctl. What else loses power is told before; where that is a disk that is mounted or the network that leads here, it is refused (exit 2) unless --power-also names its USB port. A hub counts as one switch unless uhubctl says that it switches each port; on a Raspberry Pi all its own sockets are one. Power is on again even if modemctl is killed meanwhile. At most three times an hour for each modem.";

/**
 * @param named whether the command line names power: the options mean nothing otherwise
 * @throws ModemctlError USAGE
 */
export function powerPolicy(
  { powerCommand, powerBy, powerAlso }: Invocation['options'],
  named: boolean,
  how: string,
): PowerPolicy {
  const given = [powerCommand, powerBy, powerAlso].some((value) => value !== undefined);
  if (given && !named) {
    throw new ModemctlError('USAGE', 'how power is switched was said, but not that it may be', { hint: `Add: ${how}` });
  }
  if (typeof powerCommand === 'string' && powerCommand.trim() === '') {
    throw new ModemctlError('USAGE', 'the command of --power-command is empty');
  }
  return {
    command: powerCommand as string | undefined,
    by: powerBy as PowerWayName | undefined,
    also: powerAlso as string[] | undefined,
  };
}

/**
 * How this modem's power may be switched. What the command line permits must be possible; where only the configuration does, and it is not possible here, that is said.
 * @returns null: it may not
 * @throws ModemctlError USAGE, DENIED, HELPER
 */
export async function permittedPower(
  context: Context,
  session: Session,
  policy: PowerPolicy,
  given: Invocation['given'] = new Set(),
): Promise<PowerPolicy | null> {
  const isTyped = (names: readonly string[]) => names.some((name) => given.has(name));
  try {
    const power = isTyped(['powerCommand', 'powerBy']) ? policy : context.configured.powerFor(session, policy);
    await requirePower(session, power);
    return power;
  } catch (error) {
    if (isTyped(['method', 'upTo', 'recoverPower']) || !isModemctlError(error)) throw error;
    context.say(`${context.colourOfTalk.yellow('note:')} ${printable(error.message)}`);
    return null;
  }
}

function parsePorts(text: string, previous: unknown): string[] {
  const ports = text.split(',').map((port) => port.trim());
  const wrong = ports.find((port) => !isPortPath(port));
  if (wrong !== undefined) {
    throw new ModemctlError('USAGE', `"${wrong}" is no USB port`, { hint: 'They look like 1-1.3; see: lsusb -t' });
  }
  return [...((previous as string[] | undefined) ?? []), ...ports];
}
