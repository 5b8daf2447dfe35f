/** What setting up does, step by step, as data: shown by `--dry-run`, done otherwise, so that both are the same. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { runBounded } from '../core/bounded-child.ts';
import type { Clock } from '../core/clock.ts';
import { ModemctlError } from '../core/errors.ts';
import { RULES_PATH, type UsbIds, udevRules } from './udev-rules.ts';

export type SetupStep =
  | { readonly kind: 'write'; readonly path: string; readonly text: string }
  | { readonly kind: 'remove'; readonly path: string }
  | { readonly kind: 'run'; readonly command: readonly string[]; readonly limitMs?: number };

export interface SetupOptions {
  /** Undo instead. */
  readonly remove: boolean;
  /** Add this user to the group dialout; null: nobody. */
  readonly user: string | null;
  /** The modems that are plugged in, with their usbfs nodes. */
  readonly plugged: ReadonlyArray<UsbIds & { readonly usbfsNode: string | null }>;
  /** False: no udevd runs here (an image being built, a container); the rules count from its next start. */
  readonly udevRuns: boolean;
  /** A package has installed the rules (`arePackagedRulesInForce`): none are written. */
  readonly packaged?: boolean;
  /** False: there are no rules that setup has written; nothing of it is to be removed. */
  readonly written?: boolean;
}

/** Where udevd listens while it runs (systemd's udev-ctrl.c). */
export const UDEV_CONTROL = '/run/udev/control';

const APPLY: readonly SetupStep[] = [
  { kind: 'run', command: ['udevadm', 'control', '--reload'] },
  { kind: 'run', command: ['udevadm', 'trigger', '--action=change', '--subsystem-match=usb', '--subsystem-match=tty'] },
  { kind: 'run', command: ['udevadm', 'settle', '--timeout=10'] },
];

/** usermod and settle end by themselves; this is for a system that is out of order. */
const LIMIT_MS = 30_000;

/** What can fail for a reason of the user's comes first, so that nothing is half done. */
export function planSetup({
  remove,
  user,
  plugged,
  udevRuns,
  packaged = false,
  written = true,
}: SetupOptions): SetupStep[] {
  const apply = udevRuns ? APPLY : [];
  if (remove) {
    // The package's stay, and so do the rights that they give; the package manager takes them away.
    if (packaged) return written ? [{ kind: 'remove', path: RULES_PATH }, ...apply] : [];
    // udev takes back names but not owners: a rule that is gone says nothing of the group. The tty's is dialout by Debian's own rules.
    const nodes = plugged.flatMap(({ usbfsNode }) => usbfsNode ?? []);
    const giveBack: SetupStep[] = nodes.length > 0 ? [{ kind: 'run', command: ['chgrp', 'root', ...nodes] }] : [];
    return [{ kind: 'remove', path: RULES_PATH }, ...apply, ...giveBack];
  }
  const membership: SetupStep[] = user === null ? [] : [{ kind: 'run', command: ['usermod', '-aG', 'dialout', user] }];
  if (packaged) return [...membership, ...apply];
  return [...membership, { kind: 'write', path: RULES_PATH, text: udevRules(plugged) }, ...apply];
}

/** In words, for people: a command as it could be typed. */
export function describeStep(step: SetupStep): string {
  if (step.kind === 'run') return step.command.join(' ');
  return step.kind === 'write' ? `write ${step.path}` : `remove ${step.path}`;
}

/**
 * Does one step.
 * @throws ModemctlError DENIED, HELPER
 */
export async function performStep(step: SetupStep, clock: Clock, signal?: AbortSignal): Promise<void> {
  if (step.kind === 'run') return runProgram(step, clock, signal);
  try {
    if (step.kind === 'remove') {
      rmSync(step.path, { force: true });
      return;
    }
    mkdirSync(dirname(step.path), { recursive: true });
    writeFileSync(step.path, step.text);
  } catch (error) {
    throw new ModemctlError('DENIED', `${step.path} cannot be written: ${(error as Error).message}`, { cause: error });
  }
}

async function runProgram(
  { command, limitMs = LIMIT_MS }: Extract<SetupStep, { kind: 'run' }>,
  clock: Clock,
  signal?: AbortSignal,
): Promise<void> {
  const [program = '', ...args] = command;
  const outcome = await runBounded(program, args, { deadlineMs: limitMs, clock, signal });
  if (outcome.kind === 'exit' && outcome.code === 0) return;
  const why =
    outcome.kind === 'exit'
      ? outcome.stderr.trim()
      : outcome.kind === 'timeout'
        ? 'it did not end'
        : 'it is not installed';
  throw new ModemctlError('HELPER', `"${command.join(' ')}" failed: ${why}`, {
    hint:
      outcome.kind === 'unstartable'
        ? `On Debian: sudo apt install ${program === 'udevadm' ? 'udev' : 'passwd'}`
        : undefined,
  });
}
