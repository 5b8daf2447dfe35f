/** What a service may not do, by what its calls are given to: as much is taken away as works, and no more. */

/** To whom the calls go, or what else is run. */
export type ServiceTask =
  /** The system's login: whoever logs in has this machine as at any other terminal. */
  | 'login'
  /** pppd, and the system's scripts for links. */
  | 'ppp'
  /** A program or hook of the user's. */
  | 'program'
  /** Nothing but modemctl itself. */
  | 'none';

export interface SandboxOptions {
  readonly task: ServiceTask;
  readonly isRoot: boolean;
  /** Forwards packets for callers: writes to /proc/sys. */
  readonly shares: boolean;
  /** Something that it runs, or writes, lies in /tmp or /var/tmp, so that it can have none of its own. */
  readonly usesTmp: boolean;
  /** Folders that it writes to. */
  readonly writes: readonly string[];
}

/** By number (Linux, Documentation/admin-guide/devices.txt): a name (char-ttyACM) counts only if its driver is loaded when the service starts, and with the modem unplugged it is not. */
const DEVICES = [
  '# ttyACM, ttyUSB, ttyS, and the modems as USB devices (for a reset).',
  ...[166, 188, 4, 189].map((major) => `DeviceAllow=char-${major} rw`),
];
const PPP_DEVICE = ['# /dev/ppp', 'DeviceAllow=char-108 rw'];

/** Holds for all that is not a login. Not MemoryDenyWriteExecute=: JavaScript is compiled as it runs. */
const COMMON = [
  'NoNewPrivileges=yes',
  'PrivateMounts=yes',
  'ProtectClock=yes',
  'ProtectControlGroups=yes',
  'ProtectHostname=yes',
  'ProtectKernelLogs=yes',
  'LockPersonality=yes',
  'RestrictNamespaces=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service',
  'SystemCallErrorNumber=EPERM',
  'DevicePolicy=closed',
  ...DEVICES,
];

/** The lines of [Service]. */
export function sandbox(options: SandboxOptions): string[] {
  const { task, isRoot, shares, usesTmp, writes } = options;
  // All of it would be handed down to whoever logs in: no sudo, a system that cannot be written.
  if (task === 'login') return ['# Nothing is taken away here: whoever logs in would be without it too.'];
  const lines = [...(usesTmp ? [] : ['PrivateTmp=yes']), ...COMMON];
  if (task === 'ppp') {
    lines.push(...PPP_DEVICE, 'ProtectSystem=yes', 'ProtectHome=read-only');
    lines.push('# For the link, its name servers, and the scripts in /etc/ppp.');
    lines.push(
      'CapabilityBoundingSet=CAP_NET_ADMIN CAP_NET_RAW CAP_NET_BIND_SERVICE CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER CAP_KILL CAP_SETGID CAP_SETUID CAP_SYS_PTRACE',
    );
    lines.push('RestrictAddressFamilies=AF_UNIX AF_NETLINK AF_INET AF_INET6 AF_PACKET');
    if (!shares) lines.push('# /sys stays writable for the modem, but not the rest.', 'ReadOnlyPaths=/proc/sys');
    return lines;
  }
  lines.push('ProtectKernelModules=yes');
  // Root may bind a driver again, or switch a port's power; others cannot anyway.
  if (!isRoot) lines.push('ProtectKernelTunables=yes', 'CapabilityBoundingSet=', 'AmbientCapabilities=');
  if (task === 'program') {
    // Its files are where they always are; the rights of its user decide.
    lines.push('ProtectSystem=full', 'RestrictAddressFamilies=AF_UNIX AF_NETLINK AF_INET AF_INET6');
    if (writes.length > 0) lines.push(`ReadWritePaths=${writes.map((path) => `-${path}`).join(' ')}`);
    return lines;
  }
  // A configuration of its user's may lie there, and modemctl itself.
  lines.push('ProtectHome=read-only');
  lines.push('RestrictAddressFamilies=AF_UNIX AF_NETLINK', 'IPAddressDeny=any', 'UMask=0022');
  lines.push('# The locks of serial ports.');
  const folders = ['/run/lock', ...(isRoot ? ['/run/modemctl'] : []), ...writes];
  lines.push('ProtectSystem=strict', `ReadWritePaths=${folders.map((path) => `-${path}`).join(' ')}`);
  return lines;
}
