/** What a key of the configuration is, as data: the checks, `config show`, the example and the reference are made of it. */

/** `ports`, `texts`: a list of texts, or one text alone. A duration is a text (`30s`) or a number of seconds. */
export type Kind = 'text' | 'texts' | 'whole' | 'duration' | 'flag' | 'choice';

export interface KeySpec {
  /** `retry_delay` */
  readonly key: string;
  readonly kind: Kind;
  readonly describe: string;
  /** The option that it feeds, by its camel-case name; none: it has a meaning of its own. */
  readonly option?: string;
  /** What holds where nothing is said, in words. */
  readonly default?: string;
  /** A line of the example, as TOML. */
  readonly example: string;
  readonly choices?: readonly string[];
  /** Of a whole number; of a duration in ms. */
  readonly min?: number;
  readonly max?: number;
  /** What a text, or each of a list, must look like; the words complete "... is no". */
  readonly form?: { readonly pattern: RegExp; readonly name: string };
  /** A command to be run: not taken from a file that others may write. */
  readonly runs?: boolean;
  /** It means something only where power may be switched, or where the call is PPP. */
  readonly onlyWith?: 'power' | 'ppp';
  /** Not shown unless asked. */
  readonly secret?: boolean;
  /** Options that say otherwise: where one of them is given, this key is left out. */
  readonly unless?: readonly string[];
}

export interface SectionSpec {
  /** `dial`; empty: the top of the file. */
  readonly name: string;
  /** Of sections with names, `[modem.NAME]`. */
  readonly named: boolean;
  readonly describe: string;
  readonly keys: readonly KeySpec[];
}
