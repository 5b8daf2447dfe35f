/** What a catalogue row means for a buyer: does it work on Linux, never, or does nobody know. */
import { catalogue } from './catalogue.ts';
import type { CatalogueRow } from './row.ts';

export type Verdict = 'works' | 'never' | 'unknown';

export const VERDICTS: readonly Verdict[] = ['works', 'never', 'unknown'];

export function verdictOf(row: CatalogueRow): Verdict {
  if (row.kind === 'softmodem') return 'never';
  return row.kind === 'controller' && row.driver !== null ? 'works' : 'unknown';
}

/**
 * Rows that have every word in their model, other names, chip or USB id; where they begin a word in some, only those ("hiro" is not Shiro). The ones that work first, the surest first. No word: all.
 */
export function findModels(words: readonly string[] = []): CatalogueRow[] {
  const wanted = plain(words.join(' ')).split(' ');
  const having = (row: CatalogueRow, before: string) =>
    wanted.every((word) => textsOf(row).some((text) => ` ${text}`.includes(before + word)));
  const containing = catalogue.filter((row) => having(row, ''));
  const beginning = containing.filter((row) => having(row, ' '));
  const sure = ['high', 'medium', 'low'];
  return (beginning.length > 0 ? beginning : containing).sort(
    (one, other) =>
      VERDICTS.indexOf(verdictOf(one)) - VERDICTS.indexOf(verdictOf(other)) ||
      sure.indexOf(one.confidence) - sure.indexOf(other.confidence),
  );
}

/** `0baf:0303`, or null for a model known by its name only. */
export function idsOf(row: CatalogueRow): string | null {
  return row.vendorId === null ? null : `${row.vendorId}:${row.productId}`;
}

function textsOf(row: CatalogueRow): string[] {
  return [row.model, ...row.aliases, row.chip ?? '', idsOf(row) ?? ''].map(plain);
}

/** As people type it: "us robotics". */
function plain(text: string): string {
  return text.toLowerCase().replaceAll('.', '').replace(/\s+/g, ' ').trim();
}
