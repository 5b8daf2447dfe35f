/** `--recover`: a command that finds its modem hung brings it back first. */
import { isModemctlError, ModemctlError } from '../core/errors.ts';
import { comeBack, RETURN_LIMIT_MS } from '../modem/come-back.ts';
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
 * A modem that left its port when it was asked may be back in seconds, under whatever tty.
 * @returns whether it answers
 * @throws ModemctlError GONE: it did not come back, or is another
 */
export async function awaitReturn(context: Context, session: Session, gone: ModemctlError): Promise<boolean> {
  const { info } = session;
  if (!info) throw gone;
  context.say(`${session.name} went away; waiting for it`);
  context.progress.start('waiting for it', RETURN_LIMIT_MS);
  await session.close();
  const back = await comeBack(session, info, context.signal);
  context.progress.stop();
  // Only one that came back was opened.
  if (!session.isOpen && !context.signal.aborted) {
    const { code, hint, details } = gone;
    throw new ModemctlError(code, `${info.model} at ${info.id} went away: ${back.detail}`, {
      hint: hint ?? undefined,
      details,
    });
  }
  if (back.outcome === 'answered') context.say(`${session.name} is back`);
  return back.outcome === 'answered';
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
    if (isModemctlError(error, 'GONE')) return awaitReturn(context, session, error);
    if (isCurable(error)) return false;
    throw error;
  }
}

/** It does not answer, takes no bytes, or has no tty. */
export function isCurable(error: unknown): boolean {
  return isModemctlError(error, 'NOT_RESPONDING') || isModemctlError(error, 'UNUSABLE');
}
