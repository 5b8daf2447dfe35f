/** The file of a chat script: bounded, and read without being held up by a pipe whose writer takes its time (`--chat <(...)`). */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { type Clock, sleep } from '../core/clock.ts';
import { ModemctlError } from '../core/errors.ts';

/** More than any script; what is longer is another file, or `/dev/zero`. */
const MAX_BYTES = 256 * 1024;
/** Between two looks at a pipe that is still empty. */
const LOOK_AGAIN_MS = 20;

/** @throws ModemctlError USAGE; the signal's reason */
export async function readChatFile(path: string, clock: Clock, signal: AbortSignal): Promise<string> {
  let fd: number | null = null;
  try {
    // A named pipe without a writer is empty, and holds nobody up.
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    return await readAll(fd, clock, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ModemctlError) throw error;
    throw new ModemctlError('USAGE', `the chat script cannot be read: ${(error as Error).message}`, { cause: error });
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

async function readAll(fd: number, clock: Clock, signal: AbortSignal): Promise<string> {
  const parts: Buffer[] = [];
  for (let total = 0; total <= MAX_BYTES; ) {
    const part = Buffer.alloc(16 * 1024);
    const count = await readSome(fd, part, clock, signal);
    if (count === 0) return Buffer.concat(parts).toString('latin1');
    parts.push(part.subarray(0, count));
    total += count;
  }
  throw new ModemctlError('USAGE', `the chat script is larger than ${MAX_BYTES / 1024} KiB`);
}

async function readSome(fd: number, part: Buffer, clock: Clock, signal: AbortSignal): Promise<number> {
  for (;;) {
    try {
      return readSync(fd, part);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      await sleep(clock, LOOK_AGAIN_MS, signal);
    }
  }
}
