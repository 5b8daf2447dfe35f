/** `doctor --fix`: what is safe and taken back easily, nothing else. */
import { existsSync } from 'node:fs';
import { ModemctlError } from '../core/errors.ts';
import { shellWord } from '../core/shell-word.ts';
import type { Fix } from '../services/doctor/finding.ts';
import { describeStep, performStep, planSetup, UDEV_CONTROL } from '../setup/plan.ts';
import { removeStaleLock } from '../tty/lock.ts';
import type { Context } from './context.ts';
import { pluggedIn } from './plugged-in.ts';

/** What was done, and how that ended. */
export interface FixReport {
  /** As a command, or in words: `write /etc/udev/rules.d/70-modemctl.rules`. */
  readonly done: string;
  /** Null: it went well. */
  readonly problem: string | null;
}

/** @throws ModemctlError DENIED */
export function requireRootForFixes({ common }: Context): void {
  if (process.getuid?.() === 0) return;
  const device = common.device === undefined ? '' : ` -d ${shellWord(common.device)}`;
  throw new ModemctlError('DENIED', 'repairing needs root', { hint: `sudo modemctl doctor --fix${device}` });
}

export async function performFixes(context: Context, fixes: readonly Fix[]): Promise<FixReport[]> {
  const reports: FixReport[] = [];
  for (const fix of fixes)
    reports.push(...(fix.kind === 'rules' ? await installRules(context) : [removeLock(fix.path)]));
  return reports;
}

/** As `setup` does. A step that fails ends it. */
async function installRules(context: Context): Promise<FixReport[]> {
  const { clock, signal } = context;
  const plugged = await pluggedIn(context);
  const steps = planSetup({ remove: false, user: null, plugged, udevRuns: existsSync(UDEV_CONTROL) });
  const reports: FixReport[] = [];
  for (const step of steps) {
    const done = describeStep(step);
    try {
      await performStep(step, clock, signal);
      reports.push({ done, problem: null });
    } catch (error) {
      if (!(error instanceof ModemctlError)) throw error;
      return [...reports, { done, problem: error.message }];
    }
  }
  return reports;
}

function removeLock(path: string): FixReport {
  return { done: `remove ${path}`, problem: removeStaleLock(path) };
}
