import { ModemctlError } from '../../core/errors.ts';
import { parseCountry } from '../../modem/families/countries.ts';
import type { Purpose } from '../../modem/families/family.ts';
import { type ItemReport, initialise } from '../../modem/initialise.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { withSession } from '../with-session.ts';

const PURPOSES: Readonly<Record<string, Purpose>> = { dial: 'dial', answer: 'answer', 'caller-id': 'callerId' };

export const init: CommandSpec = {
  name: 'init',
  group: 'Talk',
  summary: 'bring the modem to a known state, item by item, and say what it refused',
  selectorArgument: true,
  options: [
    { flags: '--for <purpose>', describe: 'what the modem is to do (default dial)', choices: Object.keys(PURPOSES) },
    {
      flags: '--country <code>',
      describe: 'two letters (DE, US, GB): the telephone network it is on',
      parse: parseCountry,
    },
    { flags: '--save', describe: "write the settings to the modem's own memory; nothing else ever does" },
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
  await withSession(context, { force: options.force === true }, async (session) => {
    context.report({ modem: session.id, purpose, items, fit: false });
    await session.open();
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
        hint: 'See what it can do: modemctl info',
        details: { modem: session.id, command: failed.command },
      });
    }
    const lasts = options.save === true ? 'saved in the modem' : 'until ATZ, a reset or an unplug';
    context.print(`${session.name} is ready (${options.for ?? 'dial'}); this lasts: ${lasts}`);
  });
}

function itemLine(context: Context, { command, sets, required, result }: ItemReport): string {
  const { green, yellow, red } = context.colourOfTalk;
  if (result === 'OK') return `${green('ok')}       ${command.padEnd(12)} ${sets}`;
  return `${(required ? red : yellow)('refused')}  ${command.padEnd(12)} ${sets}${required ? '' : ' (not needed)'}`;
}
