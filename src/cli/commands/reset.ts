import { notRecovered, type RecoveryReport, recover, STEPS, type Step, type StepReport } from '../../modem/recover.ts';
import type { Session } from '../../modem/session.ts';
import { AROUND_NOTE, AROUND_OPTION, around } from '../around.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { stepLine } from '../step-line.ts';
import { withSession } from '../with-session.ts';

export const reset: CommandSpec = {
  name: 'reset',
  group: 'Keep it',
  summary: 'bring a hung modem back: gentlest step first, until it answers AT',
  selectorArgument: true,
  options: [
    { flags: '-m, --method <step>', describe: 'go straight to one step', choices: STEPS },
    { flags: '-f, --force', describe: 'even if another program has the modem, or a call is up' },
    AROUND_OPTION,
  ],
  examples: [
    ['modemctl reset', 'the only modem'],
    ['modemctl reset --method usb usr', 'a USB reset at once, of the modem with "usr" in its name'],
    ['modemctl reset --json', 'for scripts: every step and how it ended'],
    ['sudo modemctl reset --around callattendant', 'of a modem that a service has'],
  ],
  notes: [
    'Steps: at (ask it), escape (leave voice, fax and data states: DLE ETX, +++, ATH), dtr (drop DTR), usb (bind a lost driver, else a USB reset). After each the modem must answer AT; only that counts. Port power is never touched: on a Raspberry Pi it would take disk and network along.',
    'Exit codes: 0 it answers; 4 rights for the USB reset are missing; 5 in use, or a call is up; 9 it does not answer whatever was tried.',
    AROUND_NOTE,
  ],
  run: runReset,
};

const WHAT: Readonly<Record<Step, string>> = {
  at: 'asking it',
  escape: 'leaving data, voice and fax states',
  dtr: 'dropping DTR',
  usb: 'USB reset',
};

function runReset(context: Context, { options }: Invocation): Promise<void> {
  return around(context, options, () => bringBack(context, options));
}

async function bringBack(context: Context, options: Invocation['options']): Promise<void> {
  const method = options.method as Step | undefined;
  const force = options.force === true;
  await withSession(context, { force, forRepair: true }, async (session) => {
    const steps: StepReport[] = [];
    context.report({ modem: session.id, recovered: false, recoveredBy: null, steps, tty: session.tty });
    const report = await recover(session, {
      method,
      force,
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
  return [`${session.name} answers again, after step ${recoveredBy}.`];
}
