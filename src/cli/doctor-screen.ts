/** The doctor's findings, for people and for scripts. */
import { printable } from '../core/text.ts';
import type { Finding, Verdict } from '../services/doctor/finding.ts';
import type { Context } from './context.ts';
import { pasteable } from './self.ts';

/** What was found on one modem, or (`modem` null) on the machine. */
export interface Sheet {
  readonly modem: string | null;
  /** For people: `USR5637 at 1-1 (/dev/ttyACM0)`. */
  readonly title: string;
  readonly findings: readonly Finding[];
}

const WIDTH = 80;
const SHOWN: Readonly<Record<Verdict, string>> = { ok: 'ok', warn: 'warn', fail: 'FAIL', unknown: '?' };
const VERDICT_WIDTH = 4;

/** As `--json` tells them. */
export function findingFields(sheets: readonly Sheet[]): Record<string, unknown>[] {
  return sheets.flatMap(({ modem, findings }) =>
    findings.map(({ check, verdict, text, remedy, fix }) => ({
      modem,
      check,
      verdict,
      text,
      remedy: remedy === null ? null : pasteable(remedy),
      fixable: fix !== null,
    })),
  );
}

export function screen(context: Context, sheets: readonly Sheet[]): string[] {
  const { bold } = context.colours;
  const checks = sheets.flatMap(({ findings }) => findings.map(({ check }) => check.length));
  const width = Math.max(0, ...checks);
  const blocks = sheets
    .filter(({ findings }) => findings.length > 0)
    .map(({ title, findings }) => [
      bold(printable(title)),
      ...findings.flatMap((finding) => findingLines(context, finding, width)),
      '',
    ]);
  return [...blocks.flat(), sumUp(context, sheets)];
}

function findingLines(context: Context, { check, verdict, text, remedy }: Finding, width: number): string[] {
  const { dim, green, yellow, red } = context.colours;
  const colour = { ok: green, warn: yellow, fail: red.bold, unknown: dim }[verdict];
  const indent = ' '.repeat(2 + VERDICT_WIDTH + 2 + width + 2);
  const [first = '', ...rest] = wrap(printable(text), WIDTH - indent.length);
  const head = `  ${colour(SHOWN[verdict].padEnd(VERDICT_WIDTH))}  ${check.padEnd(width)}  ${first}`;
  // A remedy is pasted, so it is one line, however long.
  const cure = remedy === null ? [] : [`${indent}${dim('->')} ${printable(pasteable(remedy))}`];
  return [head, ...rest.map((line) => indent + line), ...cure];
}

function sumUp(context: Context, sheets: readonly Sheet[]): string {
  const { green, yellow, red } = context.colours;
  const all = sheets.flatMap(({ findings }) => findings);
  const count = (verdict: Verdict) => all.filter((finding) => finding.verdict === verdict).length;
  const [good, warned, failed, unknown] = [count('ok'), count('warn'), count('fail'), count('unknown')];
  const parts = [
    green(`${good} ok`),
    warned > 0 ? yellow(`${warned} to mind`) : 'nothing to mind',
    failed > 0 ? red(`${failed} FAIL`) : 'nothing FAILs',
    ...(unknown > 0 ? [`${unknown} not seen`] : []),
  ];
  return parts.join(', ');
}

/** Breaks at blanks; a word that is longer than a line stays whole. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
