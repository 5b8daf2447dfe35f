/** `config check`: every fault at its place, whether the modems are there, and what a power step would cut. */
import { ModemctlError } from '../core/errors.ts';
import { printable } from '../core/text.ts';
import { placeText, type Settings } from '../settings/settings.ts';
import type { CommandSpec } from './command.ts';
import { lookAtModems } from './config-modems.ts';
import { readSettings } from './configure.ts';
import type { CommonOptions, Context } from './context.ts';

/** @throws ModemctlError CONFIG_INVALID */
export async function checkConfig(
  context: Context,
  common: CommonOptions,
  commands: readonly CommandSpec[],
): Promise<void> {
  const { colours } = context;
  const settings = await readSettings(common, commands, context.world.env);
  const { files, faults } = settings;
  context.report({ files, faults: faults.map(({ place, ...rest }) => ({ ...place, ...rest })), modems: [] });
  for (const { place, message, hint } of faults) {
    context.print(`${colours.bold(printable(placeText(place)))}: ${printable(message)}`);
    if (hint) context.print(`    ${printable(hint)}`);
  }
  if (files.length === 0) context.print(nothingThere(settings));
  else if (faults.length === 0) context.print(`${colours.green('ok')}: ${printable(files.join(' and '))}`);
  const isRead = faults.every(({ section }) => section !== null);
  const modems = isRead ? await lookAtModems(context, settings) : [];
  context.report({ modems: modems.map(({ told: _told, ...fields }) => fields) });
  for (const { told } of modems) for (const line of told) context.print(printable(line));
  if (faults.length === 0) return;
  const count = faults.length === 1 ? 'one mistake' : `${faults.length} mistakes`;
  throw new ModemctlError('CONFIG_INVALID', `${count} in the configuration`);
}

function nothingThere({ lookedFor }: Settings): string {
  const looked = lookedFor.length > 0 ? ` (looked for ${lookedFor.join(' and ')})` : '';
  return `There is no configuration${printable(looked)}. To begin with one: modemctl config example`;
}
