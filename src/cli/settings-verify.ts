/** Whether a value of the configuration is what its option takes: the options' own parsers are asked. */
import { parseAtCommand } from '../at/command-line.ts';
import { parseDialString } from '../at/dial-string.ts';
import { isModemctlError, ModemctlError } from '../core/errors.ts';
import { parseChatScript } from '../modem/chat/script.ts';
import { parseCountry } from '../modem/families/countries.ts';
import type { Value } from '../settings/check-value.ts';
import type { Verify } from '../settings/interpret.ts';
import type { KeySpec } from '../settings/key-spec.ts';
import { type CommandSpec, camelName, type OptionSpec, optionsOf } from './command.ts';
import { chatText } from './phone-book.ts';

/** Keys that feed no option directly. */
const OWN: Readonly<Record<string, (value: string) => unknown>> = {
  country: parseCountry,
  number: (text) => parseDialString(text),
  init: checkInitItem,
};

export function verifierFor(commands: readonly CommandSpec[]): Verify {
  return (section, spec, value) => {
    const [kind = ''] = section.split('.');
    // What a number may say besides, it says to the command that dials it.
    const feeds = kind === 'number' ? 'dial' : kind;
    const option = commands
      .filter(({ settings }) => settings?.sections.includes(feeds))
      .flatMap(optionsOf)
      .find((candidate) => camelName(candidate) === spec.option);
    return failure(spec, value, option);
  };
}

function failure(spec: KeySpec, value: Value, option: OptionSpec | undefined): ReturnType<Verify> {
  const parse = OWN[spec.key] ?? (spec.option === undefined ? undefined : option?.parse);
  if (spec.key === 'chat' && typeof value !== 'string')
    return tried(() => parseChatScript(chatText(value as string[])));
  if (!parse || typeof value === 'boolean') return null;
  if (!Array.isArray(value)) return tried(() => parse(String(value), undefined));
  for (const [index, element] of value.entries()) {
    const why = tried(() => parse(element, undefined));
    if (why) return { ...why, index };
  }
  return null;
}

function tried(attempt: () => unknown): ReturnType<Verify> {
  try {
    attempt();
    return null;
  } catch (error) {
    if (!isModemctlError(error)) throw error;
    return { why: error.message };
  }
}

/** An item that dials would dial at every start; one that saves wears the modem's memory out; one that loads a profile undoes what we have set up. */
function checkInitItem(text: string): void {
  const { call, mayConnect, changesDialogue, line } = parseAtCommand(text);
  const why = call || mayConnect ? 'it makes a call' : changesDialogue ? 'it undoes what modemctl sets up' : null;
  const saves = /&W/i.test(line) ? "it would wear out the modem's memory; once: modemctl init --save" : null;
  if (why ?? saves) throw new ModemctlError('USAGE', `${line}: ${why ?? saves}`);
}
