import { type Clock, systemClock } from '../../src/core/clock.ts';

const FACTOR = 10;

/** For virtual modems: their time runs ten times as fast as ours, so that a call takes no seconds. */
export const fastClock: Clock = {
  now: () => systemClock.now() * FACTOR,
  after: (delayMs, fire) => systemClock.after(delayMs / FACTOR, fire),
};
