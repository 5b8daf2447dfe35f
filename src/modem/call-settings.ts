/** What a call is to be like, in words, made into the commands of a chip family. */
import { type Modulation, modulationFor, ratesOf } from '../at/modulation.ts';
import { ModemctlError } from '../core/errors.ts';
import type { CallCommands } from './families/call-commands.ts';
import { CALLER_ID_ITEM } from './families/common.ts';
import { ANY, CALLS, type ChipFamily, type InitItem } from './families/family.ts';

/** Each left out: as the modem has it after its initialisation. */
export interface CallOptions {
  /** Dials without waiting for a dial tone, as PBXs, VoIP adapters and line simulators need. */
  readonly blind?: boolean | undefined;
  /** Bits a second on the telephone line, 300 to 56000. */
  readonly maxSpeed?: number | undefined;
  /** This modulation and no other. */
  readonly modulation?: Modulation | undefined;
  /** False: neither V.42 nor MNP, and so no compression. */
  readonly errorControl?: false | undefined;
  /** False: neither V.42bis, V.44 nor MNP5. */
  readonly compression?: false | undefined;
  readonly speaker?: 'off' | 'untilCarrier' | 'on' | undefined;
  /** 0 (low) to 3 (high). */
  readonly volume?: number | undefined;
  /** How long to wait for a carrier, in ms; the modem counts whole seconds, 1 to 255 (S7, V.250 6.3.10). */
  readonly carrierWaitMs?: number | undefined;
  /** Caller ID on; `long` for modems with the quirk `long-caller-id-init`. */
  readonly callerId?: boolean | 'long' | undefined;
  /** The far end cannot bring the modem to command state: no escape sequence works (S2 above 127), and DTR alone hangs up. */
  readonly noEscape?: boolean | undefined;
}

/** V.250 6.3.13 and 6.3.14; both families take them, and a modem without a speaker may refuse. */
const SPEAKER: Readonly<Record<NonNullable<CallOptions['speaker']>, readonly [string, string]>> = {
  off: ['M0', 'speaker off'],
  untilCarrier: ['M1', 'speaker on until the carrier comes'],
  on: ['M2', 'speaker on'],
};

/**
 * What can be told of the options without knowing the modem.
 * @throws ModemctlError USAGE: out of range, or not to be had together
 */
export function checkCallOptions({ maxSpeed, modulation, volume, carrierWaitMs }: CallOptions): void {
  if (maxSpeed !== undefined && !(Number.isInteger(maxSpeed) && maxSpeed >= 300 && maxSpeed <= 56_000)) {
    throw usage('the highest speed is 300 to 56000 bit/s');
  }
  const slowest = modulation === undefined ? 0 : ratesOf(modulation).min;
  if (maxSpeed !== undefined && maxSpeed < slowest) {
    throw usage(`${modulation} has no rate below ${slowest} bit/s; ask for another modulation, or for more speed`);
  }
  if (volume !== undefined && ![0, 1, 2, 3].includes(volume)) {
    throw usage('the volume of the speaker is 0, 1, 2 or 3');
  }
  if (carrierWaitMs !== undefined && !(carrierWaitMs > 0 && carrierWaitMs <= 255_000)) {
    throw usage('a modem waits 1 to 255 s for a carrier');
  }
}

/**
 * The items to send after those of the family, in this order. What the user asked for is required; what only pleases the ear is not.
 * @throws ModemctlError USAGE, as {@link checkCallOptions}, or the modem has no such modulation
 */
export function callSettings({ call, name }: ChipFamily, options: CallOptions): InitItem[] {
  checkCallOptions(options);
  const items: InitItem[] = [];
  const need = (command: string, sets: string) => items.push({ command, sets, neededFor: CALLS, wishedFor: [] });
  const wish = (command: string, sets: string) => items.push({ command, sets, neededFor: [], wishedFor: CALLS });
  if (options.blind) need(call.blind, 'dials without a dial tone');
  const { maxSpeed, modulation } = options;
  if (maxSpeed !== undefined || modulation !== undefined) items.push(carrierItem(call, name, maxSpeed, modulation));
  if (options.errorControl === false) need(call.noErrorControl, 'no error correction');
  else if (options.compression === false) need(call.noCompression, 'no compression');
  if (options.speaker) wish(...SPEAKER[options.speaker]);
  if (options.volume !== undefined) wish(`L${options.volume}`, `speaker volume ${options.volume}`);
  if (options.carrierWaitMs !== undefined) {
    const seconds = Math.ceil(options.carrierWaitMs / 1000);
    need(`S7=${seconds}`, `waits ${seconds} s for a carrier`);
  }
  if (options.callerId === 'long') items.push(...longCallerId(call));
  else if (options.callerId) items.push({ ...CALLER_ID_ITEM, neededFor: ANY, wishedFor: [] });
  if (options.noEscape) need('S2=255', 'no escape sequence');
  return items;
}

/** V.250 6.4.1: carrier, automode, then lowest and highest rate sent and received. */
function carrierItem(call: CallCommands, family: string, maxSpeed?: number, modulation?: Modulation): InitItem {
  const wanted = modulation ?? modulationFor(maxSpeed ?? 56_000);
  const carrier = call.carriers[wanted];
  if (carrier === undefined) throw usage(`${wanted} has no name that this modem (${family}) is known to take`);
  const rates = ratesOf(wanted);
  const automode = modulation === undefined ? 1 : 0;
  const base = `+MS=${carrier},${automode}`;
  const sets = [modulation && `${wanted} only`, maxSpeed && `at most ${maxSpeed} bit/s`].filter(Boolean).join(', ');
  if (maxSpeed === undefined) return { command: base, sets, neededFor: CALLS, wishedFor: [] };
  const received = Math.min(maxSpeed, rates.max);
  const sent = Math.min(maxSpeed, rates.maxSent, call.highestSent);
  const command = `${base},${call.lowestRate},${sent},${call.lowestRate},${received}`;
  return { command, sets, neededFor: CALLS, wishedFor: [] };
}

function longCallerId({ longCallerId: commands }: CallCommands): InitItem[] {
  return [...new Set([...commands, CALLER_ID_ITEM.command])].map((command) => {
    const isIt = command === CALLER_ID_ITEM.command;
    return { command, sets: 'caller ID', neededFor: isIt ? ANY : [], wishedFor: isIt ? [] : ANY };
  });
}

function usage(message: string): ModemctlError {
  return new ModemctlError('USAGE', message);
}
