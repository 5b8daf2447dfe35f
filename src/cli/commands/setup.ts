import { existsSync } from 'node:fs';
import { ModemctlError } from '../../core/errors.ts';
import { shellWord } from '../../core/shell-word.ts';
import { installedUnits } from '../../setup/installed-units.ts';
import { planSetup, UDEV_CONTROL } from '../../setup/plan.ts';
import { arePackagedRulesInForce, PACKAGED_RULES_PATH, RULES_PATH } from '../../setup/udev-rules.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { pluggedIn } from '../plugged-in.ts';
import { carryOut } from '../setup-steps.ts';
import { answerService } from './answer.ts';
import { setupOf } from './setup-service.ts';
import { watchService } from './watch.ts';

export const setup: CommandSpec = {
  name: 'setup',
  group: 'Keep it',
  summary: 'install the udev rules (no root for a reset), and services that start at boot',
  subcommands: [setupOf(answerService), setupOf(watchService)],
  options: [
    { flags: '-n, --dry-run', describe: 'print what would be done, and the files; do nothing' },
    { flags: '--remove', describe: 'undo it' },
    { flags: '--add-user [name]', describe: 'also add a user to the group dialout (default: who called sudo)' },
  ],
  examples: [
    ['sudo modemctl setup --add-user', 'for the user who types it'],
    ['modemctl setup --dry-run', 'look first'],
    ['sudo modemctl setup --remove', 'undo'],
    ['sudo modemctl setup answer --login', 'from boot on: a systemd unit, with any options of answer'],
    ['sudo modemctl setup watch', 'the same of watch'],
  ],
  notes: [
    'Rights for the group dialout on tty and USB node of all modems in the catalogue; ModemManager is told to leave them alone; /dev/modem/PORT is a name that lasts (/dev/modem/1-1.2). Membership in a group counts from the next login on.',
    'A service that "setup answer" or "setup watch" made is taken away by its own --remove, not by this one.',
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
  const steps = planSetup({ remove, user, udevRuns, plugged, packaged, written: existsSync(RULES_PATH) });
  context.report({ dryRun, steps });
  if (packaged) context.print(`the rules of the package ${remove ? 'stay' : 'are in place'}: ${PACKAGED_RULES_PATH}`);
  await carryOut(context, steps, dryRun);
  if (!udevRuns && steps.length > 0)
    context.say('note: udevd does not run here; what was changed counts from its next start.');
  if (remove) {
    for (const { name, undo } of installedUnits())
      context.say(`note: ${name} still starts at boot; to end that: ${undo}`);
  }
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

function userToAdd(context: Context, asked: unknown): string | null {
  if (asked === undefined) return null;
  const name = asked === true ? context.world.env.SUDO_USER : String(asked);
  if (name && /^[a-z_][a-z0-9_.-]*\$?$/i.test(name)) return name;
  throw new ModemctlError('USAGE', name ? `"${name}" is not a user's name` : 'it is not clear which user to add', {
    hint: 'sudo modemctl setup --add-user NAME',
  });
}
