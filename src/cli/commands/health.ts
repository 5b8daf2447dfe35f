import { isModemctlError } from '../../core/errors.ts';
import { examine } from '../../services/health/examine.ts';
import type { Health } from '../../services/health/health.ts';
import { askKeeper, type KeeperStatus } from '../../services/health/keeper.ts';
import { AROUND_NOTE, AROUND_OPTION, around } from '../around.ts';
import type { CommandSpec } from '../command.ts';
import type { Context } from '../context.ts';
import { localTime } from '../event-stream.ts';
import { withSession } from '../with-session.ts';

export const health: CommandSpec = {
  name: 'health',
  group: 'Look',
  summary: 'tell whether the modem is well, without harm to a call or to who has it',
  settings: { sections: [], lenient: true },
  selectorArgument: true,
  options: [AROUND_OPTION],
  examples: [
    ['modemctl health', 'the only modem'],
    ['modemctl health --json usr', 'for scripts and monitoring'],
    ['modemctl health --quiet > /dev/null || modemctl reset', 'every ten minutes, from cron'],
    ['sudo modemctl health --around callattendant', 'of a modem that a service has'],
  ],
  notes: [
    'States: ready (it answers AT); in-call (carrier is on, or our own command says so: nothing is written then); armed ("modemctl answer" or "watch" has it, and says that it answers); held (by another program); silent (it takes bytes and does not answer); stuck-data and stuck-voice (it was online, or in voice or fax state, for nobody; asking has ended that); stalled (it takes no bytes); no-tty; denied; gone.',
    'With --json: modem, state, tty, heldBy (pid, command), keptBy (the command of ours that has it, or null), and what that one knows: lastAnswerAt, lastCallAt (ISO 8601), ringsWithoutCallerId (rings since caller ID last came), recoveries24h; null where nobody knows.',
    'Exit codes: 0 ready, armed, or in a call of ours; 3 no such modem, or it has no tty; 4 rights are missing; 5 another program has it, or a call is up that is not ours; 6 silent, stuck or stalled; 7 gone.',
    AROUND_NOTE,
  ],
  run: (context, { options }) => around(context, options, () => check(context)),
};

async function check(context: Context): Promise<void> {
  try {
    await withSession(context, { forRepair: true, borrow: false, hears: false }, async (session) => {
      context.report({ modem: session.id, tty: session.tty, ...fieldsOf(null) });
      context.progress.start('asking the modem');
      const found = await examine(session, context.signal);
      context.progress.stop();
      tell(context, session.name, found);
    });
  } catch (error) {
    const { device } = context.common;
    if (!isModemctlError(error, 'NO_MODEM') || device === undefined) throw error;
    // Who keeps it knows that it was there, and waits for it.
    const modem = { id: device, name: device, virtual: false };
    const kept = await askKeeper(modem, error, context.clock, context.signal);
    if (kept?.state !== 'gone') throw error;
    context.report({ modem: device, tty: null });
    tell(context, device, kept);
  }
}

function tell(context: Context, name: string, found: Health): void {
  const { state, error, keeper } = found;
  context.report(fieldsOf(found));
  if (error) throw error;
  const { bold, green } = context.colours;
  const by = keeper ? (state === 'armed' ? `, kept by ${keeper.name}` : `, by ${keeper.name}`) : '';
  context.print(`${bold(name)}: ${green(state)}${by}`);
  if (keeper && state === 'armed') for (const line of factLines(keeper)) context.print(line);
}

function fieldsOf(found: Health | null): Record<string, unknown> {
  const { state = null, heldBy = [], keeper = null } = found ?? {};
  return {
    state,
    heldBy,
    keptBy: keeper?.command ?? null,
    lastAnswerAt: keeper?.lastAnswerAt ?? null,
    lastCallAt: keeper?.lastCallAt ?? null,
    ringsWithoutCallerId: keeper?.ringsWithoutCallerId ?? null,
    recoveries24h: keeper?.recoveries24h ?? null,
  };
}

function factLines({ lastAnswerAt, lastCallAt, ringsWithoutCallerId, recoveries24h }: KeeperStatus): string[] {
  const when = (time: string | null) => (time === null ? 'not yet' : localTime(new Date(time)));
  return [
    `  last answered AT         ${when(lastAnswerAt)}`,
    `  last call                ${when(lastCallAt)}`,
    `  rings without caller ID  ${ringsWithoutCallerId ?? 'not told'}`,
    `  recoveries in 24 h       ${recoveries24h ?? 'not told'}`,
  ];
}
