/**
 * What one modem on the market is, as data: its USB identity and, if it has a controller, the dialect of AT it speaks. Everything here is copied from recorded facts (manuals, logs, `lsusb -v` dumps);
 * nothing is a guess at what a client would like to hear. No code branches on a model's name.
 */

/** A string descriptor: its index on the device and its text. */
export interface UsbString {
  readonly index: number;
  readonly text: string;
}

/** The device descriptor's facts. */
export interface UsbIdentity {
  readonly vendorId: number;
  readonly productId: number;
  readonly speed: 'full' | 'high';
  /** bcdUSB and bcdDevice, as on the wire. */
  readonly bcdUsb: number;
  readonly bcdDevice: number;
  readonly manufacturer: UsbString | null;
  readonly product: UsbString | null;
  readonly serial: UsbString | null;
}

/** A setting command (`E`, `&C`, `\N`): the values it takes and the one it has after `&F`. */
export interface SettingSpec {
  readonly values: readonly number[];
  readonly factory: number;
}

/** An S-parameter: its factory value and, where the chip refuses some, its bounds. */
export interface RegisterSpec {
  readonly factory: number;
  readonly min?: number;
  readonly max?: number;
}

/**
 * An extended command. `test` is the answer to `=?` without the name; it also says what `=` takes: groups in brackets, in order, each a list of words, numbers or ranges. `value` is the answer to `?` after
 * a reset, absent where the chip has nothing to read. `text` is information text given for the bare command.
 */
export interface ExtendedSpec {
  readonly test?: string;
  readonly value?: string;
  readonly text?: readonly string[];
  /** False: the answers to `?` and `=?` come without `+NAME: ` before them (as the Conexant does throughout). */
  readonly prefixed?: boolean;
  /** False: not touched by `Z` and `&F`. */
  readonly volatile?: boolean;
}

/** A report composed of the modem's present state. */
export type ReportName = 'usr-settings' | 'usr-profiles' | 'conexant-profiles' | 'usr-link';

/** How `CONNECT` is decorated: by `&A` (USR) or by `W` with lines before it (Conexant). */
export type ConnectStyle = 'usr' | 'conexant';

/** The dialect of a modem with a controller. */
export interface Dialect {
  /** Characters of a command line's body that it takes; one more is ERROR (V.250 5.2.1 asks for 40). */
  readonly maxBody: number;
  readonly settings: Readonly<Record<string, SettingSpec>>;
  readonly registers: Readonly<Record<number, RegisterSpec>>;
  readonly extended: Readonly<Record<string, ExtendedSpec>>;
  /** Answers to `I0`, `I1` ...; an absent number is ERROR. */
  readonly identification: Readonly<Record<number, readonly string[] | ReportName>>;
  /** The answer to `&V`, where there is one. */
  readonly viewProfiles: ReportName | null;
  /** Which profile `Z0`, `Z1` ... load; null in the list: the one that Y names. */
  readonly reset: Readonly<Record<number, ProfileSource>>;
  /** What Y0, Y1 ... make `Z` and power-up load. */
  readonly powerUp: Readonly<Record<number, Exclude<ProfileSource, 'by-Y'>>>;
  /** Settings that `&F1`, `&F2` add to the factory's. */
  readonly factoryVariants: Readonly<Record<number, Readonly<Record<string, number>>>>;
  readonly connectStyle: ConnectStyle;
  /** Numeric form (V0) of `CONNECT n`, by n. */
  readonly connectCodes: Readonly<Record<number, number>>;
  /** Numeric form of the other result texts that the chips number differently. */
  readonly otherCodes: Readonly<Record<string, number>>;
  /** Between label and value of caller ID. */
  readonly callerIdSeparator: '=' | ' = ';
  /** Commands that switch caller ID on: the names of extended commands whose value counts. */
  readonly callerIdCommands: readonly string[];
  /** In voice class (+FCLASS=8) a ring is `<DLE>R` instead of RING. */
  readonly shieldedRing: boolean;
  /** `NO ANSWER` comes of `@` without a quiet answer (V.250 table 1), or of ringback until S7 is up. */
  readonly noAnswer: 'quiet-answer' | 'ringback';
  /** X values under which DELAYED and BLACKLISTED are said; elsewhere ERROR. */
  readonly refusalLevels: readonly number[];
  /** False: waits for the end of the ring burst before it goes off-hook (USR since firmware 1.2.10). */
  readonly offHookDuringRing: boolean;
  /** The S-parameter that counts how long it waits for a dial tone is S6, but never less than this. */
  readonly dialToneWaitMs: number;
}

/** Where a profile comes from. */
export type ProfileSource = 'by-Y' | 'stored-0' | 'stored-1' | 'factory-0' | 'factory-1' | 'factory-2';

/** One modem on the market. */
export interface ModemModel {
  /** What `--model` calls it. `[a-z0-9]+`. */
  readonly id: string;
  /** As on the box. */
  readonly name: string;
  readonly usb: UsbIdentity;
  /** Null: a winmodem; nothing answers AT and Linux gives it no tty. */
  readonly dialect: Dialect | null;
}

/** All whole numbers from `first` to `last`. */
export function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** A setting that takes 0 to `last`. */
export function upTo(last: number, factory: number): SettingSpec {
  return { values: range(0, last), factory };
}

/** Modulations of class 1 fax, the same on both families (T.31). */
export const FAX_RATES = '3,24,48,72,73,74,96,97,98,121,122,145,146';
