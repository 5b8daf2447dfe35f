/** Streams of events, as `--json` prints them. */
import type { Running } from './cli.ts';

// biome-ignore lint/suspicious/noExplicitAny: every event has fields of its own.
export type Told = Record<string, any>;

export function eventsOf({ stdout }: { readonly stdout: string }): Told[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Told);
}

/** Waits until an event has been told so many times. */
export async function tells(running: Running, event: string, times = 1): Promise<void> {
  const count = () => eventsOf(running).filter((told) => told.event === event).length;
  await until(
    `"${event}" is told ${times} times`,
    () => count() >= times,
    () => running.stdout + running.stderr,
  );
}

/** `expect.poll` knows but one test at a time. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, evidence = () => ''): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`never: ${what}\n${evidence()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
