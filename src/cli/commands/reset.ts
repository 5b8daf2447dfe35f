import { ModemctlError } from '../../core/errors.ts';
import {
  ladderOf,
  notRecovered,
  type RecoveryReport,
  recover,
  STEPS,
  type Step,
  type StepReport,
} from '../../modem/recover.ts';
import type { Session, SessionTarget } from '../../modem/session.ts';
import { presentOrAbsent } from '../absent-target.ts';
import { AROUND_NOTE, AROUND_OPTION, around } from '../around.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { POWER_NOTE, POWER_OPTIONS, permittedPower, powerPolicy } from '../power-options.ts';
import { stepLine } from '../step-line.ts';
import { withSession } from '../with-session.ts';

export const reset: CommandSpec = {
  name: 'reset',
  group: 'Keep it',
  summary: 'bring a hung modem back: gentlest step first, until it answers AT',
  settings: { sections: ['recovery'], lenient: true },
  selectorArgument: true,
  options: [
    { flags: '-m, --method <step>', describe: 'go straight to one step', choices: STEPS },
    { flags: '--up-to <step>', describe: 'the strongest step that may be taken (default usb)', choices: STEPS },
    ...POWER_OPTIONS,
    { flags: '-f, --force', describe: 'even if another program has the modem, or a call is up' },
    AROUND_OPTION,
  ],
  examples: [
    ['modemctl reset', 'the only modem'],
    ['modemctl reset --method usb usr', 'a USB reset at once, of the modem with "usr" in its name'],
    ['sudo modemctl reset --up-to power', 'if a USB reset does not help, switch the power of its port'],
    ['sudo modemctl reset -d 1-1.2 --method power', 'of a modem that has left the bus: by its port'],
    ['modemctl reset --json', 'for scripts: every step and how it ended'],
    ['sudo modemctl reset --around callattendant', 'of a modem that a service has'],
  ],
  notes: [
    'Steps: at (ask it), escape (leave voice, fax and data states: DLE ETX, +++, ATH), dtr (drop DTR), usb (bind a lost driver, else a USB reset); and, only where it is named, power (of its USB port, off and on). After each the modem must answer AT; only that counts.',
    POWER_NOTE,
    'Exit codes: 0 it answers; 2 power would be switched for what this machine needs; 4 rights for the USB reset or for power are missing; 5 in use, or a call is up; 8 there is no way to switch power here; 9 it does not answer whatever was tried.',
    AROUND_NOTE,
  ],
  run: runReset,
};

const WHAT: Readonly<Record<Step, string>> = {
  at: 'asking it',
  escape: 'leaving data, voice and fax states',
  dtr: 'dropping DTR',
  usb: 'USB reset',
  power: 'power off and on',
};

async function runReset(context: Context, invocation: Invocation): Promise<void> {
  const { options } = invocation;
  if (options.method !== undefined && options.upTo !== undefined) {
    throw new ModemctlError('USAGE', '--method takes one step, --up-to all up to one: only one of them can be meant');
  }
  const find = () => findModem(context, options);
  return around(context, options, () => bringBack(context, invocation), find);
}

function ladder({ method, upTo }: Invocation['options']): readonly Step[] {
  return ladderOf({ method: method as Step | undefined, upTo: upTo as Step | undefined });
}

/** The place of a modem that has left the bus will do, where its power may be switched. */
async function findModem(context: Context, options: Invocation['options']): Promise<SessionTarget | undefined> {
  const holders = options.force === true;
  return ladder(options).includes('power') ? presentOrAbsent(context, { holders }) : undefined;
}

async function bringBack(context: Context, { options, given }: Invocation): Promise<void> {
  const method = options.method as Step | undefined;
  const upTo = options.upTo as Step | undefined;
  const force = options.force === true;
  const hasPower = ladder(options).includes('power');
  const power = powerPolicy(options, hasPower, '--up-to power');
  const target = await findModem(context, options);
  await withSession(context, { force, forRepair: true, ...(target ? { target } : {}) }, async (session) => {
    const steps: StepReport[] = [];
    context.report({ modem: session.id, recovered: false, recoveredBy: null, steps, tty: session.tty });
    const permitted = hasPower ? await permittedPower(context, session, power, given) : null;
    const report = await recover(session, {
      method,
      // Only the configuration wished for more.
      upTo: hasPower && permitted === null ? undefined : upTo,
      power: permitted ?? undefined,
      force,
      onNote: (note) => context.say(`${context.colourOfTalk.yellow('note:')} ${note}`),
      signal: context.signal,
      onStep: (step) => context.progress.start(`${step}: ${WHAT[step]}`),
      onStepDone: (done) => {
        steps.push(done);
        context.say(stepLine(context.colourOfTalk, done));
      },
    });
    context.report({ recovered: report.recovered, recoveredBy: report.recoveredBy, tty: report.tty });
    context.progress.stop();
    if (!report.recovered) throw notRecovered(session, report);
    for (const line of verdict(session, report, method)) context.print(line);
  });
}

function verdict(session: Session, { recoveredBy }: RecoveryReport, method: Step | undefined): string[] {
  if (recoveredBy === 'at' && method === undefined) {
    const more = session.info ? [`If it fails in another way: modemctl reset --method usb -d ${session.id}`] : [];
    return [`${session.name} answers; nothing was reset.`, ...more];
  }
  const restarted = recoveredBy === 'usb' || recoveredBy === 'power';
  const lost = `Settings that were not saved are gone; to set it up again: modemctl init -d ${session.id}`;
  return [`${session.name} answers again, after step ${recoveredBy}.`, ...(restarted ? [lost] : [])];
}
