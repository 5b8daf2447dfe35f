/** How two modems' carriers agree. */
import type { CarrierOffer, Link } from './line.ts';

/** Rates at which analogue modems meet, bit/s. */
const RATES = [300, 1200, 2400, 4800, 7200, 9600, 12000, 14400, 16800, 19200, 21600, 24000, 26400, 28800, 31200, 33600];

/** The highest such rate that is not above the given one. */
export function quantise(rate: number): number {
  return RATES.findLast((candidate) => candidate <= rate) ?? 300;
}

/** What two offers come to. */
export function agree(one: CarrierOffer, other: CarrierOffer): Link {
  const errorControl = one.errorControl && other.errorControl;
  return {
    rate: quantise(Math.min(one.maxRate, other.maxRate)),
    errorControl,
    compression: errorControl && one.compression && other.compression,
  };
}
