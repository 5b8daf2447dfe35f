/** Who a service runs as. */
import { runBounded } from '../core/bounded-child.ts';
import { ModemctlError } from '../core/errors.ts';
import type { ServiceTask } from '../setup/service-sandbox.ts';
import type { Context } from './context.ts';

const LIMIT_MS = 10_000;

export interface UserWish {
  /** `--run-as`. */
  readonly asked: unknown;
  readonly task: ServiceTask;
  /** It may have to switch a port's power. */
  readonly power: boolean;
}

/**
 * Root only where it must be: a caller's program is nobody's administrator.
 * @throws ModemctlError USAGE
 */
export async function serviceUser({ world, clock }: Context, { asked, task, power }: UserWish): Promise<string> {
  const needsRoot = task === 'login' || task === 'ppp';
  if (typeof asked === 'string') {
    if (needsRoot && asked !== 'root') throw new ModemctlError('USAGE', 'logins and PPP need root: leave out --run-as');
    return known(asked, world.env, clock);
  }
  // A port's own switch is root's; but who has a program run says whether that is to be root's too.
  if (needsRoot || (power && task === 'none')) return 'root';
  const { SUDO_USER: caller } = world.env;
  // A dry run needs no sudo.
  const name = caller || (process.getuid?.() === 0 ? '' : (world.env.USER ?? ''));
  if (name && name !== 'root') return known(name, world.env, clock);
  throw new ModemctlError('USAGE', 'it is not clear who the service is to run as', {
    hint: 'Say it: --run-as USER (the group dialout comes by itself), or --run-as root',
  });
}

async function known(name: string, env: NodeJS.ProcessEnv, clock: Context['clock']): Promise<string> {
  if (/^[a-z_][a-z0-9_.-]*\$?$/i.test(name)) {
    const outcome = await runBounded('id', ['-u', '--', name], { deadlineMs: LIMIT_MS, clock, env });
    if (outcome.kind !== 'exit' || outcome.code === 0) return name;
  }
  throw new ModemctlError('USAGE', `there is no user "${name}"`, { hint: 'See who there is: getent passwd' });
}
