/** How a run ends: the JSON document or the error for people, and the exit code. */
import { constants } from 'node:os';
import { isModemctlError, ModemctlError } from '../core/errors.ts';
import { printable } from '../core/text.ts';
import { coloursFor } from './colour.ts';
import type { World } from './world.ts';

/** Of the JSON documents; raised when a field changes its meaning. */
const SCHEMA_VERSION = 1;

/** What was thrown, as our kind of error; anything else is a fault of ours. */
export function asModemctlError(thrown: unknown): ModemctlError {
  if (isModemctlError(thrown)) return thrown;
  const what = thrown instanceof Error ? thrown.message : String(thrown);
  return new ModemctlError('BUG', `this should not have happened: ${what}`, {
    hint: 'Please report it, with what --trace FILE writes and the output of MODEMCTL_DEBUG=1.',
    cause: thrown,
  });
}

/** What a document tells of an error. Its code is one of the table, or the name of the signal that ended us. */
export type ErrorFacts = Pick<ModemctlError, 'message' | 'hint' | 'details'> & { readonly code: string };

/** The one document of `--json`. */
export function jsonDocument(fields: Readonly<Record<string, unknown>>, error: ErrorFacts | null): string {
  const document: Record<string, unknown> = { schemaVersion: SCHEMA_VERSION, ok: error === null, ...fields };
  if (error) {
    const { code, message, hint, details } = error;
    document.error = { code, message, hint, details };
  }
  return `${JSON.stringify(document)}\n`;
}

/** `error: WHAT. [CODE]`, and what to do next on a line of its own. */
export function printError(world: World, error: ModemctlError, color?: boolean): void {
  const colours = coloursFor(world.stderr.isTTY === true, world.env, color);
  world.stderr.write(`${colours.red.bold('error:')} ${printable(error.message)}. ${colours.dim(`[${error.code}]`)}\n`);
  if (error.hint) world.stderr.write(`${error.hint.split('\n').map(printable).join('\n')}\n`);
  if (world.env.MODEMCTL_DEBUG)
    world.stderr.write(`${error.stack}\n${error.cause ? String((error.cause as Error).stack) : ''}\n`);
}

/** 128 + n. */
export function exitCodeOfSignal(signal: NodeJS.Signals): number {
  return 128 + (constants.signals[signal] ?? 0);
}
