/** The system's own login on a tty: agetty (util-linux), which sets the line up, writes utmp and gives way to login; where there is none, login itself. */
import { isModemctlError } from '../../core/errors.ts';
import { findProgram } from '../../core/find-program.ts';

/** What agetty takes a serial line for, and what any terminal program of a caller's understands. */
const TERM = 'vt102';
/** For the name; login has a limit of its own for the password (LOGIN_TIMEOUT of login.defs, 60 s). */
const NAME_LIMIT_S = 60;
const BAUD_RATE = 115_200;

/**
 * It leads a session of its own, whose terminal the tty is: with CLOCAL off the kernel ends them all when the carrier goes. It opens the tty once and keeps it open, so that DTR does not drop meanwhile.
 */
const ON_TTY = 'exec 0<>"$MODEMCTL_TTY" 1>&0 2>&0; exec "$@"';
/** agetty asks before it sets the line up, and leaves the ends of its own lines as they are: a raw tty's make a staircase of /etc/issue. */
const ON_LINES_TTY = 'stty opost onlcr; exec "$@"';
/** What agetty would have set: lines end as terminals want it, hardware flow control, no echo of carriage returns as `^M`. */
const ON_SANE_TTY = 'stty sane -clocal crtscts; exec "$@"';

/**
 * @param user who gave his name already; null: he is asked for it
 * @returns a program for a hand-over, to be run by root
 * @throws ModemctlError HELPER: what it takes is not installed
 */
export function loginProgram(env: NodeJS.ProcessEnv, user: string | null = null): readonly [string, ...string[]] {
  const login = findProgram('login', env);
  const own = [findProgram('setsid', env), '/bin/sh', '-c', ON_TTY, 'sh'] as const;
  // With a name agetty (--skip-login) would not know how the caller's lines end, and leave his carriage returns as they are.
  const agetty = user === null ? findIfThere('agetty', env) : null;
  if (agetty === null) {
    const named = user === null ? [] : ['--', user];
    return [...own, '/bin/sh', '-c', ON_SANE_TTY, 'sh', '/usr/bin/env', `TERM=${TERM}`, login, ...named];
  }
  // Not --local-line=never: util-linux 2.38 takes the equals sign with the short option only.
  const options = ['-L=never', '--flow-control', '--8bits', '--noclear', '--timeout', `${NAME_LIMIT_S}`];
  return [
    ...own,
    '/bin/sh',
    '-c',
    ON_LINES_TTY,
    'sh',
    agetty,
    ...options,
    '--login-program',
    login,
    '-',
    `${BAUD_RATE}`,
    TERM,
  ];
}

function findIfThere(name: string, env: NodeJS.ProcessEnv): string | null {
  try {
    return findProgram(name, env);
  } catch (error) {
    if (isModemctlError(error, 'HELPER')) return null;
    throw error;
  }
}
