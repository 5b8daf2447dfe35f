/** Power off, a while, and on again, whatever happens in between. */
import { type Clock, sleep } from '../../core/clock.ts';
import { LastWill } from '../../core/last-will.ts';
import type { PowerTrouble, PowerWay } from './ways.ts';

export interface CycleOptions {
  readonly clock: Clock;
  readonly offMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Done as soon as power is off: whoever has the tty open leaves it. */
  readonly onOff: () => Promise<void>;
}

/** The last try to have it on again. */
const WILL_LIMIT_MS = 30_000;

/**
 * @returns null: done; else what went wrong
 * @throws the signal's reason; power is on again then
 */
export async function cyclePower(way: PowerWay, options: CycleOptions): Promise<PowerTrouble | null> {
  const { clock, offMs, signal, onOff } = options;
  signal?.throwIfAborted();
  const will = way.will && new LastWill(way.will.script, way.will.args);
  let trouble: PowerTrouble | null = null;
  let stillOff: PowerTrouble | null = null;
  try {
    // Not broken off: half done, nobody would know what it did.
    trouble = await way.turn('off', clock);
    if (!trouble) {
      await onOff();
      if (will) await sleep(clock, offMs, signal);
    }
  } finally {
    stillOff = await way.turn('on', clock);
    if (stillOff) await will?.execute(clock, WILL_LIMIT_MS);
    else will?.cancel();
  }
  return trouble ?? stillOff;
}
