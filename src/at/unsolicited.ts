/**
 * What a modem says without being asked. It can come at any time, also in the middle of an answer, and never belongs to one.
 */
import { type CallerIdField, parseCallerIdLine } from './caller-id.ts';

export type Unsolicited =
  | { readonly kind: 'ring'; readonly text: string }
  | { readonly kind: 'callerId'; readonly text: string; readonly field: CallerIdField; readonly value: string }
  /** Distinctive ring: lengths of ringing and silence in units of 100 ms (V.253 +VDR). */
  | { readonly kind: 'ringCadence'; readonly text: string }
  | { readonly kind: 'noCarrier'; readonly text: string };

/** A whole line as something unsolicited, or null. `NO CARRIER` is not decided here: it can be a result as well. */
export function parseUnsolicited(line: string): Unsolicited | null {
  const text = line.trimEnd();
  if (/^RING($| [A-E0-9]$)/.test(text)) return { kind: 'ring', text };
  if (/^DRO[NF] ?= ?\d+$/.test(text)) return { kind: 'ringCadence', text };
  const callerId = parseCallerIdLine(text);
  return callerId && { kind: 'callerId', text, ...callerId };
}
