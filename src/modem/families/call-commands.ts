/** How each chip family is told what a call is to be like. */
import type { Modulation } from '../../at/modulation.ts';

export interface CallCommands {
  /** Does not wait for a dial tone, and still tells busy. */
  readonly blind: string;
  /** Carriers as +MS (V.250 6.4.1) calls them here; those left out the chip does not have. */
  readonly carriers: Readonly<Partial<Record<Modulation, string>>>;
  /** What +MS takes as the lowest rate, in bits a second. */
  readonly lowestRate: number;
  /** Highest rate sent that +MS takes. */
  readonly highestSent: number;
  readonly noErrorControl: string;
  readonly noCompression: string;
  /** Turns caller ID on, where the usual +VCID=1 is not enough (`long-caller-id-init`). */
  readonly longCallerId: readonly string[];
}

/** V.250's names: all families have the ITU's, and each its own for Bell's. */
export const ITU_CARRIERS: Readonly<Partial<Record<Modulation, string>>> = {
  'V.21': 'V21',
  'V.22': 'V22',
  'V.22bis': 'V22B',
  'V.23': 'V23C',
  'V.32': 'V32',
  'V.32bis': 'V32B',
  'V.34': 'V34',
  'V.90': 'V90',
  'V.92': 'V92',
};
