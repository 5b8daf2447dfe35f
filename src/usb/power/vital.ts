/** What this machine cannot do without, as far as it hangs on USB: disks that are mounted, and the network that leads here. */
import { realpathSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { SystemRoots } from '../../core/system-roots.ts';
import { printable } from '../../core/text.ts';
import { listFolder, readBytes } from '../attribute.ts';
import { isPortPath } from '../sysfs.ts';

export interface Vital {
  /** In words: `the root disk`. */
  readonly what: string;
  /** Port paths of the device and of the hubs above it. */
  readonly ports: readonly string[];
}

export interface VitalWorld {
  readonly roots: SystemRoots;
  readonly env: NodeJS.ProcessEnv;
  /** Addresses of the network interfaces, by name; the machine's by default. */
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
}

/** Files of /proc are bounded as everything is. */
const MAX_FILE = 1024 * 1024;
/** Logical volumes on encrypted disks on RAID: more storeys nobody builds. */
const MAX_STOREYS = 6;
/** sudo, shells and the like between us and sshd. */
const MAX_PARENTS = 30;

/** Whatever cannot be read counts as absent; nothing throws. */
export function vitalThings(world: VitalWorld): Vital[] {
  return [...disks(world.roots), ...waysIn(world)].filter(({ ports }) => ports.length > 0);
}

function disks(roots: SystemRoots): Vital[] {
  const mounts = linesOf(join(roots.proc, 'self/mountinfo')).map((line) => mountOf(line, roots));
  const swaps = linesOf(join(roots.proc, 'swaps')).map((line): Vital => {
    const [device = ''] = line.split(/\s+/);
    return { what: 'swap', ports: portsBelowDisk(blockFolder(device, roots)) };
  });
  return [...mounts.filter((mount) => mount !== null), ...swaps];
}

/** A line of /proc/self/mountinfo, proc_pid_mountinfo(5). */
function mountOf(line: string, roots: SystemRoots): Vital | null {
  const [front = '', back = ''] = line.split(' - ');
  const [, , number = '', , point = ''] = front.split(' ');
  const [, source = ''] = back.split(' ');
  if (point === '') return null;
  // btrfs has a device number of its own, which is no disk's.
  const own = join(roots.sys, 'dev/block', /^\d+:\d+$/.test(number) ? number : '0:0');
  const ports = portsBelowDisk(own);
  const what = point === '/' ? 'the root disk' : `the disk that is mounted at ${printable(point)}`;
  return { what, ports: ports.length > 0 ? ports : portsBelowDisk(blockFolder(source, roots)) };
}

function blockFolder(device: string, roots: SystemRoots): string {
  const real = realPath(device.startsWith('/dev/') ? join(roots.dev, device.slice('/dev/'.length)) : device);
  return join(roots.sys, 'class/block', (real ?? device).split('/').at(-1) || '-');
}

/** The USB ports that a block device hangs on, itself or what it is made of. */
function portsBelowDisk(folder: string, storeys = MAX_STOREYS): string[] {
  const real = realPath(folder);
  if (real === null || storeys === 0) return [];
  const made = listFolder(join(real, 'slaves')).flatMap((name) =>
    portsBelowDisk(join(real, 'slaves', name), storeys - 1),
  );
  return [...portsIn(real), ...made];
}

function waysIn({ roots, env, addresses = machineAddresses() }: VitalWorld): Vital[] {
  const routes = [...defaultRoutes4(roots), ...defaultRoutes6(roots)];
  const found = [...new Set(routes)].map(
    (name): Vital => ({ what: `the network by ${printable(name)}`, ports: portsBelowInterface(name, roots) }),
  );
  const address = sshAddress(env, roots);
  const carrier = Object.entries(addresses).find(([, own]) => address !== null && own.includes(address))?.[0];
  if (carrier === undefined || routes.includes(carrier)) return found;
  const what = `the network by ${printable(carrier)}, which carries your ssh session`;
  return [...found, { what, ports: portsBelowInterface(carrier, roots) }];
}

/** Interface, destination, ..., mask (the eighth): zeros for both are the default route. */
function defaultRoutes4(roots: SystemRoots): string[] {
  return linesOf(join(roots.proc, 'net/route'))
    .map((line) => line.split(/\s+/))
    .filter((field) => field[1] === '00000000' && field[7] === '00000000')
    .map(([name = '']) => name);
}

/** Destination, its prefix length, ..., interface (the last). */
function defaultRoutes6(roots: SystemRoots): string[] {
  return linesOf(join(roots.proc, 'net/ipv6_route'))
    .map((line) => line.trim().split(/\s+/))
    .filter((field) => /^0{32}$/.test(field[0] ?? '') && field[1] === '00' && field.at(-1) !== 'lo')
    .map((field) => field.at(-1) ?? '');
}

/** A bridge or a VLAN has the interfaces it is made of as links `lower_NAME`. */
function portsBelowInterface(name: string, roots: SystemRoots, storeys = MAX_STOREYS): string[] {
  const real = name.includes('/') ? null : realPath(join(roots.sys, 'class/net', name));
  if (real === null || storeys === 0) return [];
  const lower = listFolder(real).filter((entry) => entry.startsWith('lower_'));
  return [
    ...portsIn(real),
    ...lower.flatMap((entry) => portsBelowInterface(entry.slice('lower_'.length), roots, storeys - 1)),
  ];
}

/** Our own address of the ssh session we run in. sudo takes SSH_CONNECTION away; those above us still have it. */
function sshAddress(env: NodeJS.ProcessEnv, roots: SystemRoots): string | null {
  let connection = env.SSH_CONNECTION;
  let pid = process.ppid;
  for (let count = 0; connection === undefined && pid > 1 && count < MAX_PARENTS; count++) {
    const folder = join(roots.proc, String(pid));
    const entries = readBytes(join(folder, 'environ'), MAX_FILE)?.toString('latin1').split('\0') ?? [];
    connection = entries.find((entry) => entry.startsWith('SSH_CONNECTION='))?.slice('SSH_CONNECTION='.length);
    // The command's name, in brackets, may hold anything.
    const stat = readBytes(join(folder, 'stat'), 4096)?.toString('latin1') ?? '';
    pid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) || 0;
  }
  return connection?.split(' ')[2] ?? null;
}

function machineAddresses(): Record<string, string[]> {
  const all = Object.entries(networkInterfaces());
  return Object.fromEntries(all.map(([name, own]) => [name, (own ?? []).map(({ address }) => address)]));
}

function portsIn(path: string): string[] {
  return path.split('/').filter(isPortPath);
}

function linesOf(path: string): string[] {
  return readBytes(path, MAX_FILE)?.toString('utf8').split('\n').filter(Boolean) ?? [];
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
