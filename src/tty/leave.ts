/**
 * Leaving a port: the one place where a descriptor of a real tty is let go.
 *
 * With bytes unsent on a stalled modem, close(2) waits for the driver's closing_wait, 30 s (measured on cdc_acm; drivers/tty/tty_port.c), and so does every orderly exit. Only the last close waits, and not in a
 * process that is being killed. So a tiny child takes a copy of the descriptor, ours is closed at once, and the child is killed.
 */
import { spawn } from 'node:child_process';
import type { Clock } from '../core/clock.ts';
import { within } from '../core/clock.ts';

/** No close that is not waiting for a stalled modem takes as long. */
const CLOSE_LIMIT_MS = 1000;

/**
 * Closes a descriptor without waiting for bytes that are not sent. Never throws.
 * @param unsent whether bytes may still wait to be sent
 * @param close closes our descriptor
 */
export async function leave(
  clock: Clock,
  fd: number | null,
  unsent: boolean,
  close: () => Promise<void>,
): Promise<void> {
  const holder = unsent && fd !== null ? holdByChild(fd) : null;
  try {
    await within(clock, CLOSE_LIMIT_MS, close());
  } catch {
    // The device is gone, and the descriptor with it.
  }
  holder?.kill('SIGKILL');
}

function holdByChild(fd: number): ReturnType<typeof spawn> {
  const child = spawn('sleep', ['60'], { stdio: ['ignore', 'ignore', 'ignore', fd], detached: true });
  child.on('error', () => {});
  child.unref();
  return child;
}
