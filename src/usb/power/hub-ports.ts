/** Ports of hubs as sysfs has them: `1-1:1.0/1-1-port2` of a hub, `1-0:1.0/usb1-port2` of a root hub. They are there whether a device is plugged in or not. */
import { realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { SystemRoots } from '../../core/system-roots.ts';
import { listFolder } from '../attribute.ts';

export interface HubPort {
  /** Port path of the hub, or a root hub's name, `usb1`. */
  readonly hub: string;
  readonly number: number;
  /** Port path of what is plugged in there. */
  readonly path: string;
  /** Its folder in sysfs; null where there is none. */
  readonly folder: string | null;
}

/** The port of a hub that a port path ends in. */
export function hubPortAt(path: string, roots: SystemRoots): HubPort {
  const dot = path.lastIndexOf('.');
  const dash = path.indexOf('-');
  const hub = dot < 0 ? `usb${path.slice(0, dash)}` : path.slice(0, dot);
  return hubPort(hub, Number(path.slice((dot < 0 ? dash : dot) + 1)), roots);
}

/** Every port of a hub that sysfs knows. */
export function portsOf(hub: string, roots: SystemRoots): HubPort[] {
  const name = `${hub}-port`;
  return interfacesOf(hub, roots)
    .flatMap((face) => listFolder(face))
    .filter((entry) => entry.startsWith(name) && /^\d+$/.test(entry.slice(name.length)))
    .map((entry) => hubPort(hub, Number(entry.slice(name.length)), roots));
}

export function hubPort(hub: string, number: number, roots: SystemRoots): HubPort {
  const path = hub.startsWith('usb') ? `${hub.slice(3)}-${number}` : `${hub}.${number}`;
  const name = `${hub}-port${number}`;
  const face = interfacesOf(hub, roots).find((candidate) => listFolder(candidate).includes(name));
  return { hub, number, path, folder: face === undefined ? null : join(face, name) };
}

/** The other half of a USB 3 socket, which has wires for USB 2 on one hub and for SuperSpeed on another; both feed it. Null: it has no other half. */
export function peerOf({ folder }: HubPort, roots: SystemRoots): HubPort | null {
  if (folder === null) return null;
  try {
    const [, hub, number] = /^(.+)-port(\d+)$/.exec(basename(realpathSync(join(folder, 'peer')))) ?? [];
    return hub === undefined ? null : hubPort(hub, Number(number), roots);
  } catch {
    return null;
  }
}

/** Whether a device with this port path hangs on the hub, directly or not. */
export function isBelowHub(path: string, hub: string): boolean {
  return path.startsWith(hub.startsWith('usb') ? `${hub.slice(3)}-` : `${hub}.`);
}

/** Whether a device with this port path is plugged into the port `place`, directly or not. */
export function isAtOrBelow(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}.`);
}

/** A hub has one interface, in whatever configuration. */
function interfacesOf(hub: string, roots: SystemRoots): string[] {
  const devices = join(roots.sys, 'bus/usb/devices');
  const start = hub.startsWith('usb') ? `${hub.slice(3)}-0:` : `${hub}:`;
  return listFolder(devices)
    .filter((name) => name.startsWith(start))
    .map((name) => join(devices, name));
}
