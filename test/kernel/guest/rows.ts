// Cases that are tables: several modems are plugged in at once, and each row has one for itself.
import assert from 'node:assert/strict';
import type { Guest } from './guest.ts';
import { plugIn, type Unit, type UnitSpec } from './lab.ts';

/** The guest has two processors, one of which plays the modems; with more at a time the limits would measure the emulation. */
const AT_A_TIME = 2;

/** Plugs in a modem for each row and tries the rows, some side by side. Every row is tried, and those that do not hold are named together. */
export async function tryRows<T extends { name: string; modem: UnitSpec }>(
  guest: Guest,
  rows: readonly T[],
  attempt: (row: T, unit: Unit) => Promise<void>,
): Promise<void> {
  const { units } = await plugIn(guest, ...rows.map(({ modem }) => modem));
  const due = rows.map((row, index) => ({ row, unit: units[index]! }));
  const failures: string[] = [];
  const work = async () => {
    for (let next = due.shift(); next; next = due.shift()) {
      const { row, unit } = next;
      await attempt(row, unit).catch((error: unknown) => {
        failures.push(`${row.name}: ${error instanceof Error ? error.stack : error}`);
      });
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  assert.deepEqual(failures, [], failures.join('\n'));
}

/** Asks a modem with no program of ours: an AT on its tty, and an OK within 10 s. Echo and settings do not matter. */
export async function answersStranger(guest: Guest, tty: string): Promise<boolean> {
  const script = `exec 3<>"$0"; stty -F "$0" raw -echo; printf 'AT\\r' >&3; timeout 10 grep -aEqm1 '^(OK|0)' <&3`;
  const { code } = await guest.run(['bash', '-c', script, tty]);
  return code === 0;
}
