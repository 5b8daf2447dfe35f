/** `setup answer` and `setup watch`: the command as a service of systemd's, from boot on. */
import { existsSync } from 'node:fs';
import { isModemctlError, ModemctlError } from '../../core/errors.ts';
import { findProgram } from '../../core/find-program.ts';
import { shellWord } from '../../core/shell-word.ts';
import { printable } from '../../core/text.ts';
import { loadLibc } from '../../native/libc.ts';
import { installedUnits } from '../../setup/installed-units.ts';
import { planSetup, type SetupStep, UDEV_CONTROL } from '../../setup/plan.ts';
import { planService, planServiceRemoval, SYSTEMD_RUNS } from '../../setup/plan-service.ts';
import { serviceUnit, unitName } from '../../setup/service-unit.ts';
import { rulesState } from '../../setup/udev-rules.ts';
import { isOneLine } from '../../setup/unit-words.ts';
import type { CommandSpec, Invocation, OptionSpec } from '../command.ts';
import type { Context } from '../context.ts';
import { pluggedIn } from '../plugged-in.ts';
import { argvHere } from '../self.ts';
import type { Servable } from '../servable.ts';
import { namedModem, serviceModem } from '../service-modem.ts';
import { serviceUser } from '../service-user.ts';
import { longFlag, serviceWords, writtenFiles } from '../service-words.ts';
import { carryOut, stateOf } from '../setup-steps.ts';
import { STDIO } from '../stdio.ts';

const SETUP_OPTIONS: readonly OptionSpec[] = [
  { flags: '-n, --dry-run', describe: 'print what would be done, and the unit; do nothing' },
  { flags: '--remove', describe: 'undo it' },
  { flags: '--run-as <user>', describe: 'who it runs as (default: who called sudo; root for logins and PPP)' },
];
/** Of the options that all commands have, those that are about this run and not about the service's. */
const OF_THIS_RUN = ['--device', '--json', '--color', '--no-color', '--quiet'];

const NOTES: readonly string[] = [
  'The options are checked now, and written into /etc/systemd/system/modemctl-COMMAND@MODEM.service (without @MODEM where no modem is named). It waits for its modem at boot and after a replug; it is started again 30 s after a failure, at once unless a wrong option or a winmodem is the reason. Set up again with other options it is replaced and started again.',
  'It may do no more than it needs (systemd-analyze security): a program of --exec cannot become root, nor change the system below /usr and /etc. With --login and --auto nothing is taken away, because whoever logs in would be without it too. What should be otherwise: sudo systemctl edit UNIT.',
  'Log: journalctl -fu UNIT. State: systemctl status UNIT.',
];

export function setupOf(servable: Servable): CommandSpec {
  const { command, summary, examples } = servable;
  return {
    name: `setup ${command.name}`,
    group: 'Keep it',
    summary,
    options: [...SETUP_OPTIONS, ...(command.options ?? []).filter(({ flags }) => flags !== '--await')],
    examples,
    notes: NOTES,
    selectorArgument: true,
    ...(command.settings ? { settings: command.settings } : {}),
    ...(command.passesOn ? { passesOn: command.passesOn } : {}),
    run: (context, invocation) => runSetup(servable, context, invocation),
  };
}

async function runSetup(servable: Servable, context: Context, invocation: Invocation): Promise<void> {
  const dryRun = invocation.options.dryRun === true;
  if (invocation.options.remove !== true) await checkOptions(servable, context, invocation);
  if (!dryRun && process.getuid?.() !== 0) {
    throw new ModemctlError('DENIED', 'setting up a service needs root', {
      hint: asRoot(servable, context, invocation),
    });
  }
  requireSystemd(context, dryRun);
  const systemdRuns = existsSync(SYSTEMD_RUNS);
  if (invocation.options.remove === true) return remove(servable, context, { dryRun, systemdRuns });
  const modem = await serviceModem(context, servable.needs);
  const unit = unitName(servable.command.name, modem.selector);
  const text = await unitText(servable, context, invocation, { unit, selector: modem.selector });
  const steps = [...(await rulesSteps(context)), ...planService({ unit, text, systemdRuns })];
  context.report({ dryRun, unit, steps });
  for (const note of modem.notes) context.say(`${context.colourOfTalk.yellow('note:')} ${printable(note)}`);
  warnOfOthers(context, unit);
  await carryOut(context, steps, dryRun, unit);
  if (!systemdRuns) context.say('note: systemd does not run here; the service starts with the next boot.');
  if (dryRun) return;
  if (systemdRuns) context.print(`state: ${await stateOf(context, unit)}`);
  context.print(`log:   journalctl -fu ${unit}`);
  context.print(`undo:  sudo modemctl setup ${servable.command.name} --remove${selectorWords(modem.selector)}`);
}

/** @throws ModemctlError USAGE, and what the command itself says of its options */
async function checkOptions(servable: Servable, context: Context, invocation: Invocation): Promise<void> {
  const { command, refuse, check } = servable;
  const hint = `See: modemctl setup ${command.name} --help`;
  if (context.common.device === STDIO) {
    throw new ModemctlError('USAGE', 'a service has no modem on its stdin and stdout', { hint });
  }
  const why = refuse(invocation.options);
  if (why !== null) throw new ModemctlError('USAGE', why, { hint });
  try {
    await check(context, invocation);
  } catch (error) {
    // What only root may is known when root asks.
    if (!isModemctlError(error, 'DENIED') || process.getuid?.() === 0) throw error;
  }
}

async function unitText(
  { command, needs, taskOf }: Servable,
  context: Context,
  { options, typed = [], passedOn = [] }: Invocation,
  { unit, selector }: { readonly unit: string; readonly selector: string | null },
): Promise<string> {
  const own = typed.filter(({ spec }) => !SETUP_OPTIONS.includes(spec) && !OF_THIS_RUN.includes(longFlag(spec)));
  const surroundings = { folder: process.cwd(), env: context.world.env };
  // Also what the configuration says; it may come to say it later.
  const runs = ['exec', 'tty', 'onFailure', 'powerCommand'].some((name) => options[name] !== undefined);
  const task = taskOf(options, runs);
  const user = await serviceUser(context, {
    asked: options.runAs,
    task,
    power: own.some(({ spec }) => longFlag(spec) === '--recover-power'),
  });
  const files = writtenFiles(own, surroundings);
  const words = serviceWords(own, surroundings);
  const launcher = argvHere();
  const all = needs === 'one' ? 'the modem' : 'every modem';
  const modem = selector === null ? [] : ['--device', selector];
  const rest = passedOn.length > 0 ? ['--', ...passedOn] : [];
  return serviceUnit({
    unit,
    description: `modemctl ${command.name}: ${selector === null ? all : `modem ${printable(selector)}`}`,
    argv: [...launcher, command.name, ...modem, '--await', ...words, ...rest],
    user,
    task,
    folder: runs && isOneLine(surroundings.folder) ? surroundings.folder : null,
    shares: options.share === true,
    usesTmp: [surroundings.folder, ...launcher, ...words].some((text) => /(^|\s)'?\/(var\/)?tmp(\/|$)/.test(text)),
    writes: [...new Set(files.map((path) => path.replace(/\/[^/]*$/, '') || '/'))],
    notifiesItself: (await loadLibc()) !== null,
    undo: `sudo modemctl setup ${command.name} --remove${selectorWords(selector)}`,
  });
}

/** The rights of who it runs as, and ModemManager told to leave the modem alone. */
async function rulesSteps(context: Context): Promise<SetupStep[]> {
  const plugged = await pluggedIn(context);
  if (rulesState(plugged) === 'current') return [];
  return planSetup({ remove: false, user: null, udevRuns: existsSync(UDEV_CONTROL), plugged });
}

/** Two services on one modem: whoever comes second waits for ever. */
function warnOfOthers(context: Context, unit: string): void {
  const modemOf = (name: string) => /@(.*)\.service$/.exec(name)?.[1];
  for (const { name } of installedUnits()) {
    const [ours, theirs] = [modemOf(unit), modemOf(name)];
    const isOther = name === unit || (ours !== undefined && theirs !== undefined && ours !== theirs);
    if (isOther) continue;
    context.say(`${context.colourOfTalk.yellow('note:')} ${name} is there too; a modem can have one of them only`);
  }
}

async function remove(
  { command }: Servable,
  context: Context,
  { dryRun, systemdRuns }: { readonly dryRun: boolean; readonly systemdRuns: boolean },
): Promise<void> {
  const installed = installedUnits(command.name);
  const device = namedModem(context);
  const wanted = device === null ? null : unitName(command.name, device);
  const [unit, ...more] = wanted === null ? installed : installed.filter(({ name }) => name === wanted);
  if (unit === undefined) {
    const others = installed.map(({ undo }) => undo).join('\n');
    throw new ModemctlError('USAGE', `there is no ${wanted ?? `service of modemctl ${command.name}`}`, {
      hint: others || `It would be made by: sudo modemctl setup ${command.name} ...`,
    });
  }
  if (more.length > 0) {
    throw new ModemctlError('USAGE', `there are ${installed.length} services of modemctl ${command.name}`, {
      hint: installed.map(({ undo }) => undo).join('\n'),
    });
  }
  const steps = planServiceRemoval(unit.name, { systemdRuns });
  context.report({ dryRun, unit: unit.name, steps });
  await carryOut(context, steps, dryRun, unit.name);
}

/** @throws ModemctlError HELPER */
function requireSystemd({ world }: Context, dryRun: boolean): void {
  try {
    findProgram('systemctl', world.env);
  } catch (error) {
    if (dryRun) return;
    throw new ModemctlError('HELPER', 'this system has no systemd', {
      hint: 'The same with --dry-run prints what it would be told, for what this system has instead.',
      cause: error,
    });
  }
}

function selectorWords(selector: string | null): string {
  return selector === null ? '' : ` -d ${shellWord(selector)}`;
}

/** The same command line behind sudo. */
function asRoot({ command }: Servable, context: Context, { typed = [], passedOn = [] }: Invocation): string {
  const words = typed.flatMap(({ spec, value }) => {
    if (longFlag(spec) === '--device') return [];
    return value === null ? [longFlag(spec)] : [longFlag(spec), shellWord(value)];
  });
  const device = namedModem(context);
  const modem = device === null ? [] : ['-d', shellWord(device)];
  const rest = passedOn.length > 0 ? ['--', ...passedOn.map(shellWord)] : [];
  return ['sudo modemctl setup', command.name, ...modem, ...words, ...rest].join(' ');
}
