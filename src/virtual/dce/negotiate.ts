/** What a modem offers its far end when the carriers meet, from its configuration, and how it words what came of it. */
import { quantise } from '../exchange/carrier.ts';
import type { CarrierOffer, Link } from '../exchange/line.ts';
import type { Configuration } from './configuration.ts';

/** The highest rate of each modulation over two analogue lines, slowest first. V.90 and V.92 need a digital far end and fall back to V.34. */
const CARRIERS: readonly { readonly names: readonly string[]; readonly maxRate: number; readonly family: string }[] = [
  { names: ['B103', 'BELL103', 'V21'], maxRate: 300, family: 'V21' },
  { names: ['B212', 'BELL212A', 'V22', 'V23C'], maxRate: 1200, family: 'V22' },
  { names: ['V22B'], maxRate: 2400, family: 'V22B' },
  { names: ['V32'], maxRate: 9600, family: 'V32' },
  { names: ['V32B'], maxRate: 14400, family: 'V32B' },
  { names: ['V34', 'V90', 'V92', 'ALM1', 'ALM2'], maxRate: 33600, family: 'V34' },
];

/** `&Nn` of the USR family: a fixed rate, by n. */
const USR_FIXED_RATES: Readonly<Record<number, number>> = {
  1: 300,
  2: 1200,
  3: 2400,
  4: 4800,
  5: 7200,
  6: 9600,
  7: 12000,
  8: 14400,
  9: 16800,
  10: 19200,
  11: 21600,
  12: 24000,
  13: 26400,
  14: 28800,
  15: 31200,
  16: 33600,
};

/** What the modem would agree to now. */
export function carrierOffer(configuration: Configuration): CarrierOffer {
  const [name = 'V34', , , maxText] = (configuration.extended.get('+MS') ?? '').split(',');
  const carrier = CARRIERS.find((candidate) => candidate.names.includes(name));
  const limits = [
    carrier?.maxRate ?? 33600,
    Number(maxText) || 33600,
    USR_FIXED_RATES[configuration.setting('&N')] ?? 33600,
  ];
  const usr = configuration.dialect.connectStyle === 'usr';
  const errorControl = usr
    ? configuration.setting('&M', 4) !== 0
    : configuration.setting('&Q', 5) !== 6 &&
      configuration.setting('\\N', 3) !== 0 &&
      configuration.register(48) !== 128;
  const compression = usr
    ? configuration.setting('&K', 1) !== 0
    : configuration.register(46) !== 136 && configuration.setting('%C', 3) !== 0;
  return { maxRate: quantise(Math.min(...limits)), errorControl, compression: errorControl && compression };
}

/** The modulation's name in +MCR, for a rate. */
export function carrierName(rate: number): string {
  return (CARRIERS.find((carrier) => rate <= carrier.maxRate) ?? CARRIERS[CARRIERS.length - 1])?.family ?? 'V34';
}

/** A CONNECT and the lines before it. `rate` is what V0 makes a number of; null: the bare CONNECT. */
export interface ConnectTexts {
  readonly before: readonly string[];
  readonly text: string;
  readonly rate: number | null;
}

/**
 * @param dteRate bit/s of the DTE's side, which `W0` shows
 */
export function connectTexts(configuration: Configuration, link: Link, dteRate: number): ConnectTexts {
  const before = reports(configuration, link);
  if (configuration.setting('X', 4) === 0) return { before, text: 'CONNECT', rate: null };
  if (configuration.dialect.connectStyle === 'usr') {
    return { before, text: `CONNECT ${link.rate}${usrDecoration(configuration, link)}`, rate: link.rate };
  }
  const w = configuration.setting('W');
  if (w === 1) {
    before.push(`CARRIER ${link.rate}`, `PROTOCOL: ${link.errorControl ? 'LAPM' : 'NONE'}`);
    before.push(`COMPRESSION: ${link.compression ? 'V.42BIS' : 'NONE'}`);
  }
  const rate = w === 2 ? link.rate : dteRate;
  return { before, text: `CONNECT ${rate}`, rate };
}

/** `&A1` to `&A3`. */
function usrDecoration(configuration: Configuration, link: Link): string {
  const level = configuration.setting('&A', 3);
  let text = '';
  if (level >= 1 && link.errorControl) text += '/ARQ';
  if (level >= 2 && link.rate > 2400) text += `/${carrierName(link.rate).replace('V32B', 'V32')}`;
  if (level >= 3) text += link.errorControl ? (link.compression ? '/LAPM/V42BIS' : '/LAPM') : '/NONE';
  return text;
}

/** The intermediate results that +MR, +ER and +DR switch on (V.250 6.4.3, 6.5.5, 6.6.2). */
function reports(configuration: Configuration, link: Link): string[] {
  const isOn = (name: string) => (configuration.extended.get(name) ?? '0') !== '0';
  const lines: string[] = [];
  if (isOn('+MR')) lines.push(`+MCR: ${carrierName(link.rate)}`, `+MRR: ${link.rate},${link.rate}`);
  if (isOn('+ER')) lines.push(`+ER: ${link.errorControl ? 'LAPM' : 'NONE'}`);
  if (isOn('+DR')) lines.push(`+DR: ${link.compression ? 'V42B' : 'NONE'}`);
  return lines;
}
