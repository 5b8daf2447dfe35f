/** Options whose dashes went wrong: one where two are needed, or one that a web page or a word processor made longer. */
import { ModemctlError } from '../core/errors.ts';

/** En dash, em dash, minus and their like. */
const OTHER_DASHES = /^[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]+/;

/**
 * Refuses them, since the parser would take them for something else: `-device` for the option -d with the value "evice".
 * @param names the long options there are, without dashes
 * @throws ModemctlError USAGE
 */
export function refuseWrongDashes(argv: readonly string[], names: readonly string[]): void {
  const end = argv.indexOf('--');
  for (const argument of argv.slice(0, end < 0 ? argv.length : end)) {
    const word = argument.replace(/=.*$/s, '');
    const other = OTHER_DASHES.exec(word)?.[0];
    if (other !== undefined) {
      const meant = word.slice(other.length);
      throw new ModemctlError('USAGE', `"${word}" begins with a dash that is not the keyboard's`, {
        hint: `Type it anew: ${meant.length > 1 ? '--' : '-'}${meant}`,
      });
    }
    if (/^-[a-z][a-z-]+$/.test(word) && names.includes(word.slice(1))) {
      throw new ModemctlError('USAGE', `"${word}" needs two dashes`, { hint: `Did you mean: -${word}` });
    }
  }
}
