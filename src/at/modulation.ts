/** Modulations: their names, how modems spell them, and the rates they have. */
import { ModemctlError } from '../core/errors.ts';

/** As modemctl writes them. */
export type Modulation =
  | 'Bell 103'
  | 'Bell 212A'
  | 'V.21'
  | 'V.22'
  | 'V.22bis'
  | 'V.23'
  | 'V.32'
  | 'V.32bis'
  | 'V.34'
  | 'V.90'
  | 'V.92';

interface ModulationRow {
  /** Spellings of modems (+MS, +MCR, CONNECT) and of people, without dots, blanks and hyphens, in capitals. */
  readonly spellings: readonly string[];
  /** Lowest and highest bits a second from the far end (Conexant 102184B, table 3-4). */
  readonly rates: readonly [number, number];
  /** Highest towards the far end, where that is another. */
  readonly maxSent?: number;
}

const ROWS: Readonly<Record<Modulation, ModulationRow>> = {
  'Bell 103': { spellings: ['BELL103', 'B103', 'BELL103J'], rates: [300, 300] },
  'Bell 212A': { spellings: ['BELL212A', 'B212', 'B212A', 'BELL212'], rates: [1200, 1200] },
  'V.21': { spellings: ['V21'], rates: [300, 300] },
  'V.22': { spellings: ['V22'], rates: [1200, 1200] },
  'V.22bis': { spellings: ['V22BIS', 'V22B'], rates: [1200, 2400] },
  'V.23': { spellings: ['V23', 'V23C'], rates: [1200, 1200] },
  'V.32': { spellings: ['V32'], rates: [4800, 9600] },
  'V.32bis': { spellings: ['V32BIS', 'V32B'], rates: [4800, 14_400] },
  'V.34': { spellings: ['V34', 'V34+'], rates: [2400, 33_600] },
  'V.90': { spellings: ['V90'], rates: [28_000, 56_000], maxSent: 33_600 },
  'V.92': { spellings: ['V92'], rates: [28_000, 56_000], maxSent: 48_000 },
};

/** All, slowest first. */
export const MODULATIONS = Object.keys(ROWS) as readonly Modulation[];

const BY_SPELLING: ReadonlyMap<string, Modulation> = new Map(
  MODULATIONS.flatMap((modulation) => ROWS[modulation].spellings.map((spelling) => [spelling, modulation] as const)),
);

/** In any spelling that modems or people use; null: none of them. */
export function modulationNamed(text: string): Modulation | null {
  return BY_SPELLING.get(text.toUpperCase().replace(/[. -]/g, '')) ?? null;
}

/**
 * What a user typed: `V32bis`, `v.32bis`, `B212`, `BELL212A`.
 * @throws ModemctlError USAGE
 */
export function parseModulation(text: string): Modulation {
  const modulation = modulationNamed(text);
  if (modulation) return modulation;
  const names = MODULATIONS.map((name) => ROWS[name].spellings[0]).join(' ');
  throw new ModemctlError('USAGE', `"${text.slice(0, 40)}" is no modulation`, { hint: `One of: ${names}` });
}

/** Bits a second: lowest and highest received, highest sent. */
export function ratesOf(modulation: Modulation): { min: number; max: number; maxSent: number } {
  const { rates, maxSent } = ROWS[modulation];
  return { min: rates[0], max: rates[1], maxSent: maxSent ?? rates[1] };
}

/** The fastest modulation that a rate is enough for: what a modem starts with that is not to go faster. */
export function modulationFor(rateBps: number): Modulation {
  // V.34 is better than its elders on a bad line at any rate that it has; what it has not the others need.
  if (rateBps > 33_600) return 'V.92';
  if (rateBps >= 4800) return 'V.34';
  if (rateBps >= 2400) return 'V.22bis';
  return rateBps >= 1200 ? 'V.22' : 'V.21';
}
