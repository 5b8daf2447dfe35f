/** The state of a modem, why it is so in words, and what to do about it. A pure function of facts. */
import { areOurs, type Holder } from '../tty/holders.ts';
import { howToEnd } from '../tty/process-unit.ts';
import { KNOWN_GOOD } from './catalogue/catalogue.ts';
import { NO_UNION_NORMAL, NO_UNION_REFERENCE } from './catalogue/kernel-quirks.ts';
import type { Classification } from './classify.ts';
import { type ConfigurationDescriptor, hasMisplacedUnion, isAcmInterface } from './descriptors.ts';
import type { UsbDevice, UsbInterface } from './sysfs.ts';

export type ModemState = 'ready' | 'busy' | 'denied' | 'no-tty' | 'no-driver' | 'no-power' | 'softmodem';

export interface StateVerdict {
  readonly state: ModemState;
  /** In words; null when ready. */
  readonly reason: string | null;
  /** What to do: a command that can be pasted, or a sentence; null when nothing helps or nothing is wrong. */
  readonly remedy: string | null;
}

/** A tty as the process meets it. */
export interface TtyFacts {
  readonly path: string;
  /** Can this process open it for reading and writing? `missing`: sysfs has it, but its node is not there. */
  readonly access: 'ok' | 'denied' | 'missing';
  /** The group that may, if any; null when the node's group has no rights. */
  readonly group: string | null;
  /** True: the user is in that group already, but this login is older. */
  readonly needsNewLogin: boolean;
}

export interface StateFacts {
  readonly device: UsbDevice;
  readonly classification: Classification;
  readonly tty: TtyFacts | null;
  readonly heldBy: readonly Holder[];
  /** Modules or built-in drivers whose folder exists in /sys/bus/usb/drivers. */
  readonly drivers: ReadonlySet<string>;
}

const READY: StateVerdict = { state: 'ready', reason: null, remedy: null };

/** What a softmodem's owner is told. */
export const SOFTMODEM_REASON =
  'WINMODEM, cannot work: its signal processing was left to a Windows driver; no Linux driver exists';
export const SOFTMODEM_REMEDY = `buy one that does its own work: ${KNOWN_GOOD.join(', ')}`;

/** Judges a real device. Where several things are wrong, the one that has to be cured first is told. */
export function judgeState(facts: StateFacts): StateVerdict {
  const { device, classification, tty } = facts;
  if (tty && tty.access !== 'missing') return judgeTty(tty, facts.heldBy);
  if (classification.kind === 'softmodem') {
    return { state: 'softmodem', reason: SOFTMODEM_REASON, remedy: SOFTMODEM_REMEDY };
  }
  if (!device.authorized) {
    return {
      state: 'no-tty',
      reason: 'the system has forbidden this device (its "authorized" is 0)',
      remedy: `echo 1 | sudo tee ${device.path}/authorized`,
    };
  }
  // The kernel takes the address away while a reset lasts (drivers/usb/core/hub.c, hub_port_init).
  if (device.address === 0) return { state: 'no-tty', reason: 'it is being reset just now', remedy: null };
  if (device.interfaces.length === 0) return judgeUnconfigured(device);
  if (tty) {
    return {
      state: 'no-tty',
      reason: `Linux drives it, but its node ${tty.path} does not exist`,
      remedy: 'sudo udevadm trigger --subsystem-match=tty',
    };
  }
  return judgeDriver(facts);
}

/** Judges a tty that exists: rights first, for without them nobody can even wait for it. */
export function judgeTty(tty: TtyFacts, heldBy: readonly Holder[]): StateVerdict {
  if (tty.access === 'denied') {
    return { state: 'denied', reason: `no right to open ${tty.path}`, remedy: rightsRemedy(tty) };
  }
  const holders = heldBy.filter((holder) => !holder.waiting);
  if (holders.length === 0) return READY;
  const names = holders.map((holder) => `${holder.command} (pid ${holder.pid})`).join(', ');
  const pids = holders.map(({ pid }) => pid);
  const remedy = areOurs(holders)
    ? `modemctl health -d ${tty.path}   # "answer" and "watch" lend it`
    : howToEnd(pids, 'sudo kill');
  return { state: 'busy', reason: `in use by ${names}`, remedy };
}

function rightsRemedy(tty: TtyFacts): string {
  if (tty.needsNewLogin) return `you are in group ${tty.group} already: log in again`;
  if (tty.group !== null) return `sudo usermod -aG ${tty.group} $USER   # then log in again`;
  return `sudo chmod 660 ${tty.path} && sudo chgrp dialout ${tty.path}`;
}

/** mA a port gives: USB 2.0 section 7.2.1 (one unit load behind a bus-powered hub, five elsewhere), USB 3.2 section 11.4.1. */
const LOW_POWER_PORT_MA = 100;
const HIGH_POWER_PORT_MA = 500;

/** No configuration: refused for power (drivers/usb/core/generic.c "insufficient available bus power"), or taken away by somebody. */
function judgeUnconfigured(device: UsbDevice): StateVerdict {
  const wanted = device.descriptors?.configurations.filter((configuration) => !configuration.selfPowered) ?? [];
  const leastMa = Math.min(...wanted.map((configuration) => configuration.maxPowerMa));
  const limitMa = device.parentHub === null ? HIGH_POWER_PORT_MA : LOW_POWER_PORT_MA;
  if (wanted.length > 0 && leastMa > limitMa) {
    const socket =
      device.parentHub === null ? '' : ", or straight into the computer's own socket (a Raspberry Pi's will do)";
    return {
      state: 'no-power',
      reason: `it asks for ${leastMa} mA, which its port cannot give, so Linux did not switch it on`,
      remedy: `plug it into a hub with a power supply of its own${socket}`,
    };
  }
  const value = device.descriptors?.configurations[0]?.value ?? 1;
  return {
    state: 'no-tty',
    reason: 'it has no active configuration (still starting, or switched off by somebody)',
    remedy: `echo ${value} | sudo tee ${device.path}/bConfigurationValue`,
  };
}

/** Configured, but without a tty. */
function judgeDriver({ device, classification, drivers }: StateFacts): StateVerdict {
  const control = device.interfaces.find(isAcmInterface);
  const module = control ? 'cdc_acm' : (classification.row?.driver ?? null);
  if (module === null || (module === 'cdc_acm' && !control)) {
    return { state: 'no-driver', reason: 'no Linux driver is known for it', remedy: null };
  }
  const face = control ?? device.interfaces[0]!;
  if (face.driver !== null) {
    return {
      state: 'no-tty',
      reason:
        face.driver === 'usbfs'
          ? 'a program has taken it from its driver (through usbfs)'
          : `driver ${face.driver} holds it, but made no tty`,
      remedy: face.driver === 'usbfs' ? `end that program, then: ${bindCommand(face, module)}` : null,
    };
  }
  if (!drivers.has(module)) {
    return { state: 'no-driver', reason: `its driver ${module} is not loaded`, remedy: `sudo modprobe ${module}` };
  }
  if (needsNewId(device)) {
    return {
      state: 'no-driver',
      reason: `${module} does not know its id and cannot find its way in it (a misplaced union descriptor)`,
      remedy: `echo "${device.vendorId} ${device.productId} 0 ${NO_UNION_REFERENCE}" | sudo tee /sys/bus/usb/drivers/cdc_acm/new_id`,
    };
  }
  return { state: 'no-driver', reason: `its driver ${module} is not bound to it`, remedy: bindCommand(face, module) };
}

function bindCommand(face: UsbInterface, module: string): string {
  return `echo ${face.name} | sudo tee /sys/bus/usb/drivers/${module}/bind`;
}

/** Tells whether only `new_id` can make `cdc_acm` take this device: its descriptors are misplaced, and the kernel does not list it. */
export function needsNewId(device: UsbDevice): boolean {
  if (NO_UNION_NORMAL.has(`${device.vendorId}:${device.productId}`)) return false;
  const active = activeConfiguration(device);
  return active !== null && hasMisplacedUnion(active);
}

function activeConfiguration(device: UsbDevice): ConfigurationDescriptor | null {
  const all = device.descriptors?.configurations ?? [];
  return all.find((configuration) => configuration.value === device.configurationValue) ?? all[0] ?? null;
}
