import { existsSync } from 'node:fs';
import { ModemctlError } from '../../core/errors.ts';
import { shellWord } from '../../core/shell-word.ts';
import { describeStep, performStep, planSetup, UDEV_CONTROL } from '../../setup/plan.ts';
import { arePackagedRulesInForce, PACKAGED_RULES_PATH } from '../../setup/udev-rules.ts';
import { listModems } from '../../usb/list-modems.ts';
import type { ModemInfo } from '../../usb/modem-info.ts';
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
  const remove = options.remove === true;
  if (remove && options.addUser !== undefined) {
    throw new ModemctlError('USAGE', '--remove takes nobody out of a group, and puts nobody in', {
      hint: 'sudo modemctl setup --remove',
    });
  }
  const dryRun = options.dryRun === true;
  if (!dryRun && process.getuid?.() !== 0) {
    throw new ModemctlError('DENIED', 'setting up needs root', { hint: asRoot(options) });
  }
  const user = userToAdd(context, options.addUser);
  const udevRuns = existsSync(UDEV_CONTROL);
  const plugged = await pluggedIn(context);
  const packaged = remove ? existsSync(PACKAGED_RULES_PATH) : arePackagedRulesInForce(plugged);
  const steps = planSetup({ remove, user, udevRuns, plugged, packaged });
  context.report({ dryRun, steps });
  if (packaged) context.print(`the rules of the package ${remove ? 'stay' : 'are in place'}: ${PACKAGED_RULES_PATH}`);
  for (const step of steps) {
    context.print(describeStep(step));
    if (dryRun && step.kind === 'write') context.print(`${step.text.trimEnd()}\n`);
    if (!dryRun) await performStep(step, context.clock, context.signal);
  }
  if (!udevRuns) context.say('note: udevd does not run here; what was changed counts from its next start.');
  if (!dryRun && user !== null) context.print(`${user}: log in again, then: modemctl detect`);
}

/** The same command line behind sudo. */
function asRoot({ remove, addUser }: Invocation['options']): string {
  const option = remove
    ? ' --remove'
    : addUser === true
      ? ' --add-user'
      : addUser
        ? ` --add-user ${shellWord(String(addUser))}`
        : '';
  return `sudo modemctl setup${option}`;
}

/** Real modems, softmodems aside. */
export async function pluggedIn({ clock, signal }: Context): Promise<ModemInfo[]> {
  const modems = await listModems({ clock, signal });
  return modems.filter(({ virtual, kind }) => !virtual && kind !== 'softmodem');
}

function userToAdd(context: Context, asked: unknown): string | null {
  if (asked === undefined) return null;
  const name = asked === true ? context.world.env.SUDO_USER : String(asked);
  if (name && /^[a-z_][a-z0-9_.-]*\$?$/i.test(name)) return name;
  throw new ModemctlError('USAGE', name ? `"${name}" is not a user's name` : 'it is not clear which user to add', {
    hint: 'sudo modemctl setup --add-user NAME',
  });
}
