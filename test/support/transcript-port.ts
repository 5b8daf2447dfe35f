/** A modem that says what it said once: a recorded dialogue as a Port. It holds the host to its part too, byte by byte and in order. */
import type { Clock } from '../../src/core/clock.ts';
import { ModemctlError } from '../../src/core/errors.ts';
import { toBytes } from '../../src/core/text.ts';
import type { Circuits, Port } from '../../src/tty/port.ts';
import type { Operation } from '../../src/tty/transcript.ts';

/** No two runs take exactly as long. */
const LOOK_MS = 50;

export class TranscriptPort implements Port {
  readonly path = '<transcript>';
  readonly fd = null;
  readonly #clock: Clock;
  readonly #operations: Operation[];
  /** When the operation before the next one happened. */
  #lastAt: number;
  /** Bytes of the next write that have come already. */
  #written = 0;
  #said: string[] = [];
  #circuits: Circuits | null = null;
  #gone = false;
  #wake = () => {};
  #cancel = () => {};

  constructor(operations: readonly Operation[], clock: Clock) {
    this.#operations = [...operations];
    this.#clock = clock;
    this.#lastAt = clock.now();
    this.#schedule();
  }

  /** What of the host's part did not happen. */
  get rest(): Operation[] {
    return this.#operations.filter(({ kind }) => kind !== 'read');
  }

  async read(max: number, signal?: AbortSignal): Promise<Uint8Array> {
    for (;;) {
      // A look in passing finds all that is there.
      if (signal?.aborted) this.#sayAhead();
      const [chunk = ''] = this.#said;
      if (chunk !== '') {
        const rest = chunk.slice(max);
        this.#said.splice(0, 1, ...(rest === '' ? [] : [rest]));
        return toBytes(chunk.slice(0, max));
      }
      if (this.#gone) throw new ModemctlError('GONE', 'it was unplugged');
      if (signal?.aborted) return new Uint8Array();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        signal?.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  async write(data: Uint8Array): Promise<void> {
    if (this.#gone) throw new ModemctlError('GONE', 'it was unplugged');
    let text = Buffer.from(data).toString('latin1');
    while (text !== '') {
      const next = this.#hosts();
      const wanted = next?.kind === 'write' ? next.bytes.slice(this.#written) : '';
      const length = Math.min(wanted.length, text.length);
      if (length === 0 || wanted.slice(0, length) !== text.slice(0, length)) throw this.#differs(`wrote ${show(text)}`);
      text = text.slice(length);
      this.#written += length;
      if (length === wanted.length) this.#done();
    }
  }

  async circuits(): Promise<Circuits | null> {
    const [next] = this.#operations;
    if (next?.kind === 'event' && next.text.startsWith('circuits')) this.#show(next.text);
    return this.#circuits;
  }

  async setDtr(up: boolean): Promise<boolean> {
    const next = this.#hosts();
    const text = next?.kind === 'event' ? next.text : '';
    const [, how, failed] = /^dtr (on|off)( failed)?$/.exec(text) ?? [];
    if (how !== (up ? 'on' : 'off')) throw this.#differs(`turned DTR ${up ? 'on' : 'off'}`);
    this.#done();
    return failed === undefined;
  }

  async sendBreak(): Promise<boolean> {
    return false;
  }

  async keepLine(): Promise<boolean> {
    return false;
  }

  async share(): Promise<void> {
    throw this.#differs('handed over');
  }

  async close(): Promise<void> {
    const [next] = this.#operations;
    if (next?.kind === 'event' && next.text === 'closed') this.#operations.shift();
    this.#gone = true;
    this.#wake();
  }

  /** The host's next part; what the modem showed when it was not looked at is passed over. */
  #hosts(): Operation | undefined {
    for (;;) {
      const [next] = this.#operations;
      if (next?.kind !== 'event' || !next.text.startsWith('circuits')) return next;
      this.#show(next.text);
    }
  }

  #show(text: string): void {
    const on = text.split(' ');
    this.#circuits = { dsr: on.includes('dsr'), dcd: on.includes('dcd'), ri: on.includes('ri') };
    this.#done();
  }

  #done(): void {
    this.#operations.shift();
    this.#written = 0;
    this.#lastAt = this.#clock.now();
    this.#schedule();
  }

  /** A look at what is there, in passing, finds what was found then: what came while nobody read was recorded at that look, which may have been a little later than it is now. */
  #sayAhead(): void {
    let said = this.#said.join('');
    for (;;) {
      const [next] = this.#operations;
      if (next?.kind !== 'read' || this.#lastAt + next.afterMs - this.#clock.now() > LOOK_MS) break;
      this.#cancel();
      said += next.bytes;
      this.#done();
    }
    this.#said = [said].filter((text) => text !== '');
  }

  /** What the modem does next happens as long after the operation before as it did. */
  #schedule(): void {
    const [next] = this.#operations;
    const isModems = next?.kind === 'read' || (next?.kind === 'event' && next.text === 'unplug');
    if (!next || !isModems) return;
    this.#cancel = this.#clock.after(Math.max(0, this.#lastAt + next.afterMs - this.#clock.now()), () => {
      if (next.kind === 'read') this.#said.push(next.bytes);
      else this.#gone = true;
      this.#done();
      this.#wake();
    });
  }

  #differs(what: string): Error {
    const [next] = this.#operations;
    const then = !next ? 'nothing more' : next.kind === 'event' ? next.text : `${next.kind} ${show(next.bytes)}`;
    return new Error(`at ${Math.round(this.#clock.now())} ms we ${what}; recorded is ${then}`);
  }
}

function show(bytes: string): string {
  return JSON.stringify(bytes.slice(0, 80));
}
