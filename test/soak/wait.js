/** Waiting for what must come, with a limit. */
import { setTimeout as pause } from 'node:timers/promises';

const LOOK_AGAIN_MS = 50;

/** @returns whether it came to hold within the limit */
export async function within(limitMs, holds) {
  const deadline = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > deadline) return false;
    await pause(LOOK_AGAIN_MS);
  }
  return true;
}

export { pause };
