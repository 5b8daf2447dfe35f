/** What the doctor sees of the machine: folders, whose rights count, and a way to run programs that never waits for long. A test gives recorded ones. */
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { runBounded } from '../../core/bounded-child.ts';
import type { Clock } from '../../core/clock.ts';
import { isModemctlError } from '../../core/errors.ts';
import { findProgram } from '../../core/find-program.ts';
import { type SystemRoots, systemRoots } from '../../core/system-roots.ts';
import { readAttribute } from '../../usb/attribute.ts';

export interface DoctorRoots extends SystemRoots {
  /** For udev's database, `/run`. */
  readonly run: string;
  /** Kernel modules, `/lib/modules`. */
  readonly modules: string;
  /** Where packages keep their udev rules, `/usr/lib/udev/rules.d`. */
  readonly packagedRules: string;
}

/** Our udev rules: not there, of another version or without a modem that is plugged in, or as they should be. */
export type RulesState = 'absent' | 'outdated' | 'current';

export type ProgramOutcome =
  | { readonly kind: 'ended'; readonly code: number | null; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'absent' }
  /** It did not end in time, or could not be started. */
  | { readonly kind: 'failed' };

export interface DoctorSystem {
  readonly roots: DoctorRoots;
  readonly isRoot: boolean;
  /** Whose rights are of interest: who called sudo, else who runs us; null: nobody knows. */
  readonly user: string | null;
  readonly rules: RulesState;
  /** False: koffi, which is optional, is not installed. */
  readonly hasKoffi: boolean;
  /** `denied`: it is there, and this user may not run it. */
  lookUp(program: string): 'there' | 'denied' | 'absent';
  run(program: string, args: readonly string[]): Promise<ProgramOutcome>;
}

/** Long enough for a program that only answers a question, on a slow Pi. */
const PROGRAM_LIMIT_MS = 5000;
const MAX_OUTPUT = 512 * 1024;

interface SystemParts extends Pick<DoctorSystem, 'rules' | 'hasKoffi'> {
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** The machine itself. */
export function thisSystem({ env, clock, signal, rules, hasKoffi }: SystemParts): DoctorSystem {
  const isRoot = process.getuid?.() === 0;
  // Daemons and administrators' programs lie where an ordinary PATH does not lead, and only tell their version here.
  const path = { ...env, PATH: `${env.PATH ?? ''}:/usr/sbin:/sbin` };
  const find = (name: string): { path: string } | 'denied' | 'absent' => {
    try {
      return { path: findProgram(name, path) };
    } catch (error) {
      return isModemctlError(error, 'DENIED') ? 'denied' : 'absent';
    }
  };
  return {
    roots: { ...systemRoots, run: '/run', modules: '/lib/modules', packagedRules: '/usr/lib/udev/rules.d' },
    isRoot,
    user: (isRoot && env.SUDO_USER) || userName(),
    rules,
    hasKoffi,
    lookUp: (program) => {
      const found = find(program);
      return typeof found === 'string' ? found : 'there';
    },
    run: async (program, args) => {
      const found = find(program);
      if (found === 'absent') return { kind: 'absent' };
      if (found === 'denied') return { kind: 'failed' };
      const ran = await runBounded(found.path, args, {
        deadlineMs: PROGRAM_LIMIT_MS,
        clock,
        signal,
        maxOutput: MAX_OUTPUT,
      });
      if (ran.kind !== 'exit') return { kind: 'failed' };
      return { kind: 'ended', code: ran.code, stdout: ran.stdout.toString('utf8'), stderr: ran.stderr };
    },
  };
}

/** The kernel's release, as its module folder is called. */
export function kernelRelease({ roots }: Pick<DoctorSystem, 'roots'>): string | null {
  return readAttribute(join(roots.proc, 'sys/kernel/osrelease'));
}

/** Null for a user who is in no passwd file, as in a container. */
function userName(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}
