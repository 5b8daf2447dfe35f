/** Time as a dependency, so that a test can make a 60 s wait take nothing. All times are milliseconds. */
export interface Clock {
  /** Monotonic; its zero means nothing. */
  now(): number;
  /** Calls `fire` once, `delayMs` from now; the returned function cancels it. */
  after(delayMs: number, fire: () => void): () => void;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after: (delayMs, fire) => {
    const timer = setTimeout(fire, delayMs);
    return () => clearTimeout(timer);
  },
};

/**
 * Waits. Rejects with the signal's reason when it is aborted.
 */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.after(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

const SECOND_MS = 1000;

/** How long it is to the next whole second. Those who look once a second wait for it, so that a process in which many do so wakes once. */
export function toNextSecond(now: number): number {
  return Math.ceil(SECOND_MS - (now % SECOND_MS));
}

/** What {@link within} yields when the time is up. */
export const TIMED_OUT: unique symbol = Symbol('timed out');

/**
 * Limits a wait: the promise's value, or {@link TIMED_OUT} after `limitMs`. The promise itself goes on; a late rejection of it is swallowed.
 */
export function within<T>(clock: Clock, limitMs: number, promise: Promise<T>): Promise<T | typeof TIMED_OUT> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(limitMs, () => resolve(TIMED_OUT));
    promise.then(
      (value) => {
        cancel();
        resolve(value);
      },
      (error) => {
        cancel();
        reject(error);
      },
    );
  });
}
