/** A line asked of the user while the terminal is raw: what was typed so far, and what the screen is to show of it. Bytes in, bytes out. */

const KEY = {
  ctrlC: 0x03,
  ctrlD: 0x04,
  backspace: 0x08,
  newline: 0x0a,
  enter: 0x0d,
  ctrlU: 0x15,
  escape: 0x1b,
  delete: 0x7f,
};
/** Longer than any path (PATH_MAX). */
const MAX_LENGTH = 4096;

export type Asked =
  | { readonly kind: 'more'; readonly echo: string }
  /** `rest`: what was typed after it. */
  | { readonly kind: 'line'; readonly line: string; readonly echo: string; readonly rest: Uint8Array }
  | { readonly kind: 'cancelled' };

export class Prompt {
  readonly #decoder = new TextDecoder();
  #line = '';

  /** Takes what was typed. */
  type(typed: Uint8Array): Asked {
    let echo = '';
    for (const [at, byte] of typed.entries()) {
      if (byte === KEY.enter || byte === KEY.newline) {
        return { kind: 'line', line: this.#line.trim(), echo, rest: typed.subarray(at + 1) };
      }
      if (byte === KEY.ctrlC || byte === KEY.ctrlD || byte === KEY.escape) return { kind: 'cancelled' };
      if (byte === KEY.backspace || byte === KEY.delete) echo += this.#erase(1);
      else if (byte === KEY.ctrlU) echo += this.#erase([...this.#line].length);
      else if (byte >= 0x20 && this.#line.length < MAX_LENGTH) {
        const text = this.#decoder.decode(Uint8Array.of(byte), { stream: true });
        this.#line += text;
        echo += text;
      }
    }
    return { kind: 'more', echo };
  }

  #erase(count: number): string {
    const characters = [...this.#line];
    const erased = Math.min(count, characters.length);
    this.#line = characters.slice(0, characters.length - erased).join('');
    return '\b \b'.repeat(erased);
  }
}
