/** The ways to switch a port's power. Each runs in a child with a deadline: a write to sysfs waits for the hub, which may be as wedged as the modem. */
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { runBounded } from '../../core/bounded-child.ts';
import type { Clock } from '../../core/clock.ts';
import { printable } from '../../core/text.ts';
import type { HubPort } from './hub-ports.ts';

/** Names are API. `command`: the user's own. `port`: the port's `disable` attribute (Linux 6.0 and later). */
export const POWER_WAYS = ['command', 'port', 'uhubctl'] as const;
export type PowerWayName = (typeof POWER_WAYS)[number];

export interface PowerTrouble {
  readonly denied: boolean;
  /** In words. */
  readonly detail: string;
}

export interface PowerWay {
  /** For people: `uhubctl`. */
  readonly name: string;
  /** Null: done. Never rejects. */
  turn(state: 'off' | 'on', clock: Clock): Promise<PowerTrouble | null>;
  /** Turns it on when we are no more: for /bin/sh, and its arguments. Null: off and on are done at one go by `on`, and nothing is off in between. */
  readonly will: { readonly script: string; readonly args: readonly string[] } | null;
}

/** A relay behind a network socket takes its time. */
const COMMAND_LIMIT_MS = 30_000;
/** The kernel disconnects the device within it, drivers' own waits included. */
const WRITE_LIMIT_MS = 10_000;
/** uhubctl tries a port four times, some hundred ms each. */
const UHUBCTL_LIMIT_MS = 20_000;

/** The user's command, told by its environment what to do: MODEMCTL_MODEM and MODEMCTL_POWER (off, on). */
export function commandWay(command: string, modem: string): PowerWay {
  const run = async (state: 'off' | 'on', clock: Clock) => {
    const env = { MODEMCTL_MODEM: modem, MODEMCTL_POWER: state };
    const options = { deadlineMs: COMMAND_LIMIT_MS, clock, env, group: true };
    return judge(`the command for power ${state}`, await runBounded('/bin/sh', ['-c', command], options));
  };
  const script = 'MODEMCTL_MODEM=$2 MODEMCTL_POWER=on exec /bin/sh -c "$1"';
  return { name: 'your command', turn: run, will: { script, args: [command, modem] } };
}

/** All at once: on a gang power goes only when the last of them is off. */
const WRITE = 'value=$1; shift; for file; do printf %s "$value" >"$file" || exit 1; done';
/** Each by itself: one that blocks must not keep the others off. */
const WRITE_EACH = 'for file; do printf 0 >"$file" & done; wait';

/** Null: not all ports have the attribute. */
export function portWay(ports: readonly HubPort[]): PowerWay | null {
  const files = ports.map(({ folder }) => (folder === null ? null : join(folder, 'disable')));
  const all = files.filter((file) => file !== null).filter((file) => mayAccess(file, constants.F_OK));
  if (all.length === 0 || all.length < files.length) return null;
  const turn = async (state: 'off' | 'on', clock: Clock): Promise<PowerTrouble | null> => {
    if (!all.every((file) => mayAccess(file, constants.W_OK))) {
      return { denied: true, detail: 'only root may switch the power of a port' };
    }
    const args = ['-c', WRITE, 'sh', state === 'off' ? '1' : '0', ...all];
    return judge(`turning the port ${state}`, await runBounded('/bin/sh', args, { deadlineMs: WRITE_LIMIT_MS, clock }));
  };
  return { name: "the port's own switch", turn, will: { script: WRITE_EACH, args: all } };
}

/** Its default is to take the SuperSpeed half of a port along. */
export function uhubctlWay(program: string, ports: readonly HubPort[]): PowerWay {
  const hubs = [...new Set(ports.map(({ hub }) => hub))];
  const calls = hubs.map((hub) => {
    const numbers = ports.filter((port) => port.hub === hub).map(({ number }) => number);
    return ['-l', hub.replace(/^usb/, ''), '-p', numbers.join(',')];
  });
  const turn = async (state: 'off' | 'on', clock: Clock): Promise<PowerTrouble | null> => {
    for (const args of calls) {
      const options = { deadlineMs: UHUBCTL_LIMIT_MS, clock };
      const trouble = judge('uhubctl', await runBounded(program, [...args, '-a', state], options));
      if (trouble) return trouble;
    }
    return null;
  };
  const script = calls.map((args) => `"$1" ${args.join(' ')} -a on`).join('; ');
  return { name: 'uhubctl', turn, will: { script, args: [program] } };
}

/** Whether the hub says that it switches each port by itself (`ppps`); false where nobody knows. */
export async function switchesEach(program: string, hub: string, clock: Clock): Promise<boolean> {
  const args = ['-l', hub.replace(/^usb/, '')];
  const asked = await runBounded(program, args, { deadlineMs: UHUBCTL_LIMIT_MS, clock });
  return (
    asked.kind === 'exit' && asked.code === 0 && /^Current status .*\bppps\b/m.test(asked.stdout.toString('latin1'))
  );
}

function judge(what: string, ran: Awaited<ReturnType<typeof runBounded>>): PowerTrouble | null {
  if (ran.kind === 'timeout') return { denied: false, detail: `${what} took too long and was killed` };
  if (ran.kind === 'unstartable') return { denied: false, detail: `${what} cannot be started (${ran.errno})` };
  if (ran.code === 0) return null;
  const said = printable(ran.stderr.trim().split('\n').at(-1)?.slice(0, 200) ?? '');
  const denied = /permission|not permitted/i.test(ran.stderr);
  return { denied, detail: `${what} ${said === '' ? `ended with ${ran.code ?? 'a signal'}` : `failed: ${said}`}` };
}

function mayAccess(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
