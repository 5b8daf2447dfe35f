/** Streams of events, as `--json` prints them. */
import assert from 'node:assert/strict';
import { EVENTS } from '../../src/cli/events.ts';
import type { Running } from './cli.ts';

// biome-ignore lint/suspicious/noExplicitAny: every event has fields of its own.
export type Told = Record<string, any>;

/** All that were told, each by a name and with fields that the documentation has. */
export function eventsOf({ stdout }: { readonly stdout: string }): Told[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => documented(JSON.parse(line) as Told));
}

function documented(told: Told): Told {
  const known: Readonly<Record<string, { readonly fields: object }>> = EVENTS;
  const { time: _time, event, modem: _modem, ...fields } = told;
  const spec = known[event];
  assert.ok(spec, `${event} is in EVENTS`);
  for (const name of Object.keys(fields)) assert.ok(name in spec.fields, `${name} of ${event} is in EVENTS`);
  return told;
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
