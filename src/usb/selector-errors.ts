/** What is said when a selector finds none, several, or one that cannot be used. */
import { ModemctlError } from '../core/errors.ts';
import type { ModemInfo } from './modem-info.ts';

/** One modem in a list inside a sentence: `1-1 (U.S. Robotics USR5637, /dev/ttyACM0)`. */
function describeInfo(info: ModemInfo): string {
  return `${info.id} (${info.model}, ${info.tty ?? 'no tty'})`;
}

function facts(devices: readonly ModemInfo[]): Record<string, unknown>[] {
  return devices.map(({ id, model, serial, tty, state }) => ({ id, model, serial, tty, state }));
}

/** NO_MODEM with what is there instead. */
export function noModem(message: string, devices: readonly ModemInfo[]): ModemctlError {
  const modems = devices.filter((info) => info.isModem);
  return new ModemctlError('NO_MODEM', message, { hint: whatIsThere(modems), details: { modems: facts(modems) } });
}

/** For somebody who named what is no modem: the modems there are, and how to choose. */
export function whatIsThere(modems: readonly ModemInfo[]): string {
  const usable = modems.find((info) => info.usable) ?? modems[0];
  return usable
    ? `plugged in: ${modems.map(describeInfo).join('; ')}. Choose one: -d ${usable.id}`
    : 'plug one in and run: modemctl detect --wait 30s   (without a modem at hand: modemctl demo)';
}

/** AMBIGUOUS with the list and how to choose. */
export function ambiguous(selector: string | null, matches: readonly ModemInfo[]): ModemctlError {
  const which = matches.map(describeInfo).join(', ');
  const message =
    selector === null
      ? `${matches.length} modems are there: ${which}`
      : `${matches.length} devices match "${selector}": ${which}`;
  return new ModemctlError('AMBIGUOUS', message, {
    hint: `choose one by its USB port: -d ${matches[0]!.id}   (or MODEMCTL_DEVICE=${matches[0]!.id})`,
    details: { modems: facts(matches) },
  });
}

/** UNUSABLE with the reason. */
export function unusable(info: ModemInfo, all: readonly ModemInfo[] = [info]): ModemctlError {
  return new ModemctlError('UNUSABLE', `${info.model} at ${info.id}: ${info.reason ?? 'it has no tty'}`, {
    hint: info.remedy ?? 'modemctl detect',
    details: { modems: facts(all) },
  });
}

/** NO_MODEM: those that are there are not to be used unasked. */
export function onlyForbidden(modems: readonly ModemInfo[]): ModemctlError {
  const message = `no modem that may be chosen by itself: the configuration leaves ${modems.map(describeInfo).join('; ')} alone`;
  const hint = `Name it: -d ${modems[0]!.id}`;
  return new ModemctlError('NO_MODEM', message, { hint, details: { modems: facts(modems) } });
}
