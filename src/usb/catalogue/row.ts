/** The shape of the catalogue. Device knowledge is data: code asks for a family or a quirk, never for a model. */

/** Modems of one chip family speak alike: texts, result codes, init. Null where nobody wrote it down. */
export type ChipFamily =
  /** Agere/LSI OCM controller, in the USR5637. */
  | 'usr5637'
  /** Conexant CX930xx controller (ACF). */
  | 'conexant'
  /** Lucent/Agere controllers (Multi-Tech, Atlas): result codes as the USR5637's. */
  | 'lucent'
  /** Agere's softmodem. */
  | 'agere'
  /** Conexant HSF, HCF: the controller's or the whole work is the host's. */
  | 'conexant-soft'
  /** SmartLink on ST7554. */
  | 'smartlink'
  /** Motorola SM56. */
  | 'sm56';

/** `controller`: does its work itself. `softmodem`: left it to a Windows driver. `unknown`: nobody reported. */
export type ModemKind = 'controller' | 'softmodem' | 'unknown';

/** Facts that change what is to be done with a modem. */
export type ModemQuirk =
  /** `iSerialNumber` is one constant for all units: serial and by-id link do not tell two apart. */
  | 'constant-serial'
  /** Draws more than 100 mA: a port of an unpowered hub refuses it. */
  | 'hungry'
  /** +VCID and the like are gone after ATZ, whatever &W stored. */
  | 'atz-clears-caller-id'
  /** Voice (+FCLASS=8) from firmware 1.2.21 on. */
  | 'voice-needs-1.2.21'
  /** Does not go off hook while a RING burst lasts. */
  | 'no-answer-during-ring'
  /** Caller ID needs a long initialisation (AT-SCID=1;+VCID=1;-STE=3) on some units. */
  | 'long-caller-id-init'
  /** No caller ID until +GCI names the country, in some batches. */
  | 'caller-id-needs-country'
  /** Reported to wedge after some calls so that only a replug helps. */
  | 'wedges'
  /** Its driver loads firmware into it; without that file it gets no tty. */
  | 'needs-firmware'
  /** An ISDN adapter: no telephone line. */
  | 'isdn';

export interface CatalogueRow {
  /** Null: known by name only, its USB id was never published. */
  readonly vendorId: string | null;
  readonly productId: string | null;
  /** What is on the box. */
  readonly model: string;
  readonly aliases: readonly string[];
  readonly chip: string | null;
  readonly family: ChipFamily | null;
  readonly kind: ModemKind;
  /** The kernel's module that drives it; null when none does, or none is known to. */
  readonly driver: 'cdc_acm' | 'ti_usb_3410_5052' | 'io_edgeport' | null;
  readonly quirks: readonly ModemQuirk[];
  /** Can it fax (classes), talk (V.253), show callers? Null: nobody reported. */
  readonly fax: readonly string[] | null;
  readonly voice: boolean | null;
  readonly callerId: boolean | null;
  /** How sure identity and driver are. */
  readonly confidence: 'high' | 'medium' | 'low';
  readonly sources: readonly string[];
}

/** A row is written as what it has beyond nothing known. */
export type RowFacts = Partial<Omit<CatalogueRow, 'vendorId' | 'productId' | 'model'>>;

/**
 * Makes a row.
 * @param ids `0baf:0303`, or null
 */
export function row(ids: string | null, model: string, facts: RowFacts): CatalogueRow {
  const [vendorId, productId] = ids === null ? [null, null] : (ids.split(':') as [string, string]);
  return {
    vendorId,
    productId,
    model,
    aliases: [],
    chip: null,
    family: null,
    kind: 'unknown',
    driver: null,
    quirks: [],
    fax: null,
    voice: null,
    callerId: null,
    confidence: 'low',
    sources: [USB_IDS],
    ...facts,
  };
}

export const USB_IDS = 'usb.ids 2025.07.26 (linux-usb.org/usb.ids)';
export const ACM_RST = 'torvalds/linux Documentation/usb/acm.rst';
export const CDC_ACM_C = 'torvalds/linux drivers/usb/class/cdc-acm.c (acm_ids, 6.12)';
export const DGCMODEM = 'Linuxant dgcmodem 1.13 (2010), id list';
