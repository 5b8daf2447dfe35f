/** Asks a virtual modem's process to unplug it and plug it in again: all the USB there is on a PTY. */
import type { Clock } from '../core/clock.ts';
import { errorOf, LineClient } from '../native/line-client.ts';
import type { ModemInfo } from './modem-info.ts';

const LIMIT_MS = 5000;

/**
 * @returns null if it was done, else what went wrong, in words
 */
export async function replugVirtual(info: ModemInfo, clock: Clock): Promise<string | null> {
  const { control } = info;
  if (control === null) return 'it has no control socket';
  const client = await LineClient.connect(control, clock);
  if (!client) return 'its process does not listen';
  const reply = await client.ask({ do: 'replug' }, LIMIT_MS);
  client.close();
  return reply ? (errorOf(reply)?.message ?? null) : `its process did not answer within ${LIMIT_MS / 1000} s`;
}
