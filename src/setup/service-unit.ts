/** The text of a systemd unit that runs `answer` or `watch` from boot on. Pure. */
import { type SandboxOptions, sandbox } from './service-sandbox.ts';
import { execProgram, execWord, listedPath, wholeValue } from './unit-words.ts';

/** Where the system's administrator keeps units (systemd.unit(5)). */
export const UNIT_FOLDER = '/etc/systemd/system';

export interface ServiceOptions extends Omit<SandboxOptions, 'isRoot'> {
  /** `modemctl-answer@1-1.2.service` */
  readonly unit: string;
  /** What it does, in words. */
  readonly description: string;
  /** Program and arguments. */
  readonly argv: readonly [string, ...string[]];
  readonly user: string;
  /** Where relative paths in what the user has it run begin; null: nowhere in particular. */
  readonly folder: string | null;
  /** False: koffi is missing here, so that the messages to systemd come from another process. */
  readonly notifiesItself: boolean;
  /** The command that takes it away. */
  readonly undo: string;
}

/** The first line of every unit of ours; by it they are known. */
export const HEADER = '# Written by "modemctl setup"; to undo it: ';

export function serviceUnit(options: ServiceOptions): string {
  const { unit, description, argv, user, folder, notifiesItself, undo, task } = options;
  const [program, ...args] = argv;
  const isRoot = user === 'root';
  const lines = [
    `${HEADER}${undo}`,
    `# What is to be otherwise goes to a file beside it: sudo systemctl edit ${unit}`,
    '',
    '[Unit]',
    `Description=${wholeValue(description)}`,
    'Documentation=man:modemctl(1)',
    ...(task === 'login' ? ['# Logins are let in.', 'After=systemd-user-sessions.service'] : []),
    '# Where modemctl is no longer installed there is nothing to start.',
    ...programFiles(argv).map((file) => `ConditionPathExists=${wholeValue(file)}`),
    '# Not bound to a device: modemctl itself waits for its modem, by its USB port, whenever it is plugged in and whatever',
    '# its tty is called then. Started by the device it would be ended with it, and miss a modem that no udev rule knows.',
    '# It never gives up.',
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=notify',
    ...(notifiesItself ? [] : ['# Without the package koffi systemd-notify(1) tells.', 'NotifyAccess=all']),
    'SyslogIdentifier=modemctl',
    `ExecStart=${[execProgram(program), ...args.map(execWord)].join(' ')}`,
    ...(isRoot ? [] : [`User=${wholeValue(user)}`]),
    ...(isRoot && task === 'login' ? [] : ['SupplementaryGroups=dialout']),
    ...(folder === null ? [] : [`WorkingDirectory=-${wholeValue(folder)}`]),
    ...(isRoot
      ? []
      : ['# The socket by which other commands borrow the modem.', `RuntimeDirectory=modemctl/${stem(unit)}`]),
    '# It is ready when the modem is, or is known to be away or to hang.',
    'TimeoutStartSec=3min',
    'WatchdogSec=2min',
    '# 2 and 3: a wrong command line, no such modem. All else may be better next time.',
    'Restart=always',
    'RestartSec=30s',
    'RestartPreventExitStatus=2 3',
    '# modemctl ends the call and whoever has it, within 10 s; who is left then is killed.',
    'KillMode=mixed',
    'TimeoutStopSec=30s',
    '# Where it was killed, what it left to be done (its last wills) is given the time for it.',
    `ExecStopPost=/bin/sh -c 'test "$$SERVICE_RESULT" = success || exec sleep 5'`,
    '# A program that takes a call may run out of memory; the service goes on.',
    'OOMPolicy=continue',
    '# Programs are to find it as in a terminal.',
    'IgnoreSIGPIPE=no',
    '',
    ...sandbox({ ...options, isRoot, writes: options.writes.map(listedPath) }),
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ];
  return lines.join('\n');
}

/** The program, and the script where that is Node. */
function programFiles([program, script]: ServiceOptions['argv']): string[] {
  return [program, ...(script?.startsWith('/') ? [script] : [])];
}

/** `modemctl-answer@1-1.2` */
function stem(unit: string): string {
  return unit.replace(/\.service$/, '');
}

/**
 * The unit's name: one for each modem that is named.
 * @param selector null: the only modem there is, or all
 */
export function unitName(command: string, selector: string | null): string {
  // systemd.unit(5): letters, digits and :-_.\ ; the name is ours, nothing is made out of it again. At most 255 characters.
  const modem = selector
    ?.replace(/^\/dev\//, '')
    .replace(/[^A-Za-z0-9:_.-]/g, '_')
    .slice(0, 200);
  return `modemctl-${command}${modem === undefined ? '' : `@${modem}`}.service`;
}
