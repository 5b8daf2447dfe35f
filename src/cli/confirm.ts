/** A question that a person at a terminal answers. */
import { createInterface } from 'node:readline/promises';
import type { Context } from './context.ts';

/** Is there somebody to ask? */
export function canAsk({ world }: Context): boolean {
  return world.stdin.isTTY === true && world.stderr.isTTY === true;
}

/** Only a yes is one. Ctrl-C ends the question as any other answer does; the signal is seen elsewhere. */
export async function confirm({ world, signal, progress }: Context, question: string): Promise<boolean> {
  progress.stop();
  // Not as a terminal: Ctrl-C stays a signal.
  const lines = createInterface({ input: world.stdin, output: world.stderr, terminal: false });
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal });
    return /^\s*y(es)?\s*$/i.test(answer);
  } catch {
    return false;
  } finally {
    lines.close();
    world.stdin.pause();
    world.stdin.unref();
  }
}
