import { parseDuration } from '../../core/duration.ts';
import { ModemctlError } from '../../core/errors.ts';
import { shellWord } from '../../core/shell-word.ts';
import type { SessionTarget } from '../../modem/session.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { canAsk, confirm } from '../confirm.ts';
import type { Context } from '../context.ts';
import { requireRootForFixes } from '../doctor-fixes.ts';
import { tryCall, tryLine } from '../doctor-tests.ts';
import { Visit } from '../doctor-visit.ts';
import { NewFile } from '../new-file.ts';
import { selectTarget } from '../select.ts';

/** Long enough to find a telephone. */
const CALL_WAIT_MS = 120_000;

export const doctor: CommandSpec = {
  name: 'doctor',
  group: 'Look',
  summary: 'look at everything around the modem, and say what to do about what is wrong',
  settings: { sections: [], lenient: true },
  selectorArgument: true,
  options: [
    { flags: '--fix', describe: 'repair what is safe: install the udev rules, remove stale lock files (root)' },
    { flags: '--line', describe: 'go off-hook for 4 s: is there a dial tone? Asks before it does' },
    { flags: '--call', describe: 'wait for a call of yours: rings, caller ID, picking up' },
    { flags: '--wait <duration>', describe: 'how long --call waits for it (default 2m)', parse: parseDuration },
    { flags: '-y, --yes', describe: 'do not ask' },
    { flags: '--bundle <file>', describe: 'write all of it to a new file, for a bug report; numbers masked' },
  ],
  examples: [
    ['modemctl doctor', 'what is well, what is not, and what to do'],
    ['sudo modemctl doctor --fix', 'and repair what is safe to repair'],
    ['modemctl doctor --line', 'is the telephone line alive?'],
    ['modemctl doctor --call', 'does it ring, and does it tell who calls?'],
    ['modemctl doctor --bundle report.txt', 'for a bug report'],
    ['modemctl doctor --json | jq -r \'.findings[] | select(.verdict == "fail").text\'', 'for scripts'],
  ],
  notes: [
    'Looked at, by the names that --json has: driver, quirk (new_id), power, autosuspend, overCurrent, rights, resetRights, udevRules, holders, getty, modemManager, brltty, splits (Raspberry Pi 1 to 3 and Zero), answers (of a modem that answer or watch has, they tell it), firmware (only where nobody has the modem), board, voltage, locks, pppd, kernelPpp, lrzsz, koffi, configuration; with --line, line; with --call, rings, callerId, pickUp. The verdict is ok, warn (it works, but not all of it or not for long), fail, or unknown (could not look). Without a selector all modems are looked at; --line and --call want one.',
    'Nothing is changed without --fix, and then nothing but what "sudo modemctl setup --remove" takes back and lock files of dead processes. It never goes off-hook by itself: --line does, and --call at the third ring of a call. --line is exit 2 where nobody can be asked, unless --yes is given.',
    'The file of --bundle is for its owner only (mode 600), and a file that is there already is not written over.',
    'Exit codes: 0 nothing is "fail"; 1 something is; 2 nobody to ask, or the file is there already; 3 there is no such modem (the machine is looked at all the same); 4 --fix without root.',
  ],
  run: runDoctor,
};

async function runDoctor(context: Context, { options }: Invocation): Promise<void> {
  const fix = options.fix === true;
  const wantsLine = options.line === true;
  const wantsCall = options.call === true;
  if (options.wait !== undefined && !wantsCall) throw new ModemctlError('USAGE', '--wait belongs to --call');
  if (fix) requireRootForFixes(context);
  if (wantsLine && options.yes !== true && !canAsk(context)) {
    const { device } = context.common;
    const meant = device === undefined ? '' : ` -d ${shellWord(device)}`;
    throw new ModemctlError('USAGE', '--line goes off-hook, and there is nobody to ask', {
      hint: `If that is all right: modemctl doctor --line --yes${meant}`,
    });
  }
  const file = typeof options.bundle === 'string' ? new NewFile(options.bundle) : null;
  try {
    const on = wantsLine || wantsCall ? await targetOf(context) : null;
    const visit = new Visit(context, file !== null);
    await visit.examine();
    if (fix) await visit.repair();
    if (on && wantsLine && (await mayGoOffHook(context, options.yes === true))) {
      visit.add(on.id, await tryLine(context, on.target));
    }
    if (on && wantsCall) {
      visit.add(on.id, await tryCall(context, on.target, (options.wait as number | undefined) ?? CALL_WAIT_MS));
    }
    if (context.signal.aborted) return;
    visit.tell();
    if (file) {
      file.write(await visit.bundle());
      context.report({ bundle: file.path });
      context.say(`written to ${file.path}; look through it before you give it to others`);
    }
    visit.end();
  } finally {
    file?.discard();
  }
}

/** The one modem whose telephone line is to be tried. */
async function targetOf(context: Context): Promise<{ id: string; target: SessionTarget }> {
  const target = await selectTarget(context);
  if (target.kind === 'tty') return { id: target.tty, target: { info: null, tty: target.tty } };
  return { id: target.info.id, target: { info: target.info } };
}

async function mayGoOffHook(context: Context, yes: boolean): Promise<boolean> {
  if (yes || (await confirm(context, 'The modem goes off-hook for 4 s now. Does nobody telephone?'))) return true;
  context.say('the telephone line was not tried');
  return false;
}
