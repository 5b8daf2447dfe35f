/**
 * The editing of a command line, character by character (V.250 5.2): the prefix AT, the terminator S3, the erase character S5, `A/`, echo, and what is too long.
 */

/** What a character led to. */
export type Edited =
  | { readonly kind: 'none' }
  /** A complete body, spaces and control characters gone; null: it was too long. */
  | { readonly kind: 'line'; readonly body: string | null }
  /** `A/`: the last body again, at once. */
  | { readonly kind: 'repeat' };

/** The S-parameters the editor obeys. */
export interface EditingCharacters {
  /** S3, S4, S5. */
  readonly terminator: number;
  readonly lineFeed: number;
  readonly erase: number;
}

const NONE: Edited = { kind: 'none' };
const isLetter = (byte: number, letter: string) => byte === letter.charCodeAt(0);

export class LineEditor {
  readonly #maxBody: number;
  #prefix: 'none' | 'A' | 'a' | 'complete' = 'none';
  #body = '';
  #tooLong = false;
  #inString = false;

  constructor(maxBody: number) {
    this.#maxBody = maxBody;
  }

  /** True from the A of a prefix to the terminator: unsolicited results wait that long. */
  get entering(): boolean {
    return this.#prefix !== 'none';
  }

  /** Forgets a half-typed line. */
  reset(): void {
    this.#prefix = 'none';
    this.#body = '';
    this.#tooLong = false;
    this.#inString = false;
  }

  /** What an echoing modem sends back for this character (V.250 5.2.3: BS SP BS for the erase character). Call it before {@link feed}. */
  echo(byte: number, characters: EditingCharacters): number[] {
    if (byte !== characters.erase || byte === characters.terminator || this.#prefix !== 'complete') return [byte];
    return this.#body === '' ? [] : [byte, 0x20, byte];
  }

  feed(byte: number, characters: EditingCharacters): Edited {
    // The terminator is tested before the erase character (V.250 5.2.2).
    if (this.#prefix === 'complete')
      return byte === characters.terminator ? this.#finish() : this.#edit(byte, characters);
    if (this.#prefix === 'none') {
      if (isLetter(byte, 'A')) this.#prefix = 'A';
      else if (isLetter(byte, 'a')) this.#prefix = 'a';
      return NONE;
    }
    const wanted = this.#prefix === 'A' ? 'T' : 't';
    if (isLetter(byte, wanted)) {
      this.#prefix = 'complete';
      return NONE;
    }
    if (isLetter(byte, '/')) {
      this.reset();
      return { kind: 'repeat' };
    }
    this.#prefix = isLetter(byte, 'A') ? 'A' : isLetter(byte, 'a') ? 'a' : 'none';
    return NONE;
  }

  #finish(): Edited {
    const body = this.#tooLong ? null : this.#body;
    this.reset();
    return { kind: 'line', body };
  }

  #edit(byte: number, characters: EditingCharacters): Edited {
    if (byte === characters.erase) {
      if (this.#body.endsWith('"')) this.#inString = !this.#inString;
      this.#body = this.#body.slice(0, -1);
      return NONE;
    }
    // Control characters and what is not of the alphabet are ignored, and so are spaces outside strings (V.250 5.2.2).
    if (byte < 0x20 || byte > 0x7e) return NONE;
    if (byte === 0x20 && !this.#inString) return NONE;
    if (this.#body.length >= this.#maxBody) {
      this.#tooLong = true;
      return NONE;
    }
    if (byte === 0x22) this.#inString = !this.#inString;
    this.#body += String.fromCharCode(byte);
    return NONE;
  }
}
