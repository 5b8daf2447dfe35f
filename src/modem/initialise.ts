/** Brings a modem to a known state for a purpose, item by item, and tells which it refused. */
import type { AtCommand } from '../at/command-line.ts';
import { parseAtCommand } from '../at/command-line.ts';
import { ModemctlError } from '../core/errors.ts';
import { type CallOptions, callSettings } from './call-settings.ts';
import { COUNTRY_CODES, parseCountry } from './families/countries.ts';
import type { ChipFamily, InitItem, Purpose } from './families/family.ts';
import { familyByAti0 } from './families/index.ts';
import type { Session } from './session.ts';

export interface InitOptions {
  readonly purpose: Purpose;
  /** ISO 3166 code; undefined: the session's default, else the country is left as it is. */
  readonly country?: string | undefined;
  /** What the call is to be like. */
  readonly call?: CallOptions | undefined;
  /** Write the settings to the modem's own memory (&W). It stands some hundred thousand writes. */
  readonly save?: boolean | undefined;
  readonly onItem?: ((report: ItemReport) => void) | undefined;
}

export interface ItemReport {
  /** As sent, with AT. */
  readonly command: string;
  readonly sets: string;
  readonly required: boolean;
  /** `OK`, `ERROR`, ... */
  readonly result: string;
}

export interface InitReport {
  readonly family: ChipFamily;
  readonly items: readonly ItemReport[];
  /** False: an item that the purpose needs was refused. */
  readonly fit: boolean;
}

/** The chip family, by asking. */
export async function identify(session: Session): Promise<ChipFamily> {
  const answer = await askFor(session, parseAtCommand('ATI0'));
  return familyByAti0(answer.lines);
}

/**
 * @throws ModemctlError USAGE (no such country), NOT_RESPONDING, GONE
 */
export async function initialise(session: Session, options: InitOptions): Promise<InitReport> {
  const family = await identify(session);
  const items = [
    ...itemsFor(family, options.purpose),
    ...ownItems(session, options.purpose),
    ...countryItem(family, { ...options, country: options.country ?? session.defaults.country }),
    ...callSettings(family, callOptions(session, options)),
    ...(options.save ? saveItems(family, options.purpose) : []),
  ];
  const reports: ItemReport[] = [];
  for (const item of items) {
    const command = parseAtCommand(`AT${item.command}`);
    const { result } = await askFor(session, command);
    const required = item.neededFor.includes(options.purpose);
    const report = { command: command.line, sets: item.sets, required, result };
    reports.push(report);
    options.onItem?.(report);
    // Saving what is not as it should be would make the fault last.
    if (required && result !== 'OK') break;
  }
  const fit = !reports.some(({ required, result }) => required && result !== 'OK');
  return { family, items: reports, fit };
}

/** The items of a family for a purpose, in their order. */
export function itemsFor(family: ChipFamily, purpose: Purpose): InitItem[] {
  return family.init.filter((item) => item.neededFor.includes(purpose) || item.wishedFor.includes(purpose));
}

/** Some models want more than the usual command before they show who calls. */
function callOptions({ info }: Session, { purpose, call = {} }: InitOptions): CallOptions {
  const isLong = info?.row?.quirks.includes('long-caller-id-init') ?? false;
  return isLong && purpose !== 'dial' && call.callerId !== false ? { ...call, callerId: 'long' } : call;
}

/** What the user has set once and for all is as necessary as what we need. */
function ownItems({ defaults: { init = [] } }: Session, purpose: Purpose): InitItem[] {
  return init.map((text) => {
    const command = parseAtCommand(text).line.slice('AT'.length);
    return { command, sets: 'from your configuration', neededFor: [purpose], wishedFor: [] };
  });
}

function saveItems(family: ChipFamily, purpose: Purpose): InitItem[] {
  return family.save.map(({ command, sets, required }) => ({
    command,
    sets,
    neededFor: required ? [purpose] : [],
    wishedFor: [purpose],
  }));
}

function countryItem(family: ChipFamily, { country, purpose }: InitOptions): InitItem[] {
  if (country === undefined) return [];
  const iso = parseCountry(country);
  const code = family.countryCodes[iso] ?? COUNTRY_CODES[iso];
  return [{ command: `+GCI=${code}`, sets: `country ${iso}`, neededFor: [purpose], wishedFor: [] }];
}

/**
 * One question and its answer.
 * @throws ModemctlError NOT_RESPONDING, GONE
 */
export async function askFor(
  session: Session,
  command: AtCommand,
): Promise<{ lines: readonly string[]; result: string }> {
  const { lines, result } = await session.command(command);
  if (result) return { lines, result: result.text };
  throw new ModemctlError('NOT_RESPONDING', `${session.name} did not answer ${command.line}`, {
    hint: `Bring it back: modemctl reset -d ${session.id}`,
    details: { modem: session.id, command: command.line },
  });
}
