/** Asks a virtual modem's process to unplug it and plug it in again, or to switch its power: all the USB there is on a PTY. */
import type { Clock } from '../core/clock.ts';
import { errorOf, LineClient } from '../native/line-client.ts';

const LIMIT_MS = 5000;

/**
 * @param control its socket
 * @returns null if it was done, else what went wrong, in words
 */
export async function askVirtual(
  control: string | null,
  request: 'replug' | 'power-cycle',
  clock: Clock,
): Promise<string | null> {
  if (control === null) return 'it has no control socket';
  const client = await LineClient.connect(control, clock);
  if (!client) return 'its process does not listen';
  const reply = await client.ask({ do: request }, LIMIT_MS);
  client.close();
  return reply ? (errorOf(reply)?.message ?? null) : `its process did not answer within ${LIMIT_MS / 1000} s`;
}
