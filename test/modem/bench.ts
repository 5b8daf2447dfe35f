import type { AtCommand } from '../../src/at/command-line.ts';
import { parseAtCommand } from '../../src/at/command-line.ts';
import type { Unsolicited } from '../../src/at/unsolicited.ts';
import { Conversation, type Exchange } from '../../src/modem/conversation.ts';
import { MemoryPort } from '../../src/virtual/faces/memory.ts';
import { Bench } from '../virtual/support/bench.ts';
import type { FakeClock } from '../virtual/support/fake-clock.ts';

/** Our client on a virtual modem in memory, with a clock that runs as fast as the machine can. */
export class Talk {
  readonly bench: Bench;
  readonly port: MemoryPort;
  readonly conversation: Conversation;
  readonly heard: Unsolicited[] = [];

  constructor(model = 'usr5637', misbehaviour?: string) {
    this.bench = new Bench(model);
    if (misbehaviour) this.bench.misbehave(misbehaviour);
    this.port = new MemoryPort(this.bench.dce);
    this.conversation = new Conversation(this.port, this.bench.clock, {
      unsolicited: (event) => this.heard.push(event),
    });
  }

  run<T>(promise: Promise<T>): Promise<T> {
    return untilDone(this.bench.clock, promise);
  }

  synchronise(limitMs = 3000): Promise<boolean> {
    return this.run(this.conversation.synchronise(limitMs));
  }

  command(text: string, limitMs = 5000, signal?: AbortSignal): Promise<Exchange> {
    const command: AtCommand = parseAtCommand(text);
    return this.run(this.conversation.exchange(command, { limitMs, signal }));
  }
}

/** Lets time pass until it is done. */
export async function untilDone<T>(clock: FakeClock, promise: Promise<T>): Promise<T> {
  let done = false;
  const ended = promise.finally(() => {
    done = true;
  });
  ended.catch(() => {});
  for (let turns = 0; !done; turns++) {
    if (turns > 200_000) throw new Error('it never ends');
    await new Promise((resolve) => setImmediate(resolve));
    if (!done) clock.advance(5);
  }
  return ended;
}
