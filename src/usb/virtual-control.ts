/** Asks a virtual modem's process to unplug it and plug it in again: all the USB there is on a PTY. */
import { createConnection } from 'node:net';
import { type Clock, TIMED_OUT, within } from '../core/clock.ts';
import type { ModemInfo } from './modem-info.ts';

const LIMIT_MS = 5000;

/**
 * @returns null if it was done, else what went wrong, in words
 */
export async function replugVirtual(info: ModemInfo, clock: Clock): Promise<string | null> {
  const { control } = info;
  if (control === null) return 'it has no control socket';
  const socket = createConnection(control);
  const answer = new Promise<string | null>((resolve) => {
    let text = '';
    socket.on('connect', () => socket.write('{"do":"replug"}\n'));
    socket.on('data', (chunk) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(readAnswer(text));
    });
    socket.on('error', (error) => resolve(error.message));
    socket.on('close', () => resolve('its process hung up'));
  });
  const outcome = await within(clock, LIMIT_MS, answer);
  socket.destroy();
  return outcome === TIMED_OUT ? `its process did not answer within ${LIMIT_MS / 1000} s` : outcome;
}

function readAnswer(text: string): string | null {
  try {
    const answer = JSON.parse(text.slice(0, text.indexOf('\n'))) as { ok?: boolean; error?: { message?: string } };
    return answer.ok ? null : (answer.error?.message ?? 'it refused');
  } catch {
    return 'its answer makes no sense';
  }
}
