/**
 * Makes one value of the lines in which a modem tells who calls. What the lines say comes from the caller or the network and is hostile: a name can hold a line's end and a forged `NMBR=`, so the first number
 * counts, and one that is contradicted does not.
 */
import { callerIdValues } from './caller-id.ts';
import type { CallerIdField } from './caller-id-field.ts';

/** Who calls, as far as told. Every text is bounded and without control characters, but may hold quotes and whatever else a shell would mind. */
export interface CallerId {
  /** Digits, `+`, `*`, `#` only, at most 32; null unless `presentation` is `allowed`. */
  readonly number: string | null;
  /** At most 50 characters; null: not told. */
  readonly name: string | null;
  /** `MM-DD`, as the network has it; as sent where it is something else. */
  readonly date: string | null;
  /** `HH:MM`. */
  readonly time: string | null;
  /** `private`: the caller withholds the number. `unavailable`: the network does not know it, or what came is none. */
  readonly presentation: 'allowed' | 'private' | 'unavailable';
  /** The number that was called (ISDN adapters, some networks). */
  readonly calledNumber: string | null;
}

/** ITU-T E.164 has 15 digits; prefixes and extensions may come to that. */
const MAX_NUMBER = 32;
/** ETSI EN 300 659-3, 5.4.4: 50 characters; Bellcore has 15. */
const MAX_NAME = 50;
const MAX_OTHER = 16;

/** Instead of a number or a name (GR-30 has the letters; the words are those of modems and networks). */
const PRIVATE = /^(P|PRIVATE|PRIVACY|WITHHELD|NUMBER WITHHELD|BLOCKED|ANONYMOUS|RESTRICTED)$/;
const UNAVAILABLE = /^(O|OUT OF AREA|OUT-OF-AREA|UNAVAILABLE|NOT AVAILABLE|UNKNOWN|N\/A)$/;

export class CallerIdCollector {
  readonly #values = new Map<CallerIdField, string>();
  #contradicted = false;

  /**
   * Takes a line from the modem.
   * @returns whether it was caller ID
   */
  take(line: string): boolean {
    const values = callerIdValues(line);
    for (const { field, value } of values) {
      const known = this.#values.get(field);
      if (known === undefined) this.#values.set(field, value.slice(0, 256));
      else if (field === 'number' && numberOf(known) !== numberOf(value)) this.#contradicted = true;
    }
    return values.length > 0;
  }

  /** Who calls; null: nothing was told yet. */
  get callerId(): CallerId | null {
    if (this.#values.size === 0) return null;
    const presentation = this.#presentation();
    const name = this.#text('name', MAX_NAME);
    return {
      number: presentation === 'allowed' ? numberOf(this.#spoken()) : null,
      name: name === null || PRIVATE.test(name) || UNAVAILABLE.test(name) ? null : name,
      date: this.#text('date', MAX_OTHER)?.replace(/^(\d\d)[-/]?(\d\d)$/, '$1-$2') ?? null,
      time: this.#text('time', MAX_OTHER)?.replace(/^(\d\d):?(\d\d)$/, '$1:$2') ?? null,
      presentation,
      calledNumber: numberOf(this.#values.get('calledNumber') ?? ''),
    };
  }

  /** The call is over, or another one begins. */
  clear(): void {
    this.#values.clear();
    this.#contradicted = false;
  }

  /** What stands for the number. The one to call back counts only if nothing else was said. */
  #spoken(): string {
    const own = this.#values.get('number') ?? this.#values.get('noNumber');
    return own ?? this.#values.get('dialableNumber') ?? '';
  }

  #presentation(): CallerId['presentation'] {
    const said = [this.#values.get('noNumber'), this.#spoken()].map((text) => plain(text ?? '').toUpperCase());
    if (said.some((text) => PRIVATE.test(text))) return 'private';
    if (this.#contradicted || this.#values.has('noNumber')) return 'unavailable';
    return numberOf(this.#spoken()) === null ? 'unavailable' : 'allowed';
  }

  #text(field: CallerIdField, max: number): string | null {
    return (
      plain(this.#values.get(field) ?? '')
        .slice(0, max)
        .trimEnd() || null
    );
  }
}

/** A number without what is for the eye; null: it is none. GSM modules write `"0151555",129`, 145 meaning international. */
function numberOf(text: string): string | null {
  const [, quoted, type] = /^"([^"]*)",(\d+)/.exec(text) ?? [];
  const digits = (quoted ?? text).replace(/[ ().-]/g, '');
  if (digits.length > MAX_NUMBER || !/^\+?[0-9*#]+$/.test(digits)) return null;
  return type === '145' && !digits.startsWith('+') ? `+${digits}` : digits;
}

/** Without control characters (also those of ISO 8859-1), blanks made single. */
function plain(text: string): string {
  return text
    .replace(/[\x00-\x1f\x7f-\x9f]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
