import { parseDuration } from '../../core/duration.ts';
import { ModemctlError } from '../../core/errors.ts';
import { printable } from '../../core/text.ts';
import { type ListOptions, listModems } from '../../usb/list-modems.ts';
import { type ModemInfo, toJson } from '../../usb/modem-info.ts';
import { waitForAny } from '../../usb/wait-for-any.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { pasteable } from '../self.ts';

export const detect: CommandSpec = {
  name: 'detect',
  group: 'Look',
  summary: 'list the modems, and say what is wrong with those that do not work',
  options: [
    { flags: '-a, --all', describe: 'also serial devices that are no modems' },
    { flags: '-w, --wait <duration>', describe: 'wait until a usable modem is there', parse: parseDuration },
  ],
  examples: [
    ['modemctl detect', 'what is plugged in'],
    ['modemctl detect --json', 'for scripts'],
    ['modemctl detect --wait 30s && modemctl at ATI3', 'after boot or a replug'],
  ],
  notes: ['Exit codes: 0 if one is usable (Linux gave it a tty), else 3.'],
  run: runDetect,
};

async function runDetect(context: Context, { options }: Invocation): Promise<void> {
  const waitMs = options.wait as number | undefined;
  const listOptions = { all: options.all === true, useUsbPackage: true, clock: context.clock, signal: context.signal };
  let devices = await listModems(listOptions);
  if (waitMs !== undefined && !devices.some(isUsableModem)) {
    context.progress.start('waiting for a modem');
    await waitForAny({ deadlineMs: waitMs, clock: context.clock, signal: context.signal });
    context.progress.stop();
    devices = await listModems(listOptions);
  }
  context.report({ modems: devices.map(toJson) });
  for (const line of screen(context, devices)) context.print(line);
  const usable = devices.some(isUsableModem);
  if (!usable) throw await noneUsable(devices, listOptions);
}

function isUsableModem(info: ModemInfo): boolean {
  return info.usable && info.isModem;
}

async function noneUsable(devices: readonly ModemInfo[], options: ListOptions): Promise<ModemctlError> {
  const modems = devices.filter((info) => info.isModem);
  if (modems.length > 0)
    return new ModemctlError('UNUSABLE', 'no modem here can be used', { hint: modems[0]?.remedy ?? undefined });
  const others = options.all ? [] : (await listModems({ ...options, all: true })).filter((info) => !info.isModem);
  const hint =
    others.length > 0 ? `Other serial devices: modemctl detect --all` : 'To try modemctl without one: modemctl virtual';
  return new ModemctlError('NO_MODEM', 'no modem found', { hint });
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
    const what =
      info.remedy === null ? [] : [`${indent}${dim('->')} ${printable(pasteable(info.remedy, context.world.env))}`];
    return [head + state, ...why, ...what];
  });
}
