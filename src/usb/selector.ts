/** Which modem: the selector's meaning, in this order: `-`, a path, a USB port path or virtual modem's name, VID:PID, a name from the configuration, a serial number, a part of the name. */
import { realpathSync, type Stats, statSync } from 'node:fs';
import { ModemctlError } from '../core/errors.ts';
import { type SystemRoots, systemRoots } from '../core/system-roots.ts';
import { type ListOptions, listModems } from './list-modems.ts';
import { compareIds, type ModemInfo } from './modem-info.ts';
import { whyNoSerialDevice } from './no-serial-device.ts';
import { ambiguous, noModem, onlyForbidden, unusable, whatIsThere } from './selector-errors.ts';
import { isPortPath } from './sysfs.ts';

/** What was selected. */
export type Target =
  | { readonly kind: 'modem'; readonly info: ModemInfo }
  /** A serial device that is named by its path and that nothing more is known about. */
  | { readonly kind: 'tty'; readonly tty: string; readonly info: null }
  /** `-`: the modem is on our stdin and stdout. */
  | { readonly kind: 'stdio'; readonly info: null };

export interface SelectOptions extends ListOptions {
  /** For a caller that can do something about it (`reset`): without a selector, and when none is usable, take the only one that is no winmodem. */
  readonly forRepair?: boolean;
  /** A name from the configuration: the modem it stands for, or null. */
  readonly named?: (name: string) => NamedModem | null;
  /** Whether a modem may be chosen without being named; all may by default. */
  readonly mayBeChosen?: (info: ModemInfo) => boolean;
}

/** A modem as the configuration has it. */
export interface NamedModem {
  /** For messages: `USB port 1-1.2 by /etc/modemctl/config.toml:3:8`. */
  readonly describe: string;
  /** The USB port path, where that is what is known of it. */
  readonly port: string | null;
  matches(info: ModemInfo): boolean;
}

const VID_PID = /^([0-9a-f]{4}):([0-9a-f]{4})$/i;

/**
 * Finds the one modem meant. Without a selector: the only usable modem, whatever its state.
 *
 * A modem that is selected by name may be unusable: {@link requireTty} refuses it, for callers that need its tty.
 * @param selector null or empty: none was given
 * @throws ModemctlError NO_MODEM, AMBIGUOUS, UNUSABLE (no selector, and only modems without a tty are there; but see `forRepair`), USAGE (a path that is no serial device)
 */
export async function selectModem(selector: string | null, options: SelectOptions = {}): Promise<Target> {
  if (selector === '-') return { kind: 'stdio', info: null };
  const devices = await listModems({ ...options, all: true });
  try {
    return choose(selector, devices, options);
  } catch (error) {
    if (options.holders !== false) throw error;
    // The error tells what is there, and who has it.
    return choose(selector, await listModems({ ...options, all: true, holders: true }), options);
  }
}

function choose(selector: string | null, devices: readonly ModemInfo[], options: SelectOptions): Target {
  const { roots = systemRoots, forRepair = false, named, mayBeChosen = () => true } = options;
  if (selector === null || selector === '') {
    const free = devices.filter(mayBeChosen);
    const kept = devices.filter((info) => info.isModem && !free.includes(info));
    if (kept.length > 0 && !free.some(({ isModem }) => isModem)) throw onlyForbidden(kept);
    return { kind: 'modem', info: onlyUsable(free, forRepair) };
  }
  if (selector.includes('/')) return selectByPath(selector, devices, roots);
  return { kind: 'modem', info: selectByName(selector, devices, named) };
}

/** The modem that a selector names in the configuration, where it is nothing that goes before such a name: an id and VID:PID do. */
export function namedBy(
  selector: string,
  devices: readonly ModemInfo[],
  named: SelectOptions['named'],
): NamedModem | null {
  const isName = !isPortPath(selector) && !VID_PID.test(selector) && devices.every((info) => info.id !== selector);
  return isName ? (named?.(selector) ?? null) : null;
}

/** The devices that a selector means now, none or several, for who waits for them to come. Here it may be the path of a tty that is not there yet. */
export function matching(selector: string, devices: readonly ModemInfo[]): readonly ModemInfo[] {
  if (selector.includes('/')) {
    const real = realPath(selector);
    return devices.filter((info) => info.tty !== null && realPath(info.tty) === real);
  }
  const byId = devices.filter((info) => info.id === selector);
  if (byId.length > 0 || isPortPath(selector)) return byId;
  const ids = VID_PID.exec(selector);
  if (ids) {
    const [vendorId, productId] = [ids[1]!.toLowerCase(), ids[2]!.toLowerCase()];
    return devices.filter((info) => info.vendorId === vendorId && info.productId === productId);
  }
  const wanted = selector.toLowerCase();
  const bySerial = devices.filter((info) => info.serial?.toLowerCase() === wanted);
  if (bySerial.length > 0) return bySerial;
  // Modems first: a part of a name must not find an Arduino while a modem answers to it.
  const named = devices.filter((info) => namesOf(info).some((name) => name.toLowerCase().includes(wanted)));
  const modems = named.filter((info) => info.isModem);
  return modems.length > 0 ? modems : named;
}

/**
 * The modem's tty, for callers that cannot do without.
 * @throws ModemctlError UNUSABLE with reason and remedy
 */
export function requireTty(info: ModemInfo): string {
  if (!info.usable || info.tty === null) throw unusable(info);
  return info.tty;
}

function onlyUsable(devices: readonly ModemInfo[], forRepair: boolean): ModemInfo {
  const modems = devices.filter((info) => info.isModem);
  const usable = modems.filter((info) => info.usable);
  if (usable.length === 1) return usable[0]!;
  if (usable.length > 1) throw ambiguous(null, usable);
  const curable = modems.filter((info) => info.state !== 'softmodem');
  if (forRepair && curable.length === 1) return curable[0]!;
  if (forRepair && curable.length > 1) throw ambiguous(null, curable);
  // Of several, one that can be cured is more worth telling than a winmodem.
  const told = curable[0] ?? modems[0];
  if (told) throw unusable(told, modems);
  throw noModem('no modem found', devices);
}

function selectByName(selector: string, devices: readonly ModemInfo[], named: SelectOptions['named']): ModemInfo {
  const configured = namedBy(selector, devices, named);
  if (!configured) return one(selector, matching(selector, devices), devices);
  const matches = devices.filter((info) => configured.matches(info));
  if (matches.length === 0) throw noModem(`${selector} (${configured.describe}) is not plugged in`, devices);
  return one(selector, matches, devices);
}

function namesOf(info: ModemInfo): string[] {
  const own = `${info.manufacturer ?? ''} ${info.product ?? ''}`.trim();
  return [info.model, own, info.id, ...(info.row?.aliases ?? [])];
}

function one(selector: string, matches: readonly ModemInfo[], devices: readonly ModemInfo[]): ModemInfo {
  if (matches.length > 1)
    throw ambiguous(
      selector,
      [...matches].sort((a, b) => compareIds(a.id, b.id)),
    );
  const [only] = matches;
  if (!only)
    throw noModem(
      isPortPath(selector) ? `no modem at USB port ${selector}` : `no modem matches "${selector}"`,
      devices,
    );
  return only;
}

function selectByPath(path: string, devices: readonly ModemInfo[], roots: SystemRoots): Target {
  let real: string;
  let stat: Stats;
  try {
    real = realpathSync(path);
    stat = statSync(real);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES') {
      const hint = 'It is in a folder of another user. What is there for you: modemctl detect';
      throw new ModemctlError('DENIED', `no right to look at ${path}`, { hint, details: { path } });
    }
    throw noModem(`${path} does not exist`, devices);
  }
  const info = devices.find((candidate) => candidate.tty !== null && realPath(candidate.tty) === real);
  if (info) return { kind: 'modem', info };
  const wrong = whyNoSerialDevice(stat, roots);
  if (wrong !== null) {
    const hint = whatIsThere(devices.filter((info) => info.isModem));
    throw new ModemctlError('USAGE', `${path} is ${wrong}, not a serial device`, { hint, details: { path } });
  }
  return { kind: 'tty', tty: real, info: null };
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
