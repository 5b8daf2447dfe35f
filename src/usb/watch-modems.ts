/** Modems as they come and go. */
import { systemClock } from '../core/clock.ts';
import { BusWatch } from './bus-watch.ts';
import { type ListOptions, listModems } from './list-modems.ts';
import type { ModemInfo } from './modem-info.ts';
import { type ModemEvent, Roster } from './roster.ts';

export interface WatchOptions extends Omit<ListOptions, 'useUsbPackage' | 'knownStrings'> {
  /** It ends after so long; without it, it goes on. */
  readonly deadlineMs?: number;
  /** Which of those listed are meant; all, by default. */
  readonly choose?: (devices: readonly ModemInfo[]) => readonly ModemInfo[];
}

/**
 * Yields first the modems that are there (`plugged`, `present`), then what comes, goes and changes, each when it has settled (see roster.ts). A different device at the same port, and the same one plugged in
 * again, are an `unplugged` and a `plugged`. Costs one cheap look a second while nothing happens.
 * @throws the signal's reason when it is aborted
 */
export async function* watchModems(options: WatchOptions = {}): AsyncGenerator<ModemEvent, void, undefined> {
  const { clock = systemClock, choose = (devices) => devices, deadlineMs = Number.POSITIVE_INFINITY } = options;
  const end = clock.now() + deadlineMs;
  const bus = new BusWatch(options);
  const roster = new Roster();
  const listOptions = { ...options, knownStrings: new Map() };
  try {
    for (;;) {
      await bus.changed(Math.min(end, roster.due) - clock.now());
      // Also where only time has passed: the kernel may have gone on with what it was in the middle of.
      yield* roster.update(choose(await listModems(listOptions)), clock.now());
      if (clock.now() >= end) return;
    }
  } finally {
    bus.close();
  }
}
