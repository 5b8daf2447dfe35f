import { isModemctlError, type ModemctlError } from '../../core/errors.ts';
import { freeLine } from '../../modem/free-line.ts';
import type { Session } from '../../modem/session.ts';
import { askHolder } from '../../services/control/loan.ts';
import type { CommandSpec } from '../command.ts';
import type { Context } from '../context.ts';
import { awaitReturn, bringBack, isCurable, needsOf, RECOVER_OPTION } from '../recovering.ts';
import { withSession } from '../with-session.ts';

export const hangup: CommandSpec = {
  name: 'hangup',
  group: 'Call',
  summary: 'free the telephone line, whatever state the modem is in',
  settings: { sections: [], lenient: true },
  selectorArgument: true,
  options: [
    { ...RECOVER_OPTION, describe: 'bring a modem that does not answer back, as "modemctl reset" does' },
    { flags: '-f, --force', describe: 'even if another program has the modem' },
  ],
  examples: [
    ['modemctl hangup', 'end the call, or put a line that was left off-hook back'],
    ['modemctl hangup --json usr', 'for scripts'],
    [`pppd /dev/ttyACM0 disconnect 'modemctl -d - hangup' ...`, 'hangs up for pppd'],
  ],
  notes: [
    'DTR is dropped first, so that nothing is written into the call; then ATH; then the escape sequence. A call that another modemctl has is ended there, in its own way. Done means: no carrier, and the modem answers AT. Exit codes: 0 the line is free; 5 in use by another program; 6 the modem does not answer (--recover, or modemctl reset); 9 nor does it after that.',
  ],
  run: async (context, { options }) => {
    await withSession(context, { ...needsOf(options), borrow: false, stdio: true }, async (session) => {
      context.report({ modem: session.id, onHook: false });
      const isRecovering = options.recover === true;
      const trouble = await session.open().catch((error: unknown) => {
        if (isModemctlError(error, 'IN_USE') || (isRecovering && isCurable(error))) return error as ModemctlError;
        throw error;
      });
      context.progress.start('hanging up');
      const done =
        trouble?.code === 'IN_USE'
          ? await hangUpWhereKept(context, session, trouble)
          : await hangUpHere(context, session, isRecovering);
      context.progress.stop();
      context.report(done);
      context.print(`${session.name}: line is on-hook, the modem is ready`);
    });
  },
};

async function hangUpHere(context: Context, session: Session, isRecovering: boolean): Promise<Record<string, unknown>> {
  const hadCarrier = session.isOpen ? await session.hasCarrier() : null;
  try {
    if (!session.isOpen) await session.open();
    await freeLine(session, context.signal);
  } catch (error) {
    if (!isRecovering || context.signal.aborted) throw error;
    const isGone = isModemctlError(error, 'GONE');
    if (!isGone && !isCurable(error)) throw error;
    if (!isGone || !(await awaitReturn(context, session, error))) await bringBack(context, session, { force: true });
    await freeLine(session, context.signal);
  }
  return { onHook: true, hadCarrier, tty: session.tty };
}

/** Another modemctl that has the modem ends the call itself, and goes on with what it does. */
async function hangUpWhereKept(
  { clock }: Context,
  { id, info }: Session,
  inUse: ModemctlError,
): Promise<Record<string, unknown>> {
  const asked = await askHolder({ id, virtual: info?.virtual ?? false }, inUse, { do: 'hangup' }, clock);
  if (!asked) throw inUse;
  asked.client.close();
  return { onHook: true, hadCarrier: asked.reply.hadCarrier ?? null, tty: asked.reply.tty ?? null };
}
