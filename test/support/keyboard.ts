import { type ChildProcess, spawn } from 'node:child_process';
import { type FileHandle, open } from 'node:fs/promises';
import { until } from '../virtual/support/wait.ts';

/** Somebody at the keyboard of a tty, without any program of ours: the system's stty and cat. */
export class Keyboard {
  readonly #tty: FileHandle;
  readonly #reader: ChildProcess;
  #text = '';

  private constructor(tty: FileHandle, reader: ChildProcess) {
    this.#tty = tty;
    this.#reader = reader;
    reader.stdout?.setEncoding('latin1').on('data', (text: string) => {
      this.#text += text;
    });
  }

  static async open(path: string): Promise<Keyboard> {
    const tty = await open(path, 'r+');
    // CLOCAL: pppd leaves it off, and then the end of the carrier would hang up the tty before its NO CARRIER is read.
    const reader = spawn('sh', ['-c', 'stty raw -echo clocal; echo ready; exec cat'], {
      stdio: [tty.fd, 'pipe', 'inherit'],
    });
    const keyboard = new Keyboard(tty, reader);
    await keyboard.expect('ready\n');
    return keyboard;
  }

  async type(text: string | Uint8Array): Promise<void> {
    await this.#tty.writeFile(typeof text === 'string' ? Buffer.from(text, 'latin1') : text);
  }

  /** Waits for a text, and forgets all up to its end. */
  async expect(text: string | RegExp, limitMs = 30_000): Promise<string> {
    let end = -1;
    let found = '';
    await until(
      `${text} comes`,
      () => {
        found = typeof text === 'string' ? text : (text.exec(this.#text)?.[0] ?? '');
        end = found === '' || !this.#text.includes(found) ? -1 : this.#text.indexOf(found) + found.length;
        return end >= 0;
      },
      limitMs,
    ).catch((error: Error) => {
      throw new Error(`${error.message} What came: ${JSON.stringify(this.#text.slice(-200))}`);
    });
    this.#text = this.#text.slice(end);
    return found;
  }

  async close(): Promise<void> {
    this.#reader.kill('SIGKILL');
    await this.#tty.close();
  }
}
