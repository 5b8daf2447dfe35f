import { ModemctlError } from '../../core/errors.ts';
import type { CatalogueRow } from '../../usb/catalogue/row.ts';
import { findModels, idsOf, type Verdict, verdictOf } from '../../usb/catalogue/verdict.ts';
import { SOFTMODEM_REASON, SOFTMODEM_REMEDY } from '../../usb/modem-state.ts';
import type { CommandSpec } from '../command.ts';
import type { Context } from '../context.ts';

export const models: CommandSpec = {
  name: 'models',
  group: 'Look',
  summary: 'which modems work on Linux, which never will: before you buy one',
  arguments: [
    { name: 'word', variadic: true, describe: "a part of the name on the box, of the chip's name, or of the USB id" },
  ],
  examples: [
    ['modemctl models hiro', 'one Hiro works, the other never will'],
    ['modemctl models 0572', 'by USB id'],
    ['modemctl models --json', 'all, with sources'],
  ],
  notes: [
    'works: a controller modem with a Linux driver. never: a softmodem, whose work a Windows driver does. unknown: nobody has told. Exit codes: 0; 3 if nothing matches.',
  ],
  run: async (context, { args }) => {
    const rows = findModels(args);
    context.report({ models: rows.map(toJson) });
    if (rows.length === 0) {
      throw new ModemctlError('NO_MODEM', `no modem in the catalogue matches "${args.join(' ')}"`, {
        hint: 'All of them: modemctl models',
      });
    }
    for (const line of screen(context, rows)) context.print(line);
    if (rows.some((row) => verdictOf(row) === 'never')) {
      context.print(`\nnever: ${SOFTMODEM_REASON}\n       -> ${SOFTMODEM_REMEDY}`);
    }
  },
};

function toJson(row: CatalogueRow): Record<string, unknown> {
  const { vendorId, productId, model, aliases, chip, kind, driver, fax, voice, callerId, confidence, sources } = row;
  const verdict = verdictOf(row);
  return {
    vendorId,
    productId,
    model,
    aliases,
    chip,
    kind,
    verdict,
    driver,
    fax,
    voice,
    callerId,
    confidence,
    sources,
  };
}

function screen(context: Context, rows: readonly CatalogueRow[]): string[] {
  const { green, red, yellow, dim } = context.colours;
  const colour: Readonly<Record<Verdict, (text: string) => string>> = { works: green, never: red, unknown: yellow };
  const width = Math.max(...rows.map(({ model }) => model.length));
  return rows.flatMap((row) => {
    const verdict = verdictOf(row);
    const sure = row.confidence === 'high' ? '' : dim(` (${row.confidence} confidence)`);
    const head = `${colour[verdict](verdict.padEnd(7))}  ${row.model.padEnd(width)}  ${(idsOf(row) ?? '').padEnd(9)}  ${dim(row.chip ?? '')}${sure}`;
    return [head.trimEnd(), ...(row.aliases.length > 0 ? [dim(`         also: ${row.aliases.join(', ')}`)] : [])];
  });
}
