import { readSync } from 'node:fs';
import { SerialPort } from 'serialport';
import { until } from './wait.ts';

/** The one for Linux. */
type Binding = Extract<Awaited<ReturnType<typeof SerialPort.binding.open>>, { poller: unknown }>;

/** Somebody else's program on the tty: serialport's own binding. */
export class Terminal {
  readonly #port: Binding;
  #text = '';
  #ended: unknown = null;

  private constructor(port: Binding) {
    this.#port = port;
    void this.#readAll();
  }

  static async open(path: string): Promise<Terminal> {
    const options = { path, baudRate: 115200, lock: false, hupcl: true };
    return new Terminal((await SerialPort.binding.open(options)) as Binding);
  }

  /** Why reading ended: the device went away. */
  get ended(): unknown {
    return this.#ended;
  }

  /** What came since the last time it was asked for. */
  get text(): string {
    return this.#text;
  }

  async type(text: string | Uint8Array): Promise<void> {
    await this.#port.write(Buffer.from(text as string, 'latin1'));
  }

  /** Waits for a text and returns all up to its end; what follows stays for the next time. */
  async expect(pattern: RegExp, limitMs = 5000): Promise<string> {
    let match: RegExpExecArray | null = null;
    await until(
      `${pattern} in ${JSON.stringify(this.#text)}`,
      () => {
        match = pattern.exec(this.#text);
        return match !== null;
      },
      limitMs,
    );
    const found = match as unknown as RegExpExecArray;
    const end = found.index + found[0].length;
    const text = this.#text.slice(0, end);
    this.#text = this.#text.slice(end);
    return text;
  }

  /** Sends a command line and returns its answer, echo and all. */
  async at(command: string, limitMs = 5000): Promise<string> {
    await this.type(`${command}\r`);
    return this.expect(/\r\n(OK|ERROR|NO CARRIER|BUSY|CONNECT[^\r]*)\r\n/, limitMs);
  }

  /** DTR by the speed: B0 drops it. */
  async setDtr(up: boolean): Promise<void> {
    await this.#port.update({ baudRate: up ? 115200 : 0 });
  }

  async close(): Promise<void> {
    await this.#port.close().catch(() => {});
  }

  /** Not by the binding's own read: it reads the end of file of a tty that was hung up again and again, for ever. */
  async #readAll(): Promise<void> {
    const { fd, poller } = this.#port;
    const buffer = Buffer.alloc(65536);
    try {
      for (;;) {
        const count = attempt(() => readSync(fd as number, buffer));
        if (count === 0) throw new Error('end of file');
        if (count !== null) this.#text += buffer.toString('latin1', 0, count);
        else await readable(poller);
      }
    } catch (error) {
      this.#ended = error;
    }
  }
}

/** null: nothing is there yet. */
function attempt(read: () => number): number | null {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return null;
    throw error;
  }
}

function readable(poller: Binding['poller']): Promise<void> {
  return new Promise((resolve, reject) => {
    poller.once('readable', (error) => (error ? reject(error) : resolve()));
  });
}
