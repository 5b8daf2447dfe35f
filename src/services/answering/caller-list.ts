/** Who is answered, by number. It fails closed: where the number is not told, nothing can be compared, so the caller is refused unless those without a number are let in by name. */
import type { CallerId } from '../../at/caller-id-collector.ts';
import { ModemctlError } from '../../core/errors.ts';

export interface CallerEntry {
  readonly kind: 'number' | 'prefix' | 'private' | 'unknown';
  /** Digits; empty for the last two. */
  readonly digits: string;
}

/** ITU-T E.164 has 15 digits; prefixes and extensions may come to that. */
const NUMBER = /^\d{1,32}$/;

/**
 * Reads `5551234,0049*,private`. For the eye numbers may have blanks, dots, dashes, slashes and parentheses; a leading + is 00.
 * @throws ModemctlError USAGE
 */
export function parseCallers(text: string): CallerEntry[] {
  return text.split(',').map((part) => {
    const entry = part.trim();
    if (entry === 'private' || entry === 'unknown') return { kind: entry, digits: '' };
    const isPrefix = entry.endsWith('*');
    const digits = comparable(isPrefix ? entry.slice(0, -1) : entry);
    if (NUMBER.test(digits)) return { kind: isPrefix ? 'prefix' : 'number', digits };
    throw new ModemctlError('USAGE', `"${part}" is no caller`, {
      hint: 'Write numbers as caller ID shows them, their beginnings (0049*), private, or unknown.',
    });
  });
}

export interface CallerLists {
  /** Empty: everybody who is not denied. */
  readonly allow: readonly CallerEntry[];
  readonly deny: readonly CallerEntry[];
}

/** Why a caller is not to be answered, in words; null: to be answered. */
export function refusalOf(caller: CallerId | null, { allow, deny }: CallerLists): string | null {
  const number = caller?.number ?? null;
  if (deny.some((entry) => matches(entry, caller, number))) return 'is on the list --deny';
  if (allow.some((entry) => matches(entry, caller, number))) return null;
  if (allow.length > 0) return 'is not on the list --allow';
  return number === null ? 'cannot be compared with the list --deny' : null;
}

function matches({ kind, digits }: CallerEntry, caller: CallerId | null, number: string | null): boolean {
  if (kind === 'private') return caller?.presentation === 'private';
  if (kind === 'unknown') return number === null && caller?.presentation !== 'private';
  if (number === null) return false;
  const own = comparable(number);
  return kind === 'prefix' ? own.startsWith(digits) : own === digits;
}

function comparable(number: string): string {
  return number
    .trim()
    .replace(/[ ./()-]/g, '')
    .replace(/^\+/, '00');
}
