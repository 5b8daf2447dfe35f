/** The log of a terminal: what came, as it came, and with time stamps at the beginning of each line where they are wanted. */
import { fromBytes } from '../../core/text.ts';

const LINE_FEED = 0x0a;

export class Capture {
  /** Changed while it goes on. */
  stamps: boolean;
  readonly #write: (text: string) => void;
  readonly #date: () => Date;
  #atLineStart = true;

  /** @param write takes bytes as Latin-1 */
  constructor(write: (text: string) => void, stamps: boolean, date: () => Date = () => new Date()) {
    this.#write = write;
    this.stamps = stamps;
    this.#date = date;
  }

  add(bytes: Uint8Array): void {
    let text = '';
    for (let from = 0; from < bytes.length; ) {
      const feed = bytes.indexOf(LINE_FEED, from);
      const end = feed < 0 ? bytes.length : feed + 1;
      if (this.#atLineStart && this.stamps) text += `[${this.#date().toISOString()}] `;
      text += fromBytes(bytes.subarray(from, end));
      this.#atLineStart = feed >= 0;
      from = end;
    }
    if (text !== '') this.#write(text);
  }
}
