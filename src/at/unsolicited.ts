/**
 * What a modem says without being asked. It can come at any time, also in the middle of an answer, and never belongs to one.
 */
import { parseCallerIdLine } from './caller-id.ts';
import type { CallerIdField } from './caller-id-field.ts';

export type Unsolicited =
  /** `distinctive`: which of the line's numbers is called, as the modem counts ring patterns (`RING A`, `RING 2`); null where it does not tell. */
  | { readonly kind: 'ring'; readonly text: string; readonly distinctive: string | null }
  | { readonly kind: 'callerId'; readonly text: string; readonly field: CallerIdField; readonly value: string }
  /** Distinctive ring as lengths of ringing and silence (V.253 +VDR). */
  | { readonly kind: 'ringCadence'; readonly text: string; readonly ringing: boolean; readonly ms: number }
  | { readonly kind: 'noCarrier'; readonly text: string };

/** A whole line as something unsolicited, or null. `NO CARRIER` is not decided here: it can be a result as well. */
export function parseUnsolicited(line: string): Unsolicited | null {
  const text = line.trimEnd();
  const [ring, distinctive = null] = /^RING(?:$| ([A-E0-9])$)/.exec(text) ?? [];
  if (ring !== undefined) return { kind: 'ring', text, distinctive };
  const [, cadence, units] = /^DRO([NF]) ?= ?(\d{1,4})$/.exec(text) ?? [];
  if (units !== undefined) return { kind: 'ringCadence', text, ringing: cadence === 'N', ms: 100 * Number(units) };
  const callerId = parseCallerIdLine(text);
  return callerId && { kind: 'callerId', text, ...callerId };
}
