/** `--textfile PATH`: a file for the textfile collector of Prometheus' node_exporter, whole at any time. */
import { lstatSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ModemctlError } from '../core/errors.ts';
import { type KeptModem, metricsText } from '../services/control/metrics.ts';
import type { Context } from './context.ts';

/** So that the age of the file tells whether we are alive. */
const EVERY_MS = 60_000;
/** What follows from an event is written with it. */
const AFTER_MS = 200;

export class TextFile {
  readonly #path: string;
  readonly #context: Context;
  readonly #modems = new Set<KeptModem>();
  #cancel: () => void = () => {};
  #isDue = false;
  #isBroken = false;

  /**
   * Written at once, so that a path that will not do is told of before anything else happens.
   * @throws ModemctlError USAGE
   */
  constructor(path: string, context: Context) {
    this.#path = path;
    this.#context = context;
    try {
      this.#put();
    } catch (error) {
      throw new ModemctlError('USAGE', `--textfile cannot be written: ${(error as Error).message}`, {
        hint: 'Name a file in a folder that you may write.',
      });
    }
    this.#next(EVERY_MS);
  }

  /** @returns ends it */
  add(modem: KeptModem): () => void {
    this.#modems.add(modem);
    return () => this.#modems.delete(modem);
  }

  /** Something has happened. */
  write(): void {
    if (!this.#isDue) this.#next(AFTER_MS);
    this.#isDue = true;
  }

  /** Nobody keeps the modems any more. */
  end(): void {
    this.#cancel();
    rmSync(this.#path, { force: true });
  }

  #next(delayMs: number): void {
    this.#cancel();
    this.#cancel = this.#context.clock.after(delayMs, () => {
      this.#isDue = false;
      this.#try();
      this.#next(EVERY_MS);
    });
  }

  /** A disk that is full costs nothing else. */
  #try(): void {
    try {
      this.#put();
      this.#isBroken = false;
    } catch (error) {
      if (!this.#isBroken) this.#context.say(`note: --textfile cannot be written: ${(error as Error).message}`);
      this.#isBroken = true;
    }
  }

  #put(): void {
    // Root could rename over /dev/null, and all others would be without it.
    if (!(lstatSync(this.#path, { throwIfNoEntry: false })?.isFile() ?? true))
      throw new Error('it is no ordinary file');
    // The collector reads *.prom.
    const draft = join(dirname(this.#path), `.${basename(this.#path)}.${process.pid}`);
    try {
      // Whoever collects is another user.
      writeFileSync(draft, metricsText([...this.#modems]), { mode: 0o644 });
      renameSync(draft, this.#path);
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
  }
}
