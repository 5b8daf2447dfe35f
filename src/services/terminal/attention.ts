/** Work that takes time while the user waits at his terminal: Ctrl-C breaks it off, the prefix key and `q` break it off and quit; all other keys are dropped. */
import type { Keys } from './keys.ts';

const CTRL_C = 0x03;

/**
 * @param over breaks it off as well
 * @param onQuit called when the user wants to quit
 * @throws whatever `action` throws
 */
export async function attend<T>(
  keys: Keys,
  over: AbortSignal,
  action: (signal: AbortSignal) => Promise<T>,
  onQuit: () => void,
): Promise<T> {
  const broken = new AbortController();
  const done = new AbortController();
  const end = () => {
    broken.abort();
    done.abort();
  };
  over.addEventListener('abort', end, { once: true });
  if (over.aborted) end();
  const watch = watchKeys(keys, done.signal, () => broken.abort(), onQuit);
  try {
    return await action(broken.signal);
  } finally {
    done.abort();
    over.removeEventListener('abort', end);
    await watch;
  }
}

async function watchKeys(keys: Keys, signal: AbortSignal, breakOff: () => void, onQuit: () => void): Promise<void> {
  for (;;) {
    const event = await keys.next(signal);
    if (event === null) return;
    const quits = event.kind === 'command' && event.command === 'quit';
    if (quits) onQuit();
    if (quits || (event.kind === 'data' && event.bytes.includes(CTRL_C))) breakOff();
  }
}
