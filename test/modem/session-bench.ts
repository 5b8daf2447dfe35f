import { Session } from '../../src/modem/session.ts';
import type { Port } from '../../src/tty/port.ts';
import { MemoryPort } from '../../src/virtual/faces/memory.ts';
import { Bench } from '../virtual/support/bench.ts';
import { untilDone } from './bench.ts';

/** A session on a virtual modem in memory; what is written to it, and when, is kept. */
export class SessionBench {
  readonly bench: Bench;
  readonly session: Session;
  readonly written: { at: number; bytes: string }[] = [];
  port: MemoryPort | null = null;

  constructor(model = 'usr5637', options: { force?: boolean; signal?: AbortSignal } = {}) {
    this.bench = new Bench(model);
    this.session = new Session(
      { info: null, tty: '/dev/ttyMemory' },
      {
        clock: this.bench.clock,
        ...options,
        openPort: async () => ({ port: this.#open(), lock: null, notes: [] }),
      },
    );
  }

  run<T>(promise: Promise<T>): Promise<T> {
    return untilDone(this.bench.clock, promise);
  }

  #open(): Port {
    const port = new MemoryPort(this.bench.dce);
    const write = port.write.bind(port);
    port.write = (data) => {
      this.written.push({ at: this.bench.clock.now(), bytes: Buffer.from(data).toString('latin1') });
      return write(data);
    };
    this.port = port;
    return port;
  }
}
