/**
 * What has to be switched off for the device at a port to lose its power, and what else loses it. Whether a hub switches each port by itself stands in its hub descriptor, which sysfs does not show, and many
 * hubs lie about it; so a hub counts as one switch unless something better is known.
 */
import type { SystemRoots } from '../../core/system-roots.ts';
import { gangOf, piModel } from '../pi-board.ts';
import { listUsbDevices } from '../sysfs.ts';
import { type HubPort, hubPort, hubPortAt, isAtOrBelow, isBelowHub, peerOf, portsOf } from './hub-ports.ts';

export interface PowerSwitch {
  /** To be switched off and on together; none: it cannot be switched. */
  readonly ports: readonly HubPort[];
  /** Port paths of the devices that lose power beside the one meant, or may. */
  readonly others: readonly string[];
}

/** USB 2.0 class of a hub. */
const HUB_CLASS = 0x09;

/**
 * @param eachByItself the hub is known to switch each of its ports by itself; never believed of a Raspberry Pi's own
 */
export function powerSwitchOf(path: string, roots: SystemRoots, eachByItself: boolean): PowerSwitch {
  const own = hubPortAt(path, roots);
  const gang = boardGang(own, roots);
  if (gang) return { ports: gang.ports, others: others(path, roots, (port) => gang.feeds(port)) };
  const peer = peerOf(own, roots);
  const ports = peer ? [own, peer] : [own];
  const feeds = (port: string) =>
    ports.some((switched) => (eachByItself ? isAtOrBelow(port, switched.path) : isBelowHub(port, switched.hub)));
  return { ports, others: others(path, roots, feeds) };
}

function others(path: string, roots: SystemRoots, feeds: (port: string) => boolean): string[] {
  return listUsbDevices(roots)
    .filter(({ port, deviceClass }) => deviceClass !== HUB_CLASS && !isAtOrBelow(port, path) && feeds(port))
    .map(({ port }) => port);
}

interface BoardGang {
  readonly ports: readonly HubPort[];
  readonly feeds: (port: string) => boolean;
}

/** Null: no Pi, or the port is one of a hub that was plugged in. */
function boardGang(own: HubPort, roots: SystemRoots): BoardGang | null {
  const model = piModel(roots);
  if (model === null) return null;
  const { hubs } = gangOf(model);
  // On a 3B+ two of the sockets are on a second hub, 1-1.1.
  const isOnBoard = (hub: string) => hub.startsWith('usb') || hub === '1-1' || hub === '1-1.1';
  if (!isOnBoard(own.hub)) return null;
  const ports = hubs.flatMap(({ hub, ports: numbers }) =>
    numbers === 'all' ? portsOf(hub, roots) : numbers.map((number) => hubPort(hub, number, roots)),
  );
  return { ports, feeds: (port) => hubs.some(({ hub }) => isBelowHub(port, hub)) };
}
