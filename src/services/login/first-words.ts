/** What a caller says first: a name at the login prompt, or PPP. Pure: bytes in, what to echo and what it was out. */

export type FirstWords = { readonly kind: 'ppp' } | { readonly kind: 'name'; readonly name: string };

export interface Heard {
  /** To be sent back. */
  readonly echo: string;
  /** Null: not known yet. */
  readonly words: FirstWords | null;
}

/** RFC 1662: between frames stands a flag; what follows an escape has its sixth bit turned. */
const FLAG = 0x7e;
const ESCAPE = 0x7d;
const TURNED = 0x20;
/** A frame of LCP (RFC 1661) begins with address and control, which may be left out (RFC 1662 section 3.2, by those who agreed before), and LCP's number. */
const LCP_BEGINNINGS = [
  [0xff, 0x03, 0xc0, 0x21],
  [0xc0, 0x21],
];
/** useradd takes 32. */
const MAX_NAME = 64;
const RUB_OUT = '\b \b';
const NEW_LINE = '\r\n';
/** Above it are the characters that PPP frames are made of, and no letters. */
const LAST_OF_NAMES = 0x7a;

/** The login prompt, at which PPP may begin at any time. Of a frame nothing is echoed: PPP would take the line for a loop. */
export class FirstWordsReader {
  readonly prompt: string;
  #name = '';
  /** Of a frame, unescaped; null: in none. */
  #frame: number[] | null = null;
  #isEscaped = false;

  constructor(prompt: string) {
    this.prompt = prompt;
  }

  receive(byte: number): Heard {
    if (byte === FLAG) this.#beginFrame();
    else if (this.#frame === null) return this.#type(byte);
    else if (this.#isLcp(this.#frame, byte)) return { echo: '', words: { kind: 'ppp' } };
    return heard('');
  }

  #beginFrame(): void {
    this.#frame = [];
    this.#isEscaped = false;
  }

  #isLcp(frame: number[], byte: number): boolean {
    if (byte === ESCAPE && !this.#isEscaped) {
      this.#isEscaped = true;
      return false;
    }
    frame.push(this.#isEscaped ? byte ^ TURNED : byte);
    this.#isEscaped = false;
    const possible = LCP_BEGINNINGS.filter((beginning) => frame.every((value, at) => value === beginning[at]));
    if (possible.length === 0) this.#frame = null;
    return possible.some(({ length }) => length === frame.length);
  }

  #type(byte: number): Heard {
    const character = String.fromCharCode(byte);
    switch (character) {
      case '\r':
      case '\n':
        return this.#enter();
      case '\b':
      case '\x7f':
        return this.#erase(1);
      case '\x15':
        return this.#erase(this.#name.length);
      default:
        if (byte <= 0x20 || byte > LAST_OF_NAMES || this.#name.length === MAX_NAME) return heard('');
        this.#name += character;
        return heard(character);
    }
  }

  #enter(): Heard {
    const name = this.#name;
    if (name === '') return heard(`${NEW_LINE}${this.prompt}`);
    return { echo: NEW_LINE, words: { kind: 'name', name } };
  }

  #erase(count: number): Heard {
    const erased = this.#name.slice(-count).length;
    this.#name = this.#name.slice(0, this.#name.length - erased);
    return heard(RUB_OUT.repeat(erased));
  }
}

function heard(echo: string): Heard {
  return { echo, words: null };
}
