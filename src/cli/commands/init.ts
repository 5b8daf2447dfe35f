import { ModemctlError } from '../../core/errors.ts';
import { parseCountry } from '../../modem/families/countries.ts';
import type { Purpose } from '../../modem/families/family.ts';
import { type ItemReport, initialise } from '../../modem/initialise.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { needsOf, openForCommand, RECOVER_OPTION } from '../recovering.ts';
import { withSession } from '../with-session.ts';

const PURPOSES: Readonly<Record<string, Purpose>> = { dial: 'dial', answer: 'answer', 'caller-id': 'callerId' };

export const init: CommandSpec = {
  name: 'init',
  group: 'Talk',
  summary: 'bring the modem to a known state, item by item, and say what it refused',
  settings: { sections: [''] },
  selectorArgument: true,
  options: [
    { flags: '--for <purpose>', describe: 'what the modem is to do (default dial)', choices: Object.keys(PURPOSES) },
    {
      flags: '--country <code>',
      describe: 'two letters (DE, US, GB): the telephone network it is on',
      parse: parseCountry,
    },
    { flags: '--save', describe: "write the settings to the modem's own memory; nothing else ever does" },
    RECOVER_OPTION,
    { flags: '-f, --force', describe: 'even if another program has the modem, or a call is up' },
  ],
  examples: [
    ['modemctl init', 'ready to dial'],
    ['modemctl init --for caller-id --country GB', 'a modem that is to show who calls, in the United Kingdom'],
    ['modemctl init --save', 'and keep it over power-off'],
  ],
  notes: [
    'How long it lasts: until ATZ, a reset or an unplug, unless saved; caller ID and fax or voice mode are lost with those even then. A modem whose profile has &D3 loses it each time its tty is closed; this init sets &D2.',
    'Exit codes: 0 fit for the purpose (items that were only wished for may have been refused); 1 an item that the purpose needs was refused.',
  ],
  run: runInit,
};

async function runInit(context: Context, { options }: Invocation): Promise<void> {
  const purpose = PURPOSES[(options.for as string | undefined) ?? 'dial'] ?? 'dial';
  const items: ItemReport[] = [];
  await withSession(context, needsOf(options), async (session) => {
    context.report({ modem: session.id, purpose, items, fit: false });
    await openForCommand(context, session, options);
    await session.refuseCall();
    const report = await initialise(session, {
      purpose,
      country: options.country as string | undefined,
      save: options.save === true,
      onItem: (item) => {
        items.push(item);
        context.say(itemLine(context, item));
      },
    });
    context.report({ fit: report.fit, family: report.family.id, saved: options.save === true && report.fit });
    const failed = items.find(({ required, result }) => required && result !== 'OK');
    if (failed) {
      throw new ModemctlError('MODEM_ERROR', `${session.name} refused ${failed.command} (${failed.sets})`, {
        hint: failed.command.startsWith('AT+GCI')
          ? `Countries it knows: modemctl -d ${session.id} at '+GCI=?'`
          : `What it can do: modemctl info -d ${session.id}`,
        details: { modem: session.id, command: failed.command },
      });
    }
    const lasts = howLong(purpose, items, options.save === true);
    context.print(`${session.name} is ready (${options.for ?? 'dial'}); this lasts ${lasts}`);
    const needsCountry = session.info?.row?.quirks.includes('caller-id-needs-country') ?? false;
    if (purpose === 'callerId' && needsCountry && options.country === undefined)
      context.say('note: some units of this model show no caller ID before they know their country: --country GB');
  });
}

/** In words; what is not stored, however it is saved, is named. */
function howLong(purpose: Purpose, items: readonly ItemReport[], saved: boolean): string {
  const hangsUpOnly = items.some(({ command, result }) => command === 'AT&D2' && result === 'OK');
  const untilClosed = hangsUpOnly ? '' : ', and if its profile has &D3 until its tty is closed';
  if (!saved) return `until ATZ, a reset or an unplug${untilClosed}`;
  return purpose === 'dial'
    ? 'over ATZ, a reset and an unplug: it is saved in the modem'
    : 'over ATZ, a reset and an unplug: it is saved in the modem; but caller ID is not stored there, give this command again after them';
}

function itemLine(context: Context, { command, sets, required, result }: ItemReport): string {
  const { green, yellow, red } = context.colourOfTalk;
  if (result === 'OK') return `${green('ok')}       ${command.padEnd(12)} ${sets}`;
  return `${(required ? red : yellow)('refused')}  ${command.padEnd(12)} ${sets}${required ? '' : ' (not needed)'}`;
}
