/** A call where no DCD tells: what the modem says, and in which pieces, is all there is. */
import { expect, it } from 'vitest';
import { parseConnection } from '../../src/at/connect.ts';
import { Call } from '../../src/modem/call.ts';
import type { Session } from '../../src/modem/session.ts';
import { FakeClock } from '../virtual/support/fake-clock.ts';
import { untilDone } from './bench.ts';

const OVER = '\r\nNO CARRIER\r\n';

/** A modem without circuits: what is written is answered by `answer`. */
class Modem {
  readonly clock = new FakeClock();
  readonly call: Call;
  #waiting: Buffer[] = [];
  #wake = () => {};

  constructor(answer: (written: string, modem: Modem) => void) {
    const port = {
      read: (max: number, signal: AbortSignal) => this.#read(max, signal),
      write: async (bytes: Uint8Array) => answer(Buffer.from(bytes).toString('latin1'), this),
    };
    const conversation = { takeEarlyData: () => new Uint8Array(), backToCommandState: () => {} };
    const session = { clock: this.clock, port, conversation, hasCarrier: async () => null };
    this.call = new Call(session as unknown as Session, parseConnection('CONNECT 33600'));
  }

  says(text: string): void {
    this.#waiting.push(Buffer.from(text, 'latin1'));
    this.#wake();
  }

  /** All of the far end's, until the call is over or nothing has come for a minute; `keep` is sent again and again, as by a pipe without end. */
  async hears(keep = ''): Promise<{ heard: string; over: boolean }> {
    const heard: Uint8Array[] = [];
    const minute = new AbortController();
    this.clock.after(60_000, () => minute.abort());
    const sending = (async () => {
      while (keep && (await this.call.write(Buffer.from(keep), minute.signal))) await new Promise(setImmediate);
    })();
    const reading = (async () => {
      for (;;) {
        const bytes = await this.call.read(minute.signal);
        if (bytes === null) break;
        heard.push(bytes);
      }
    })();
    await untilDone(this.clock, Promise.all([sending, reading]));
    return { heard: Buffer.concat(heard).toString('latin1'), over: this.call.end !== null };
  }

  async #read(max: number, signal: AbortSignal): Promise<Uint8Array> {
    if (this.#waiting.length === 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    const first = this.#waiting.shift() ?? Buffer.alloc(0);
    if (first.length > max) this.#waiting.unshift(first.subarray(max));
    return first.subarray(0, max);
  }
}

/** The far end is lost after so many bytes; from there on the modem echoes. */
function lostAfter(bytes: number, told: (echo: string) => string[]): (written: string, modem: Modem) => void {
  let count = 0;
  return (written, modem) => {
    const before = Math.max(0, Math.min(written.length, bytes - count));
    const isLost = count + written.length > bytes;
    if (isLost) for (const piece of count <= bytes ? told(written.slice(before)) : [written]) modem.says(piece);
    count += written.length;
  };
}

it.each<[string, (echo: string) => string[]]>([
  ['in a piece of its own', (echo) => [OVER, echo]],
  ['in one piece with the NO CARRIER', (echo) => [OVER + echo]],
  ['byte by byte', (echo) => [...(OVER + echo)]],
])('the echo of a modem that has lost it is not the far end: %s', async (_how, told) => {
  const modem = new Modem(lostAfter(100_000, told));
  modem.says('welcome');
  expect(await modem.hears('to be or not to be\n')).toEqual({ heard: 'welcome', over: true });
});

it('is over when a few bytes of an echo are all that comes', async () => {
  const modem = new Modem(() => {});
  await untilDone(modem.clock, modem.call.write(Buffer.from('bye')));
  modem.says(`so long${OVER}by`);
  expect(await modem.hears()).toEqual({ heard: 'so long', over: true });
});

it('goes on after a NO CARRIER of the far end, which is its own text', async () => {
  const modem = new Modem(() => {});
  await untilDone(modem.clock, modem.call.write(Buffer.from('what does it say?')));
  for (const piece of [`it says${OVER}`, 'and you call again', ' what does it']) modem.says(piece);
  expect(await modem.hears()).toEqual({ heard: `it says${OVER}and you call again what does it`, over: false });
});

it('goes on where a far end echoes a NO CARRIER of ours', async () => {
  const modem = new Modem((written, from) => from.says(written));
  const text = `a log:${OVER}and what followed it, which is rather long, as logs are, and has no end in sight`;
  await untilDone(modem.clock, modem.call.write(Buffer.from(text)));
  expect(await modem.hears()).toEqual({ heard: text, over: false });
});
