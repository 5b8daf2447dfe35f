import { SerialPort } from 'serialport';
import { until } from './wait.ts';

type Binding = Awaited<ReturnType<typeof SerialPort.binding.open>>;

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
    return new Terminal(await SerialPort.binding.open({ path, baudRate: 115200, lock: false, hupcl: true }));
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

  async #readAll(): Promise<void> {
    const buffer = Buffer.alloc(65536);
    try {
      for (;;) {
        const { bytesRead } = await this.#port.read(buffer, 0, buffer.length);
        this.#text += buffer.toString('latin1', 0, bytesRead);
      }
    } catch (error) {
      this.#ended = error;
    }
  }
}
