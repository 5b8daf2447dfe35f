/**
 * A chip family as data: how its modems are told by what they answer, what may be asked of them, and how the same wish is said to each. No code asks for a model; new modems are new rows.
 */
import type { CallCommands } from './call-commands.ts';

/** What an `init` is for. */
export type Purpose = 'dial' | 'answer' | 'callerId';

/** One thing to set. */
export interface InitItem {
  /** What goes after AT; several commands are several items, so that a refusal names the one. */
  readonly command: string;
  /** In words, for the report. */
  readonly sets: string;
  /** Without it the modem is not fit for these; empty for none. */
  readonly neededFor: readonly Purpose[];
  /** For these it is tried, and a refusal only reported. */
  readonly wishedFor: readonly Purpose[];
}

/** One of the commands that write the settings to the modem's own memory. */
export interface SaveItem {
  readonly command: string;
  readonly sets: string;
  /** False: a refusal is only reported. */
  readonly required: boolean;
}

/** All purposes. */
export const ANY: readonly Purpose[] = ['dial', 'answer', 'callerId'];
/** Those with a call. */
export const CALLS: readonly Purpose[] = ['dial', 'answer'];

/** A question that is safe on this chip, and what its answer is. */
export interface Inquiry {
  readonly command: string;
  readonly about: string;
}

/** What a firmware older than `below` cannot do. */
export interface FirmwareFault {
  readonly below: string;
  readonly fault: string;
}

export interface ChipFamily {
  readonly id: 'usr' | 'conexant' | 'generic';
  /** For people. */
  readonly name: string;
  /** Whole lines that ATI0 answers; empty: the family of all others. */
  readonly ati0: readonly string[];
  /** The command whose answer has the firmware's version, and where in it. */
  readonly firmware: { readonly command: string; readonly pattern: RegExp } | null;
  readonly firmwareFaults: readonly FirmwareFault[];
  /** Extended commands it has for sure: a question with `=?` or `?` does no harm. */
  readonly capabilities: readonly Inquiry[];
  /** Screens of its own: settings now, settings stored. */
  readonly screens: readonly Inquiry[];
  readonly init: readonly InitItem[];
  readonly call: CallCommands;
  /** What makes the settings last over ATZ and power-off. Sent when asked for only: the memory stands a limited number of writes. */
  readonly save: readonly SaveItem[];
  /** +GCI codes (ITU-T T.35) that are not the usual ones on this chip, by ISO 3166 code. */
  readonly countryCodes: Readonly<Record<string, string>>;
}
