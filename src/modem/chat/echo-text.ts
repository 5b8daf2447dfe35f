/** ECHO ON: what comes in, as chat shows it: control characters written out, lines ended by their line feed. */
export class EchoText {
  #on = false;
  #inLine = false;

  switch(on: boolean): void {
    this.#on = on;
  }

  /** What to show of a byte. */
  take(byte: number): string {
    const code = byte & 0x7f;
    if (!this.#on || code === 0x0d) return '';
    this.#inLine = code !== 0x0a;
    if (code === 0x0a) return '\n';
    if (code === 0x7f) return '^?';
    return code < 0x20 ? `^${String.fromCharCode(code + 0x40)}` : String.fromCharCode(code);
  }

  /** At the end: what brings the cursor to the beginning of a line. */
  finish(): string {
    const end = this.#inLine ? '\n' : '';
    this.#inLine = false;
    return end;
  }
}
