/**
 * What comes of `wait`, or null as soon as one of the signals is aborted. Nothing stays at the signals, which may live for years; that is also why they are not joined by AbortSignal.any, of which Node 20
 * keeps some hundred bytes at each of its sources for as long as those live.
 */
export async function unlessAborted<T>(signals: readonly AbortSignal[], wait: Promise<T>): Promise<T | null> {
  let stop = () => {};
  const aborted = new Promise<null>((resolve) => {
    stop = () => resolve(null);
  });
  if (signals.some((signal) => signal.aborted)) stop();
  for (const signal of signals) signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([wait, aborted]);
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', stop);
  }
}
