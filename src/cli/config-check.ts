/** `config check`: every fault at its place, whether the modems are there, and what a power step would cut. */
import { accessSync, constants } from 'node:fs';
import { ModemctlError } from '../core/errors.ts';
import { printable } from '../core/text.ts';
import { type Fault, placeText, type Settings } from '../settings/settings.ts';
import type { CommandSpec } from './command.ts';
import { lookAtModems } from './config-modems.ts';
import { readSettings } from './configure.ts';
import type { CommonOptions, Context } from './context.ts';
import { chatPath } from './phone-book.ts';

/** @throws ModemctlError CONFIG_INVALID */
export async function checkConfig(
  context: Context,
  common: CommonOptions,
  commands: readonly CommandSpec[],
): Promise<void> {
  const { colours } = context;
  const settings = await readSettings(common, commands, context.world.env);
  const { files } = settings;
  const faults = [...settings.faults, ...missingScripts(settings)];
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

/** What a call would find out only when it is to be made. */
function missingScripts(settings: Settings): Fault[] {
  return settings.names('number').flatMap((name): Fault[] => {
    const section = `number.${name}`;
    const chat = settings.get(section, 'chat');
    if (typeof chat?.value !== 'string') return [];
    const path = chatPath(chat.value, chat.place.file);
    try {
      accessSync(path, constants.R_OK);
      return [];
    } catch {
      return [{ place: chat.place, section, message: `chat: there is no file ${path} that you may read`, hint: null }];
    }
  });
}

function nothingThere({ lookedFor }: Settings): string {
  const looked = lookedFor.length > 0 ? ` (looked for ${lookedFor.join(' and ')})` : '';
  return `There is no configuration${printable(looked)}. To begin with one: modemctl config example`;
}
