import { ModemctlError } from '../../core/errors.ts';
import { describeStep, performStep, planSetup } from '../../setup/plan.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import type { Context } from '../context.ts';

export const setup: CommandSpec = {
  name: 'setup',
  group: 'Keep it',
  summary: 'install the udev rules, so that nobody needs root for a reset',
  options: [
    { flags: '-n, --dry-run', describe: 'print what would be done, and the files; do nothing' },
    { flags: '--remove', describe: 'undo it' },
    { flags: '--add-user [name]', describe: 'also add a user to the group dialout (default: who called sudo)' },
  ],
  examples: [
    ['sudo modemctl setup --add-user', 'for the user who types it'],
    ['modemctl setup --dry-run', 'look first'],
    ['sudo modemctl setup --remove', 'undo'],
  ],
  notes: [
    'Rights for the group dialout on tty and USB node of all modems in the catalogue; ModemManager is told to leave them alone; /dev/modem/PORT is a name that lasts (/dev/modem/1-1.2). Membership in a group counts from the next login on.',
  ],
  run: runSetup,
};

async function runSetup(context: Context, { options }: Invocation): Promise<void> {
  const user = userToAdd(context, options.addUser);
  const steps = planSetup({ remove: options.remove === true, user });
  const dryRun = options.dryRun === true;
  context.report({ dryRun, steps });
  if (!dryRun && process.getuid?.() !== 0) {
    throw new ModemctlError('DENIED', 'setting up needs root', { hint: 'sudo modemctl setup' });
  }
  for (const step of steps) {
    context.print(describeStep(step));
    if (dryRun && step.kind === 'write') context.print(`${step.text.trimEnd()}\n`);
    if (!dryRun) await performStep(step, context.clock, context.signal);
  }
  if (!dryRun && user !== null) context.print(`${user}: log in again, then: modemctl detect`);
}

function userToAdd(context: Context, asked: unknown): string | null {
  if (asked === undefined) return null;
  const name = asked === true ? context.world.env.SUDO_USER : String(asked);
  if (name && /^[a-z_][a-z0-9_.-]*\$?$/i.test(name)) return name;
  throw new ModemctlError('USAGE', name ? `"${name}" is not a user's name` : 'it is not clear which user to add', {
    hint: 'sudo modemctl setup --add-user NAME',
  });
}
