/** The chip families, and how a modem's is found. */
import { conexant } from './conexant.ts';
import type { ChipFamily } from './family.ts';
import { generic } from './generic.ts';
import { usr } from './usr.ts';

export const FAMILIES: readonly ChipFamily[] = [usr, conexant, generic];

/** By what ATI0 answered. Never by brand or USB id: the same box has held different chips. */
export function familyByAti0(lines: readonly string[]): ChipFamily {
  const product = lines.find((line) => line.trim() !== '')?.trim() ?? '';
  return FAMILIES.find((family) => family.ati0.includes(product)) ?? generic;
}

/** `1.2.21` against `1.2.9`: numbers, not letters. */
export function isOlder(version: string, than: string): boolean {
  const left = version.split('.').map(Number);
  const right = than.split('.').map(Number);
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
