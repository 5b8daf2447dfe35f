/** Carries out what setting up a service takes, and tells it. */

import { runBounded } from '../core/bounded-child.ts';
import { isModemctlError, ModemctlError } from '../core/errors.ts';
import { printable } from '../core/text.ts';
import { describeStep, performStep, type SetupStep } from '../setup/plan.ts';
import type { Context } from './context.ts';

const JOURNAL_LIMIT_MS = 10_000;
const JOURNAL_LINES = 8;

/**
 * @param unit the service that all this is for; of other files only the name is told then
 * @throws ModemctlError DENIED, HELPER, with what the unit said where it did not start
 */
export async function carryOut(
  context: Context,
  steps: readonly SetupStep[],
  dryRun: boolean,
  unit = '',
): Promise<void> {
  for (const step of steps) {
    context.print(describeStep(step));
    if (dryRun && step.kind === 'write' && (unit === '' || step.path.endsWith(unit)))
      context.print(`${step.text.trimEnd()}\n`);
    if (dryRun) continue;
    try {
      await performStep(step, context.clock, context.signal);
    } catch (error) {
      const starts = step.kind === 'run' && step.command.includes('restart');
      if (!starts || !isModemctlError(error, 'HELPER')) throw error;
      throw new ModemctlError('HELPER', `${unit} did not start`, {
        hint: await lastWords(context, unit),
        cause: error,
      });
    }
  }
}

/** In the service's own words. */
export async function stateOf({ clock }: Context, unit: string): Promise<string> {
  const args = ['show', '--value', '--property=StatusText', '--', unit];
  const outcome = await runBounded('systemctl', args, { deadlineMs: JOURNAL_LIMIT_MS, clock });
  return printable(outcome.kind === 'exit' ? outcome.stdout.toString().trim() : '') || 'started';
}

async function lastWords({ clock }: Context, unit: string): Promise<string> {
  const more = `It is tried again every 30 s unless that cannot help. More: systemctl status ${unit}`;
  const args = ['-q', '-b', '-o', 'cat', '-n', `${JOURNAL_LINES}`, '-u', unit, '-t', 'modemctl'];
  const outcome = await runBounded('journalctl', args, { deadlineMs: JOURNAL_LIMIT_MS, clock });
  const said = outcome.kind === 'exit' ? outcome.stdout.toString().trim() : '';
  return said === '' ? more : `It said:\n${said}\n${more}`;
}
