/** Whether PPP is to be had here, asked of pppd itself before a call is made: it reads all its options and files, and tries the kernel. */
import { readFileSync } from 'node:fs';
import { runBounded } from '../../core/bounded-child.ts';
import type { Clock } from '../../core/clock.ts';
import { isModemctlError, ModemctlError } from '../../core/errors.ts';
import { findProgram } from '../../core/find-program.ts';
import { printable } from '../../core/text.ts';
import { type LinkOptions, pppdArguments } from './link-options.ts';

const LIMIT_MS = 15_000;
/** pppd reads its options and ends. It wants a character device; this one it will not open. */
const DRY_RUN = { device: '/dev/null', option: 'dryrun' };

export interface Surroundings {
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
  readonly isRoot: boolean;
}

/**
 * @returns the path of pppd
 * @throws ModemctlError HELPER (no pppd, no PPP in the kernel), DENIED, USAGE (an option that pppd does not know), CONFIG_INVALID (no secret that the far end could authenticate itself with)
 */
export async function checkPppd(options: LinkOptions, { clock, env, isRoot }: Surroundings): Promise<string> {
  const pppd = findPppd(env);
  const args = [...pppdArguments(options, DRY_RUN.device, { hasCarrier: null, isRoot }), DRY_RUN.option];
  const tried = await runBounded(pppd, args, { deadlineMs: LIMIT_MS, clock });
  if (tried.kind === 'unstartable' && tried.errno === 'EACCES') throw notAllowed();
  if (tried.kind !== 'exit')
    throw new ModemctlError('HELPER', `${pppd} cannot be run (${tried.kind})`, { details: { program: pppd } });
  if (tried.code !== 0) throw refusal(tried.code, `${tried.stdout.toString('utf8')}\n${tried.stderr}`, options, isRoot);
  if (!(await hasLineDiscipline(clock, env))) throw noKernelPpp();
  return pppd;
}

function findPppd(env: NodeJS.ProcessEnv): string {
  try {
    return findProgram('pppd', env);
  } catch (error) {
    throw isModemctlError(error, 'DENIED') ? notAllowed() : error;
  }
}

function refusal(code: number | null, output: string, options: LinkOptions, isRoot: boolean): ModemctlError {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const said = printable((lines[0] ?? '').replace(/^pppd: /, '')).trim();
  const details = { program: 'pppd', exitCode: code, said };
  if (code === 3 || /privilege/.test(output)) {
    return new ModemctlError('DENIED', `pppd has not the rights it needs: ${said}`, { hint: SUDO, details });
  }
  if (code === 4) return noKernelPpp();
  if (code === 2)
    return new ModemctlError('USAGE', `pppd refuses its options: ${said}`, { hint: 'See: man pppd', details });
  if (/required to authenticate/.test(output)) {
    if (!options.wantsAuthentication && !isRoot)
      return new ModemctlError('DENIED', NEEDS_NOAUTH, { hint: SUDO, details });
    return new ModemctlError('CONFIG_INVALID', 'there is no secret that a caller could authenticate himself with', {
      hint: `Give him one, in /etc/ppp/chap-secrets: sudo sh -c 'echo "NAME * SECRET *" >> /etc/ppp/chap-secrets'\nOr let anybody in: --no-auth`,
      details,
    });
  }
  return new ModemctlError('HELPER', `pppd would fail with ${code}: ${said}`, { details });
}

const SUDO = 'Run it as root: sudo modemctl ...';
const NEEDS_NOAUTH = 'pppd wants the far end to authenticate itself, and only root may do without';

function notAllowed(): ModemctlError {
  return new ModemctlError('DENIED', 'no right to run pppd', {
    hint: 'Run it as root, or become one of the group dip, then log in again: sudo usermod -aG dip "$USER"',
  });
}

function noKernelPpp(): ModemctlError {
  return new ModemctlError('HELPER', 'this kernel has no PPP', { hint: 'Load it: sudo modprobe ppp_async' });
}

/** PPP on a tty is a line discipline, which the kernel loads when it is asked for it. */
async function hasLineDiscipline(clock: Clock, env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    if (/^n?_?ppp\b/m.test(readFileSync('/proc/tty/ldiscs', 'latin1'))) return true;
    const probed = await runBounded(findProgram('modprobe', env), ['-nq', 'ppp_async'], {
      deadlineMs: LIMIT_MS,
      clock,
    });
    return probed.kind !== 'exit' || probed.code === 0;
  } catch {
    // Nobody to ask: pppd will find out.
    return true;
  }
}
