/** `--recover`: a command that finds its modem hung brings it back first. */
import { isModemctlError } from '../core/errors.ts';
import { PROOF_LIMIT_MS } from '../modem/proof.ts';
import { notRecovered, recover } from '../modem/recover.ts';
import type { Session } from '../modem/session.ts';
import type { Invocation, OptionSpec } from './command.ts';
import type { Context } from './context.ts';
import { stepLine } from './step-line.ts';
import type { SessionNeeds } from './with-session.ts';

export const RECOVER_OPTION: OptionSpec = {
  flags: '--recover',
  describe: 'bring a modem that does not answer back first, as "modemctl reset" does',
};

/** What `--force` and `--recover` mean for finding the modem. */
export function needsOf({ force, recover }: Invocation['options']): Pick<SessionNeeds, 'force' | 'forRepair'> {
  return { force: force === true, forRepair: recover === true };
}

/**
 * Opens the modem for a command. With `--recover` it is asked before, unless a call is up; what the command itself sends is never sent twice.
 * @throws ModemctlError as Session.open; NOT_RECOVERED, DENIED (rights for a reset), IN_CALL
 */
export async function openForCommand(
  context: Context,
  session: Session,
  { recover: recovers }: Invocation['options'],
): Promise<void> {
  if (recovers !== true || (await answers(context, session)) || context.signal.aborted) {
    if (!session.isOpen) await session.open();
    return;
  }
  await bringBack(context, session);
}

/**
 * The ladder, told as it is climbed.
 * @param options.force although a call may be up: it is to end
 * @throws ModemctlError as {@link recover}; NOT_RECOVERED
 */
export async function bringBack(
  context: Context,
  session: Session,
  options: { readonly force?: boolean } = {},
): Promise<void> {
  context.say(`${session.name} does not answer`);
  const report = await recover(session, {
    ...options,
    signal: context.signal,
    onStep: (step) => context.progress.start(`recovering: ${step}`),
    onStepDone: (done) => context.say(stepLine(context.colourOfTalk, done)),
  });
  context.progress.stop();
  context.report({ recoveredFirst: report.recoveredBy });
  if (!report.recovered) throw notRecovered(session, report);
}

async function answers(context: Context, session: Session): Promise<boolean> {
  try {
    await session.open();
    // The command itself refuses a call.
    return (await session.hasCarrier()) === true || (await session.answers(PROOF_LIMIT_MS, context.signal));
  } catch (error) {
    if (isCurable(error)) return false;
    throw error;
  }
}

/** It does not answer, takes no bytes, or has no tty. */
export function isCurable(error: unknown): boolean {
  return isModemctlError(error, 'NOT_RESPONDING') || isModemctlError(error, 'UNUSABLE');
}
