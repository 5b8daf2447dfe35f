/** Every byte for people to read, a line of trace for a line of talk. */
import { type NumberNames, StreamMask } from '../core/mask.ts';
import { fromBytes, printable } from '../core/text.ts';
import type { PortObserver } from './observed-port.ts';

/** Takes one line of trace, without its end: `> ATI3^M`, `< OK^M^J`, `= DTR off`. */
export type TraceSink = (line: string) => void;

/** The longest line of trace; what is longer is told in pieces. */
const MAX_LINE = 400;

export class Trace implements PortObserver {
  readonly #sink: TraceSink;
  readonly #masks: Readonly<Record<'<' | '>', StreamMask>> | null;
  #direction: '>' | '<' = '>';
  #held = '';

  /** @param mask null: telephone numbers are shown; else those that have a name, by the command that dials them */
  constructor(sink: TraceSink, mask: NumberNames | null) {
    this.#sink = sink;
    this.#masks = mask && { '<': new StreamMask(mask), '>': new StreamMask(mask) };
  }

  sent(bytes: Uint8Array): void {
    this.#tell('>', bytes);
  }

  received(bytes: Uint8Array): void {
    this.#tell('<', bytes);
  }

  dtr(up: boolean, done: boolean): void {
    this.#flush();
    this.#sink(`= DTR ${up ? 'on' : 'off'}${done ? '' : ': not possible'}`);
  }

  handedOver(): void {
    this.#flush();
    this.#sink('= handed over');
  }

  closed(): void {
    this.#flush();
  }

  /** Gathers bytes to lines, since a call is read byte by byte. */
  #tell(direction: '>' | '<', bytes: Uint8Array): void {
    if (direction !== this.#direction) this.#flush();
    this.#direction = direction;
    const end = direction === '>' ? '\r' : '\n';
    for (const part of fromBytes(bytes).split(direction === '>' ? /(?<=\r)/ : /(?<=\n)/)) {
      this.#held += part;
      if (part.endsWith(end) || this.#held.length >= MAX_LINE) this.#flush();
    }
  }

  #flush(): void {
    if (this.#held === '') return;
    const text = this.#masks?.[this.#direction].mask(this.#held) ?? this.#held;
    this.#held = '';
    this.#sink(`${this.#direction} ${printable(text).replaceAll('\n', '^J')}`);
  }
}
