/** Virtual modems on PTYs, as their registry tells them. */
import { type SystemRoots, systemRoots } from '../core/system-roots.ts';
import type { VirtualRegistration } from '../core/virtual-registry.ts';
import { findHoldersOf } from '../tty/holders.ts';
import { cleanString } from './attribute.ts';
import { lookUpModem } from './catalogue/catalogue.ts';
import { modelName } from './model-name.ts';
import type { ModemInfo } from './modem-info.ts';
import { judgeTty, SOFTMODEM_REASON, SOFTMODEM_REMEDY, type StateVerdict } from './modem-state.ts';
import { readTtyFacts } from './tty-facts.ts';

/** Describes registered virtual modems; one that is unplugged just now is not there. */
export function describeVirtual(
  registrations: readonly VirtualRegistration[],
  options: { readonly roots?: SystemRoots; readonly holders?: boolean },
): ModemInfo[] {
  const { roots = systemRoots } = options;
  const plugged = registrations.filter((entry) => entry.plugged);
  const ttys = plugged.map((entry) => entry.tty).filter((tty) => tty !== null);
  // The process that plays the modem may keep the slave open so that the PTY lives on: it is the modem, not somebody who uses it.
  const holders = findHoldersOf(options.holders === false ? [] : ttys, {
    roots,
    exclude: plugged.map((entry) => entry.pid),
  });
  return plugged.map((entry) => {
    const row = lookUpModem(entry.vendorId, entry.productId);
    const heldBy = (entry.tty !== null && holders.get(entry.tty)) || [];
    const tty = entry.tty === null ? null : readTtyFacts(entry.tty, roots);
    const usable = tty !== null && tty.access !== 'missing';
    const kind = row?.kind ?? 'unknown';
    const { manufacturer, product, serial } = entry;
    const strings = { manufacturer: shown(manufacturer), product: shown(product), serial: shown(serial) };
    const verdict: StateVerdict = usable ? judgeTty(tty, heldBy) : virtualWithoutTty(kind);
    return {
      id: entry.name,
      vendorId: entry.vendorId,
      productId: entry.productId,
      ...strings,
      model: modelName(row, strings, entry),
      kind,
      usable,
      ...verdict,
      tty: entry.tty,
      driver: null,
      bus: null,
      address: null,
      heldBy,
      virtual: true,
      isModem: true,
      row,
      plugging: `${entry.pid}:${entry.pluggings}`,
      suspect: false,
      sysfsPath: null,
      interfaceName: null,
      usbfsNode: null,
      control: entry.control,
    };
  });
}

/** As a device's own strings are: whoever wrote the registration may have put anything there. */
function shown(text: string | null): string | null {
  return text === null ? null : cleanString(text);
}

function virtualWithoutTty(kind: string): StateVerdict {
  return kind === 'softmodem'
    ? { state: 'softmodem', reason: SOFTMODEM_REASON, remedy: SOFTMODEM_REMEDY }
    : { state: 'no-tty', reason: 'this virtual modem has no tty just now', remedy: null };
}
