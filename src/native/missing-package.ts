/** What is said when a package cannot be loaded: it is not installed, or has no binary for this machine. */
import { ModemctlError } from '../core/errors.ts';

/** The error HELPER, with the first line of what the loader says. */
export function missingPackage(name: string, cause: unknown): ModemctlError {
  const [reason] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
  return new ModemctlError('HELPER', `the package ${name} cannot be loaded: ${reason}`, {
    hint: 'Install modemctl anew, with its dependencies: npm ci (in a clone), or npm install -g modemctl',
    details: { package: name },
    cause,
  });
}
