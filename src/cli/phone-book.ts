/** `dial @pi17`: numbers by name. The number itself is told to the modem and to nobody else. */
import { dirname, resolve } from 'node:path';
import { ModemctlError } from '../core/errors.ts';
import { isNear } from '../core/near.ts';
import { shown } from '../settings/check-value.ts';
import type { Settings } from '../settings/settings.ts';

export interface PhoneBookEntry {
  /** `@pi17` */
  readonly name: string;
  /** As it stands in the file. */
  readonly number: string;
}

/** Of `@pi17`, `pi17`; null: what is dialled may begin with @ as well (V.250 6.3.1: wait for a quiet answer). */
export function bookName(argument: string | undefined): string | null {
  return /^@([A-Za-z][^\s]*)$/.exec(argument ?? '')?.[1] ?? null;
}

/** @throws ModemctlError USAGE, with the names that there are */
export function entryNamed(name: string, settings: Settings): PhoneBookEntry {
  const number = settings.get(`number.${name}`, 'number')?.value;
  if (typeof number === 'string') return { name: `@${name}`, number };
  const names = settings.names('number');
  const near = names.find((known) => isNear(name.toLowerCase(), known.toLowerCase()));
  throw new ModemctlError('USAGE', `there is no number "@${shown(name)}" in the phone book`, {
    hint: near === undefined ? whatThereIs(names, settings) : `Did you mean @${near}?`,
    details: { names },
  });
}

function whatThereIs(names: readonly string[], { lookedFor }: Settings): string {
  if (names.length > 0)
    return `There are: ${names
      .slice(0, 20)
      .map((name) => `@${name}`)
      .join(' ')}`;
  const file = lookedFor.at(-1);
  const where = file === undefined ? 'a configuration file' : file;
  return `There are none; in ${where} one looks so: [number.pi17] and below it number = "5550137"`;
}

/** The lines of a script, byte by byte as a file would have them. */
export function chatText(lines: readonly string[]): string {
  return Buffer.from(lines.join('\n'), 'utf8').toString('latin1');
}

/** A script beside the configuration is named without its folder. */
export function chatPath(path: string, file: string): string {
  return resolve(dirname(file), path);
}
