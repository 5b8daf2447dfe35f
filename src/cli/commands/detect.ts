import { parseDuration } from '../../core/duration.ts';
import { isModemctlError, ModemctlError } from '../../core/errors.ts';
import { printable } from '../../core/text.ts';
import { type ListOptions, listModems } from '../../usb/list-modems.ts';
import { type ModemInfo, toJson } from '../../usb/modem-info.ts';
import { matching, namedBy } from '../../usb/selector.ts';
import { listUnknownDevices, type UnknownDevice } from '../../usb/unknown-devices.ts';
import { type WatchOptions, watchModems } from '../../usb/watch-modems.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { selectTarget } from '../select.ts';
import { pasteable } from '../self.ts';
import { watch } from './detect-watch.ts';

export const detect: CommandSpec = {
  name: 'detect',
  group: 'Look',
  summary: 'list the modems, and say what is wrong with those that do not work',
  settings: { sections: [], lenient: true },
  selectorArgument: true,
  options: [
    { flags: '-a, --all', describe: 'also serial devices that are no modems' },
    { flags: '-w, --wait <duration>', describe: 'wait until a usable modem is there', parse: parseDuration },
    { flags: '--watch', describe: 'go on until Ctrl-C, and print each modem that is plugged in or out' },
  ],
  examples: [
    ['modemctl detect', 'what is plugged in'],
    ['modemctl detect --json', 'for scripts'],
    ['modemctl detect --wait 30s && modemctl at ATI3', 'after boot or a replug'],
    ['modemctl detect 1-1.2 --json', 'the modem at one USB port only'],
    ['modemctl detect --watch', 'what is plugged in, then what comes and goes'],
    ['modemctl detect --watch --json | while read -r event; do ...', 'to act on it'],
  ],
  notes: [
    'Exit codes: 0 if one is usable (Linux gave it a tty), else 3. With --watch: 128+n, by the signal that ends it.',
    '--watch tells of a modem when it can be opened; of one that cannot, 2 s later. The first lines are the modems that are there already ("present"). With --json each line is an object with time (ISO 8601), event (plugged, with "present"; changed, to another tty or state; unplugged) and modem (the fields of detect --json). A different modem at the same port, or the same one plugged in anew, is unplugged and plugged; a USB reset is no event, unless the modem comes out of it as another tty. Who uses a modem is told as it was at the event.',
  ],
  run: runDetect,
};

async function runDetect(context: Context, { options }: Invocation): Promise<void> {
  const waitMs = options.wait as number | undefined;
  if (options.watch === true && waitMs !== undefined) {
    throw new ModemctlError(
      'USAGE',
      '--wait ends when a modem is there, --watch never does: only one of them can be meant',
    );
  }
  const listOptions = { all: options.all === true, useUsbPackage: true, clock: context.clock, signal: context.signal };
  // One that is only the user's habit (MODEMCTL_DEVICE) does not keep the others off the list.
  const isOneMeant = context.common.device !== undefined && context.common.deviceFrom === 'option';
  if (options.watch === true) {
    await watch(context, await watchOptions(context, listOptions.all, isOneMeant));
    return;
  }
  if (waitMs !== undefined) {
    context.progress.start('waiting for a modem');
    await waitForUsable({ ...(await watchOptions(context, false, isOneMeant)), deadlineMs: waitMs });
    context.progress.stop();
  }
  const devices = isOneMeant ? [await lookAtOne(context, listOptions)] : await listModems(listOptions);
  context.report({ modems: devices.map(toJson) });
  for (const line of screen(context, devices)) context.print(line);
  if (!devices.some((info) => info.usable && (info.isModem || isOneMeant))) throw await noneUsable(context, devices);
}

async function lookAtOne(context: Context, options: ListOptions): Promise<ModemInfo> {
  const target = await selectTarget(context, options);
  if (target.kind === 'modem') return target.info;
  throw new ModemctlError('NO_MODEM', `nothing is known of a modem at ${target.tty}`, {
    hint: `To ask it: modemctl -d ${target.tty} at ATI3`,
  });
}

/** Those that are meant, whenever they are there. */
async function watchOptions(context: Context, all: boolean, isOneMeant: boolean): Promise<WatchOptions> {
  const { clock, signal, common } = context;
  if (!isOneMeant || common.device === undefined) return { all, clock, signal };
  const selector = common.device.includes('/') ? await deviceAt(context, common.device) : common.device;
  const choose = (devices: readonly ModemInfo[]) => {
    const named = namedBy(selector, devices, context.configured.named);
    return named ? devices.filter(named.matches) : matching(selector, devices);
  };
  return { all: true, choose, clock, signal };
}

/** A path means the device that has it now, also when that gets another; or one that is to come. What can never be a tty is refused. */
async function deviceAt(context: Context, path: string): Promise<string> {
  try {
    return (await lookAtOne(context, {})).id;
  } catch (error) {
    if (isModemctlError(error, 'NO_MODEM')) return path;
    throw error;
  }
}

/** One that may not be opened counts too, when its rights have not come in time. */
async function waitForUsable(options: WatchOptions): Promise<void> {
  for await (const event of watchModems(options)) if (event.kind !== 'unplugged' && event.info.usable) return;
}

async function noneUsable(context: Context, devices: readonly ModemInfo[]): Promise<ModemctlError> {
  const modems = devices.filter((info) => info.isModem);
  // Of several, one that can be cured is more worth telling than a winmodem.
  const told = modems.find((info) => info.state !== 'softmodem') ?? modems[0];
  if (told) return new ModemctlError('UNUSABLE', 'no modem here can be used', { hint: told.remedy ?? undefined });
  return noModemFound(context);
}

/** Nothing that counts as a modem is plugged in; what there is instead. */
export async function noModemFound({ clock, signal }: Context): Promise<ModemctlError> {
  const usbDevices = await listUnknownDevices({ clock, signal });
  return new ModemctlError('NO_MODEM', 'no modem found', { hint: whatNext(usbDevices), details: { usbDevices } });
}

function whatNext(unknown: readonly UnknownDevice[]): string {
  if (unknown.length === 0)
    return 'Plug one in, then: modemctl detect --wait 30s   (to try modemctl without one: modemctl demo)';
  const speaking = unknown.find(({ hasTty }) => hasTty);
  const next = speaking
    ? `If it is one of them, name it: modemctl -d ${speaking.id} at ATI3`
    : 'If it is one of them, Linux has no driver for it. Those that work: modemctl models';
  return [...tellUnknown(unknown), next].join('\n');
}

/** The USB devices that might be what somebody takes for a modem. */
export function tellUnknown(unknown: readonly UnknownDevice[]): string[] {
  const list = unknown.map(({ id, vendorId, productId, name }) => `  ${id}  ${vendorId}:${productId}  ${name}`);
  return list.length > 0 ? ['USB devices here that modemctl does not know:', ...list] : [];
}

/** One line a modem, and below it what is wrong and what to do. */
export function screen(context: Context, devices: readonly ModemInfo[]): string[] {
  const { bold, dim, green, yellow, red } = context.colours;
  const rows = devices.map((info) => ({
    info,
    id: printable(info.id),
    model: printable(info.model),
    tty: info.tty ?? '-',
  }));
  const width = (key: 'id' | 'model' | 'tty') => Math.max(0, ...rows.map((row) => row[key].length));
  const columns = { id: width('id'), model: width('model'), tty: width('tty') };
  return rows.flatMap(({ info, id, model, tty }) => {
    const colour = info.state === 'ready' ? green : info.usable ? yellow : red;
    const ids = `${info.vendorId}:${info.productId}`;
    const head = `${bold(id.padEnd(columns.id))}  ${model.padEnd(columns.model)}  ${dim(ids)}  ${tty.padEnd(columns.tty)}  `;
    const state = `${colour(info.state)}${info.virtual ? dim(' (virtual)') : ''}`;
    const indent = ' '.repeat(columns.id + 2);
    const why = info.reason === null ? [] : [`${indent}${printable(info.reason)}`];
    const what = info.remedy === null ? [] : [`${indent}${dim('->')} ${printable(pasteable(info.remedy))}`];
    return [head + state, ...why, ...what];
  });
}
