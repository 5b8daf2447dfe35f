/** One modem as modemctl sees it: the fields that `detect --json` promises, and beside them what only the inside needs. */
import type { CatalogueRow, ModemKind } from './catalogue/row.ts';
import type { ModemState } from './modem-state.ts';

/** A process that has the modem's tty. */
export interface HeldBy {
  readonly pid: number;
  readonly command: string;
}

/** The fields of `detect --json`. They are API. */
export interface ModemInfoJson {
  /** USB port path (`1-1.2`), or a virtual modem's name. */
  readonly id: string;
  /** Four lower-case hex digits. */
  readonly vendorId: string;
  readonly productId: string;
  /** The device's own strings; null where it has none or did not answer. */
  readonly manufacturer: string | null;
  readonly product: string | null;
  readonly serial: string | null;
  /** What is on the box, or what the device calls itself. */
  readonly model: string;
  readonly kind: ModemKind;
  /** Linux gave it a tty. */
  readonly usable: boolean;
  readonly state: ModemState;
  /** Null when ready, else why not, in words. */
  readonly reason: string | null;
  readonly tty: string | null;
  readonly driver: string | null;
  /** USB bus and address; null for a virtual modem. */
  readonly bus: number | null;
  readonly address: number | null;
  readonly heldBy: readonly HeldBy[];
  readonly virtual: boolean;
}

/** What the inside needs. */
export interface ModemInfo extends ModemInfoJson {
  /** False for a device that only `--all` shows: it is spoken to only when named. */
  readonly isModem: boolean;
  /** What to do about `reason`: a command that can be pasted, or a sentence. */
  readonly remedy: string | null;
  readonly row: CatalogueRow | null;
  /** Which plugging in it is: another one after each, at the same port; null while a reset lasts, when nobody can tell. */
  readonly plugging: string | null;
  /** True: it did not give its strings in time, so something is wrong with it; only lock-free attributes may be read. */
  readonly suspect: boolean;
  /** Folder in sysfs; null for a virtual modem. */
  readonly sysfsPath: string | null;
  /** The interface that has the tty, or should have it: `1-1:2.0`. */
  readonly interfaceName: string | null;
  /** `/dev/bus/usb/001/004`, as of now: it changes with every replug. Null for a virtual modem. */
  readonly usbfsNode: string | null;
  /** A virtual modem's control socket. */
  readonly control: string | null;
}

/** The contract's view: these fields and no others, in this order. */
export function toJson(info: ModemInfo): ModemInfoJson {
  return {
    id: info.id,
    vendorId: info.vendorId,
    productId: info.productId,
    manufacturer: info.manufacturer,
    product: info.product,
    serial: info.serial,
    model: info.model,
    kind: info.kind,
    usable: info.usable,
    state: info.state,
    reason: info.reason,
    tty: info.tty,
    driver: info.driver,
    bus: info.bus,
    address: info.address,
    heldBy: info.heldBy.map(({ pid, command }) => ({ pid, command })),
    virtual: info.virtual,
  };
}

/** Orders ids as people count: `1-2` before `1-10`. */
export function compareIds(a: string, b: string): number {
  const left = a.match(/\d+|\D+/g) ?? [];
  const right = b.match(/\d+|\D+/g) ?? [];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const difference = Number(left[at]) - Number(right[at]);
    if (difference) return difference;
    if (Number.isNaN(difference) && left[at] !== right[at]) return left[at]! < right[at]! ? -1 : 1;
  }
  return left.length - right.length;
}
