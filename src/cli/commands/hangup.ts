import { freeLine } from '../../modem/free-line.ts';
import type { CommandSpec } from '../command.ts';
import { withSession } from '../with-session.ts';

export const hangup: CommandSpec = {
  name: 'hangup',
  group: 'Call',
  summary: 'free the telephone line, whatever state the modem is in',
  selectorArgument: true,
  options: [{ flags: '-f, --force', describe: 'even if another program has the modem' }],
  examples: [
    ['modemctl hangup', 'end the call, or put a line that was left off-hook back'],
    ['modemctl hangup --json usr', 'for scripts'],
  ],
  notes: [
    'DTR is dropped first, so that nothing is written into the call; then ATH; then the escape sequence. Done means: no carrier, and the modem answers AT. Exit codes: 0 the line is free; 5 in use by another program; 6 the modem does not answer (modemctl reset).',
  ],
  run: async (context, { options }) => {
    await withSession(context, { force: options.force === true }, async (session) => {
      context.report({ modem: session.id, onHook: false });
      await session.open();
      const hadCarrier = await session.hasCarrier();
      context.progress.start('hanging up');
      await freeLine(session, context.signal);
      context.progress.stop();
      context.report({ onHook: true, hadCarrier, tty: session.tty });
      context.print(`${session.name}: line is on-hook, the modem is ready`);
    });
  },
};
