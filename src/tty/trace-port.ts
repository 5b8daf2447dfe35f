/** A Port that tells every byte it carries, in the order it happened. */
import { maskNumbers } from '../core/mask.ts';
import { fromBytes, printable } from '../core/text.ts';
import type { Circuits, Port } from './port.ts';

/** Takes one line of trace, without its end: `> ATI3^M`, `< OK^M^J`, `= DTR off`. */
export type TraceSink = (line: string) => void;

/** The longest line of trace; what is longer is told in pieces. */
const MAX_LINE = 400;

export class TracePort implements Port {
  readonly #port: Port;
  readonly #sink: TraceSink;
  readonly #showNumbers: boolean;
  #direction: '>' | '<' = '>';
  #held = '';

  constructor(port: Port, sink: TraceSink, showNumbers: boolean) {
    this.#port = port;
    this.#sink = sink;
    this.#showNumbers = showNumbers;
  }

  get path(): string {
    return this.#port.path;
  }

  get fd(): number | null {
    return this.#port.fd;
  }

  async read(max: number, signal?: AbortSignal): Promise<Uint8Array> {
    const bytes = await this.#port.read(max, signal);
    if (bytes.length > 0) this.#tell('<', bytes);
    return bytes;
  }

  write(data: Uint8Array): Promise<void> {
    this.#tell('>', data);
    return this.#port.write(data);
  }

  circuits(): Promise<Circuits | null> {
    return this.#port.circuits();
  }

  async setDtr(up: boolean): Promise<boolean> {
    const done = await this.#port.setDtr(up);
    this.#flush();
    this.#sink(`= DTR ${up ? 'on' : 'off'}${done ? '' : ': not possible'}`);
    return done;
  }

  keepLine(): Promise<boolean> {
    return this.#port.keepLine();
  }

  share(): Promise<void> {
    this.#flush();
    this.#sink('= handed over');
    return this.#port.share();
  }

  close(): Promise<void> {
    this.#flush();
    return this.#port.close();
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
    const text = printable(this.#held).replaceAll('\n', '^J');
    this.#held = '';
    this.#sink(`${this.#direction} ${this.#showNumbers ? text : maskNumbers(text)}`);
  }
}
