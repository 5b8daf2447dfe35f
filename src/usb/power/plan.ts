/** Whether and how the power of a modem's port may be switched: decided before anything is touched. */
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import type { ErrorCode } from '../../core/errors.ts';
import { findProgram } from '../../core/find-program.ts';
import { type SystemRoots, systemRoots } from '../../core/system-roots.ts';
import { isPortPath, readUsbDevice } from '../sysfs.ts';
import { hubPortAt, isAtOrBelow } from './hub-ports.ts';
import { type PowerSwitch, powerSwitchOf } from './power-switch.ts';
import { type VitalWorld, vitalThings } from './vital.ts';
import { commandWay, type PowerWay, type PowerWayName, portWay, switchesEach, uhubctlWay } from './ways.ts';

/** What the user has said about power. */
export interface PowerPolicy {
  /** For /bin/sh; it is the user's to know what it feeds. */
  readonly command?: string | undefined;
  /** This way and no other; else the first that there is, in the order of POWER_WAYS. */
  readonly by?: PowerWayName | undefined;
  /** Port paths of devices that may lose power although the machine needs them. */
  readonly also?: readonly string[] | undefined;
  /** Default 5 s, see {@link OFF_MS}. */
  readonly offMs?: number | undefined;
}

export interface PowerWorld extends Pick<VitalWorld, 'addresses'> {
  readonly clock: Clock;
  readonly env?: NodeJS.ProcessEnv;
  readonly roots?: SystemRoots;
}

export type PowerPlan =
  | {
      readonly ok: true;
      readonly way: PowerWay;
      /** What else loses power, or may, in words: `0951:1666 at 1-1.3`. */
      readonly others: readonly string[];
    }
  | {
      readonly ok: false;
      readonly code: Extract<ErrorCode, 'USAGE' | 'DENIED' | 'HELPER'>;
      /** In words. */
      readonly why: string;
      readonly hint: string;
    };

/**
 * How long power is off. uhubctl waits 2 s by default; people are told to count to ten. A stick's own capacitors are empty within a second (USB 2.0 7.2.4.1 allows 10 µF), but a hub behind the switch has 120 µF and
 * more for each port, and a modem draws little when it hangs.
 */
export const OFF_MS = 5000;

/**
 * @param id a USB port path; the device need not be there
 */
export async function planPower(id: string, policy: PowerPolicy, world: PowerWorld): Promise<PowerPlan> {
  const { roots = systemRoots, env = process.env, clock } = world;
  const { command, by, also = [] } = policy;
  if (command !== undefined && (by ?? 'command') === 'command') {
    return { ok: true, way: commandWay(command, id), others: [] };
  }
  if (by === 'command')
    return noWay('--power-by command needs the command itself', "Add: --power-command './relay.sh'");
  if (!isPortPath(id)) return noWay(`${id} is at no USB port whose power could be switched`, A_RELAY);
  const program = uhubctlIn(env);
  const eachByItself = program !== null && (await switchesEach(program, hubPortAt(id, roots).hub, clock));
  const feeds = powerSwitchOf(id, roots, eachByItself);
  const refused = refusal(feeds, also, { ...world, env, roots });
  if (refused) return refused;
  const way = chooseWay(feeds, by, program);
  return 'ok' in way ? way : { ok: true, way, others: feeds.others.map((port) => nameOf(port, roots)) };
}

function chooseWay(
  { ports }: PowerSwitch,
  by: PowerWayName | undefined,
  program: string | null,
): PowerWay | Extract<PowerPlan, { ok: false }> {
  if (ports.length === 0) return noWay("power of this machine's USB socket cannot be switched", A_COMMAND);
  const port = by === 'uhubctl' ? null : portWay(ports);
  const uhubctl = by === 'port' || program === null ? null : uhubctlWay(program, ports);
  // Without the right to write, uhubctl's own udev rules may have given it that.
  if (port && (uhubctl === null || mayWrite(ports))) {
    if (mayWrite(ports)) return port;
    const hint = 'The same with sudo in front of it.';
    return { ok: false, code: 'DENIED', why: 'only root may switch the power of a port', hint };
  }
  if (uhubctl) return uhubctl;
  if (ports.every(({ folder }) => folder === null)) {
    return noWay('there is no such USB port on this machine', 'See which there are: modemctl detect --all');
  }
  const why = 'this kernel cannot switch the power of a port (Linux 6.0 and later can), and there is no uhubctl';
  return noWay(by === 'port' ? 'this kernel cannot switch the power of that port' : why, A_COMMAND);
}

const A_COMMAND = "Install uhubctl (sudo apt install uhubctl), or use a relay: --power-command './relay.sh'";
const A_RELAY = "Use a relay: --power-command './relay.sh'";

function noWay(why: string, hint: string): Extract<PowerPlan, { ok: false }> {
  return { ok: false, code: 'HELPER', why, hint };
}

/** Null: nothing that the machine needs would lose its power. */
function refusal(
  { others }: PowerSwitch,
  also: readonly string[],
  world: VitalWorld,
): Extract<PowerPlan, { ok: false }> | null {
  const needed = vitalThings(world).flatMap(({ what, ports }) => {
    const port = ports.findLast((candidate) => others.includes(candidate));
    return port === undefined || also.some((allowed) => isAtOrBelow(port, allowed)) ? [] : [{ what, port }];
  });
  if (needed.length === 0) return null;
  const told = [...new Map(needed.map((one) => [one.port, one])).values()];
  const list = told.map(({ what, port }) => `${what} (${nameOf(port, world.roots)})`).join(' and ');
  return {
    ok: false,
    code: 'USAGE',
    why: `${list} would lose power too`,
    hint: `Put the modem on a hub of its own that switches its ports. If it is to be so: --power-also ${told.map(({ port }) => port).join(',')}`,
  };
}

/** `0951:1666 at 1-1.3`: strings would wait for the device's lock. */
function nameOf(port: string, roots: SystemRoots): string {
  const device = readUsbDevice(port, roots);
  if (!device) return port;
  return `${device.vendorId}:${device.productId} at ${port}`;
}

function mayWrite(ports: PowerSwitch['ports']): boolean {
  return ports.every(({ folder }) => {
    try {
      if (folder === null) return false;
      accessSync(join(folder, 'disable'), constants.W_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function uhubctlIn(env: NodeJS.ProcessEnv): string | null {
  try {
    return findProgram('uhubctl', env);
  } catch {
    return null;
  }
}
