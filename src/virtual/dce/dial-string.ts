/** A dial string as steps in time (V.250 6.3.1). Letters and signs that mean nothing here are passed over, as the standard allows. */

export type DialStep =
  | { readonly kind: 'digit'; readonly digit: string; readonly takesMs: number }
  | { readonly kind: 'pause'; readonly ms: number }
  /** `W`: a dial tone must come. */
  | { readonly kind: 'dial-tone' }
  /** `@`: somebody must answer and be quiet. */
  | { readonly kind: 'quiet-answer' }
  /** `!`: the receiver is put down for a moment. */
  | { readonly kind: 'flash' };

export interface DialTiming {
  /** S11: length of a tone and of the pause after it. */
  readonly toneMs: number;
  /** S8: a comma. */
  readonly commaMs: number;
}

/** One dial pulse at 10 a second, and the pause between pulsed digits. */
const PULSE_MS = 100;
const INTERDIGIT_MS = 700;

export function parseDialString(string: string, timing: DialTiming): DialStep[] {
  const steps: DialStep[] = [];
  let pulse = false;
  for (const character of string.toUpperCase()) {
    if (/[0-9]/.test(character) && pulse) {
      steps.push({ kind: 'digit', digit: character, takesMs: (Number(character) || 10) * PULSE_MS + INTERDIGIT_MS });
    } else if (/[0-9A-D*#]/.test(character)) {
      steps.push({ kind: 'digit', digit: character, takesMs: 2 * timing.toneMs });
    } else if (character === 'P' || character === 'T') pulse = character === 'P';
    else if (character === ',') steps.push({ kind: 'pause', ms: timing.commaMs });
    else if (character === '/') steps.push({ kind: 'pause', ms: 125 });
    else if (character === 'W') steps.push({ kind: 'dial-tone' });
    else if (character === '@') steps.push({ kind: 'quiet-answer' });
    else if (character === '!') steps.push({ kind: 'flash' });
  }
  return steps;
}
