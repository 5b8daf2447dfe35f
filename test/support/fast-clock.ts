import { type Clock, systemClock } from '../../src/core/clock.ts';

const FACTOR = 10;
/** How often a PTY is looked at; ten times as often would only keep this machine busy. */
const LOOK_MS = 50;

/** For virtual modems: their time runs ten times as fast as ours, so that a call takes no seconds. */
export const fastClock: Clock = {
  now: () => systemClock.now() * FACTOR,
  after: (delayMs, fire) => systemClock.after(delayMs <= LOOK_MS ? delayMs : delayMs / FACTOR, fire),
};
