/** How a run ends: the JSON document or the error for people, and the exit code. */
import { constants } from 'node:os';
import { isModemctlError, ModemctlError } from '../core/errors.ts';
import { printable, shortened } from '../core/text.ts';
import { coloursFor } from './colour.ts';
import type { Interrupts } from './interrupts.ts';
import { isJournal, withPriority } from './journal.ts';
import type { Output } from './output.ts';
import type { ReportFile } from './report-file.ts';
import { pasteable, whatToType } from './self.ts';
import type { World } from './world.ts';

/** Of the JSON documents; raised when a field changes its meaning. */
const SCHEMA_VERSION = 1;

/** Of an error's sentence on stderr: what was typed is in it, and may be a whole file. */
const LONGEST_MESSAGE = 1000;

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
    document.error = { code, message, hint: hint && pasteable(hint), details };
  }
  return `${JSON.stringify(document)}\n`;
}

/** `error: WHAT. [CODE]`, and what to do next on a line of its own. */
export function printError(world: World, error: ModemctlError, color?: boolean): void {
  const colours = coloursFor(world.stderr.isTTY === true, world.env, color);
  const lines = [
    `${colours.red.bold('error:')} ${shortened(printable(error.message), LONGEST_MESSAGE)}. ${colours.dim(`[${error.code}]`)}`,
  ];
  if (error.hint) {
    const hints = [...pasteable(error.hint).split('\n'), whatToType(error.hint, world.env)];
    for (const line of hints) if (line !== null) lines.push(printable(line));
  }
  const text = lines.join('\n');
  world.stderr.write(`${isJournal(world.env) ? withPriority(text) : text}\n`);
  if (world.env.MODEMCTL_DEBUG)
    world.stderr.write(`${error.stack}\n${error.cause ? String((error.cause as Error).stack) : ''}\n`);
}

/**
 * Tells how it went, waits until that was taken, and ends the process: by the signal that asked for it, or with the exit code of what failed.
 */
export async function endProcess(
  world: World,
  how: { readonly json: boolean; readonly color?: boolean; readonly report: ReportFile | null },
  fields: Readonly<Record<string, unknown>>,
  failure: ModemctlError | null,
  output: Output,
  interrupts: Interrupts,
): Promise<never> {
  const asked = interrupts.received;
  interrupts.allInOrder();
  const document = how.json || how.report ? jsonDocument(fields, asked ? endedBy(asked) : failure) : '';
  if (how.json) world.stdout.write(document);
  const unreported = how.report?.write(document) ?? null;
  if (unreported) printError(world, unreported, how.color);
  if (failure && !asked) printError(world, failure, how.color);
  const unwritten = await output.drained();
  const signal = asked ?? (failure ? null : interrupts.received);
  if (signal) {
    interrupts.endBy(signal);
    // Node ignores SIGPIPE; the exit code must still tell.
    process.exit(128 + (constants.signals[signal] ?? 0));
  }
  if (unwritten && !failure) {
    printError(world, unwritten, how.color);
    await output.drained();
  }
  process.exit((failure ?? unwritten ?? unreported)?.exitCode ?? 0);
}

/** What a document says where a signal ended us. */
export function endedBy(signal: NodeJS.Signals): ErrorFacts {
  return { code: signal, message: `ended by ${signal}`, hint: null, details: {} };
}
