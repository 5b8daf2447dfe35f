/**
 * Hints that something was plugged in or out: a node was made, taken away or given other rights, a virtual modem was registered. They come from the kernel itself, so udev need not run. Only hints: whoever
 * waits goes on looking where the system gives none.
 */
import { type FSWatcher, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import type { SystemRoots } from '../core/system-roots.ts';
import { virtualRegistryFolder } from '../core/virtual-registry.ts';
import { listFolder } from './attribute.ts';
import { TTY_NAME } from './sysfs.ts';

interface Watched {
  readonly watcher: FSWatcher;
  /** Which folder it was: one that is made anew under its old name has to be watched anew. */
  readonly ino: number;
}

export class Hints {
  readonly #roots: SystemRoots;
  readonly #virtualFolder: string;
  readonly #watched = new Map<string, Watched>();
  #given = false;
  #wake: (() => void) | null = null;

  constructor(roots: SystemRoots, virtualFolder: string = virtualRegistryFolder()) {
    this.#roots = roots;
    this.#virtualFolder = virtualFolder;
    this.refresh();
  }

  /** Watches folders that came since (a USB bus, the first virtual modem's), and forgets those that went. */
  refresh(): void {
    const { dev } = this.#roots;
    const buses = join(dev, 'bus/usb');
    // Above all /dev itself; a device without a tty has no node but the one below its bus.
    const wanted = [dev, buses, ...listFolder(buses).map((name) => join(buses, name)), this.#virtualFolder];
    const present = new Map(wanted.map((folder) => [folder, inodeOf(folder)] as const));
    for (const [folder, { watcher, ino }] of this.#watched) {
      if (present.get(folder) === ino) continue;
      watcher.close();
      this.#watched.delete(folder);
    }
    for (const [folder, ino] of present) {
      if (ino === null || this.#watched.has(folder)) continue;
      const watcher = startWatching(folder, (name) => {
        // Every write to /dev/null is told as well, by kernels before 6.10.
        if (folder !== dev || name === null || name === 'bus' || TTY_NAME.test(name)) this.#give();
      });
      if (watcher) this.#watched.set(folder, { watcher, ino });
    }
  }

  /** Waits for a hint, also one that came since the last wait, at most `limitMs`. Returns whether there was one. Rejects with the signal's reason when it is aborted. */
  wait(clock: Clock, limitMs: number, signal?: AbortSignal): Promise<boolean> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      if (this.#given) {
        this.#given = false;
        resolve(true);
        return;
      }
      const end = () => {
        cancel();
        this.#wake = null;
        this.#given = false;
        signal?.removeEventListener('abort', onAbort);
      };
      const onAbort = () => {
        end();
        reject(signal?.reason);
      };
      const cancel = clock.after(limitMs, () => {
        end();
        resolve(false);
      });
      this.#wake = () => {
        end();
        resolve(true);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  close(): void {
    for (const { watcher } of this.#watched.values()) watcher.close();
    this.#watched.clear();
  }

  #give(): void {
    this.#given = true;
    this.#wake?.();
  }
}

function inodeOf(folder: string): number | null {
  try {
    return statSync(folder).ino;
  } catch {
    return null;
  }
}

function startWatching(folder: string, onChange: (name: string | null) => void): FSWatcher | null {
  try {
    const watcher = watch(folder, { persistent: false }, (_event, name) => onChange(name));
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    // No watches left: polling will do.
    return null;
  }
}
