import { isModemctlError, type ModemctlError } from '../../core/errors.ts';
import { freeLine } from '../../modem/free-line.ts';
import type { Session } from '../../modem/session.ts';
import { askHolder } from '../../services/control/loan.ts';
import type { CommandSpec } from '../command.ts';
import type { Context } from '../context.ts';
import { withSession } from '../with-session.ts';

export const hangup: CommandSpec = {
  name: 'hangup',
  group: 'Call',
  summary: 'free the telephone line, whatever state the modem is in',
  settings: { sections: [], lenient: true },
  selectorArgument: true,
  options: [{ flags: '-f, --force', describe: 'even if another program has the modem' }],
  examples: [
    ['modemctl hangup', 'end the call, or put a line that was left off-hook back'],
    ['modemctl hangup --json usr', 'for scripts'],
    [`pppd /dev/ttyACM0 disconnect 'modemctl -d - hangup' ...`, 'hangs up for pppd'],
  ],
  notes: [
    'DTR is dropped first, so that nothing is written into the call; then ATH; then the escape sequence. A call that another modemctl has is ended there, in its own way. Done means: no carrier, and the modem answers AT. Exit codes: 0 the line is free; 5 in use by another program; 6 the modem does not answer (modemctl reset).',
  ],
  run: async (context, { options }) => {
    const force = options.force === true;
    await withSession(context, { force, borrow: false, stdio: true }, async (session) => {
      context.report({ modem: session.id, onHook: false });
      const inUse = await session.open().catch((error: unknown) => {
        if (isModemctlError(error, 'IN_USE')) return error;
        throw error;
      });
      context.progress.start('hanging up');
      const done = inUse ? await hangUpWhereKept(context, session, inUse) : await hangUpHere(context, session);
      context.progress.stop();
      context.report(done);
      context.print(`${session.name}: line is on-hook, the modem is ready`);
    });
  },
};

async function hangUpHere(context: Context, session: Session): Promise<Record<string, unknown>> {
  const hadCarrier = await session.hasCarrier();
  await freeLine(session, context.signal);
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
