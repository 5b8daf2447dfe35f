/** The terminal's log, begun and ended while it runs. */
import { Capture } from './capture.ts';

/** Where a log is written; what goes wrong there is told by whoever made it. */
export interface LogFile {
  write(text: string): void;
  end(): void;
}

export class LogSwitch {
  readonly #open: (path: string) => LogFile;
  #stamps: boolean;
  #log: { readonly path: string; readonly file: LogFile; readonly capture: Capture } | null = null;

  constructor(open: (path: string) => LogFile, stamps: boolean) {
    this.#open = open;
    this.#stamps = stamps;
  }

  /** The file that is being written, or null. */
  get path(): string | null {
    return this.#log?.path ?? null;
  }

  begin(path: string): void {
    this.end();
    const file = this.#open(path);
    this.#log = { path, file, capture: new Capture((text) => file.write(text), this.#stamps) };
  }

  add(bytes: Uint8Array): void {
    this.#log?.capture.add(bytes);
  }

  /** @returns whether there are time stamps from now on */
  toggleStamps(): boolean {
    this.#stamps = !this.#stamps;
    if (this.#log) this.#log.capture.stamps = this.#stamps;
    return this.#stamps;
  }

  end(): void {
    this.#log?.file.end();
    this.#log = null;
  }
}
