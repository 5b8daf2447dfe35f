import { printable } from '../../core/text.ts';
import { type InquiryReport, type Inspection, inspect, inspectionFields } from '../../modem/inspect.ts';
import type { Session } from '../../modem/session.ts';
import type { CommandSpec } from '../command.ts';
import type { Context } from '../context.ts';
import { needsOf, openForCommand, RECOVER_OPTION } from '../recovering.ts';
import { withSession } from '../with-session.ts';

export const info: CommandSpec = {
  name: 'info',
  group: 'Look',
  summary: 'ask the modem who it is and what it can do; safe on every chip',
  settings: { sections: [], lenient: true },
  selectorArgument: true,
  options: [
    RECOVER_OPTION,
    { flags: '-f, --force', describe: 'even if another program has the modem, or a call is up' },
  ],
  examples: [
    ['modemctl info', 'identity, firmware, capabilities, S-registers, stored profile'],
    ['modemctl info --json usr', 'for scripts'],
  ],
  notes: ['Only questions are asked, and of a chip that modemctl does not know only those that V.250 defines.'],
  run: async (context, { options }) => {
    await withSession(context, needsOf(options), async (session) => {
      await openForCommand(context, session, options);
      await session.refuseCall();
      const found = await inspect(session, {
        onQuestion: (about) => context.progress.start(`asking: ${about}`),
        onFound: (found) => context.report(inspectionFields(session, found)),
      });
      context.progress.stop();
      for (const line of screen(context, session, found)) context.print(line);
    });
  },
};

function screen(context: Context, session: Session, found: Inspection): string[] {
  const { bold, yellow } = context.colours;
  const { info: known } = session;
  const rows: [string, string][] = [];
  if (known) {
    rows.push(['modem', known.model], ['USB', `${known.vendorId}:${known.productId} at ${known.id}`]);
    rows.push(['chip', `${known.row?.chip ?? found.family.name}`]);
  } else {
    rows.push(['chip', found.family.name]);
  }
  rows.push(['tty', session.tty ?? '-']);
  if (found.firmware) rows.push(['firmware', `${found.firmware.text}${judgement(found)}`]);
  for (const { about, lines, result } of found.capabilities) rows.push([about, told(lines, result)]);
  const registers = Object.entries(found.registers).map(([number, value]) => `S${number}=${value}`);
  rows.push(['S-registers', registers.join(' ') || 'not told']);
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    ...rows.map(([name, value]) => `${bold(name.padEnd(width))}  ${printable(value)}`),
    ...found.faults.map((fault) => `${yellow('!')} ${fault}`),
    ...found.screens.flatMap((report) => block(context, report)),
  ];
}

/** Of a firmware whose faults are known, and which has none of them. */
function judgement({ family, firmware, faults }: Inspection): string {
  if (family.firmwareFaults.length === 0 || faults.length > 0) return '';
  return firmware?.version ? ' (no fault of it is known)' : ' (its version is not told)';
}

function told(lines: readonly string[], result: string): string {
  if (result !== 'OK') return 'not known to the modem';
  return lines.map((line) => line.trim()).join(', ') || 'nothing';
}

function block(context: Context, { command, about, lines }: InquiryReport): string[] {
  if (lines.length === 0) return [];
  return ['', context.colours.bold(`${about} (${command})`), ...lines.map((line) => `  ${printable(line)}`)];
}
