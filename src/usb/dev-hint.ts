/** A hint that something in a folder of nodes changed (a tty appeared, udev set its rights). Only a hint: waiting goes on by polling where the system gives none. */
import { type FSWatcher, watch } from 'node:fs';
import type { Clock } from '../core/clock.ts';

export class DevHint {
  readonly #watcher: FSWatcher | null;
  #wake: (() => void) | null = null;

  /** @param folder `/dev` */
  constructor(folder: string) {
    this.#watcher = startWatching(folder, () => this.#wake?.());
  }

  /** Waits for the hint, at most `limitMs`. Rejects with the signal's reason when it is aborted. */
  wait(clock: Clock, limitMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const end = () => {
        cancel();
        this.#wake = null;
        signal?.removeEventListener('abort', onAbort);
      };
      const onAbort = () => {
        end();
        reject(signal?.reason);
      };
      const wake = () => {
        end();
        resolve();
      };
      const cancel = clock.after(limitMs, wake);
      this.#wake = wake;
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  close(): void {
    this.#watcher?.close();
  }
}

function startWatching(folder: string, onChange: () => void): FSWatcher | null {
  try {
    const watcher = watch(folder, { persistent: false }, onChange);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    // No such folder, or no watches left: polling will do.
    return null;
  }
}
