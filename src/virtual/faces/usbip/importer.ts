/** The client's half: connects to a USB/IP server, imports a device, and hands the connection over untouched. */
import { connect, type Socket } from 'node:net';
import { type Clock, TIMED_OUT, within } from '../../../core/clock.ts';
import { ModemctlError } from '../../../core/errors.ts';
import { DEVICE_RECORD_LENGTH, importRequest, OP_HEADER_LENGTH, parseOpHeader } from './protocol.ts';

/** On the loopback interface an answer takes a millisecond; a busy machine may take longer. */
const REPLY_LIMIT_MS = 10_000;

const REPLY_LENGTH = OP_HEADER_LENGTH + DEVICE_RECORD_LENGTH;

/**
 * @returns a socket that is no longer read: every byte of the import reply was taken and none after it
 * @throws ModemctlError NO_MODEM when the server refuses, HELPER when it does not answer
 */
export async function importDevice(clock: Clock, port: number, busId: string): Promise<Socket> {
  const attempt = askForDevice(port, busId);
  const status = await within(clock, REPLY_LIMIT_MS, attempt.status).catch((error: Error) => {
    attempt.socket.destroy();
    throw new ModemctlError('HELPER', `the USB/IP server on port ${port} failed: ${error.message}`, { cause: error });
  });
  if (status === 0) return attempt.socket;
  attempt.socket.destroy();
  if (status === TIMED_OUT) throw new ModemctlError('HELPER', `the USB/IP server on port ${port} does not answer`);
  throw new ModemctlError('NO_MODEM', `the USB/IP server on port ${port} does not give ${busId} away`);
}

/** `onread` is used rather than events, because only it stops reading at once: what comes later belongs to the kernel. */
function askForDevice(port: number, busId: string): { socket: Socket; status: Promise<number> } {
  let socket: Socket | undefined;
  const status = new Promise<number>((resolve, reject) => {
    const reply = Buffer.alloc(REPLY_LENGTH);
    let length = 0;
    const opened = connect({
      host: '127.0.0.1',
      port,
      onread: {
        buffer: Buffer.alloc(REPLY_LENGTH),
        callback: (count, chunk) => {
          length += Buffer.from(chunk.buffer, chunk.byteOffset, count).copy(reply, length);
          if (length < OP_HEADER_LENGTH) return true;
          const refused = parseOpHeader(reply).status;
          if (refused !== 0) resolve(refused);
          else if (length >= REPLY_LENGTH) resolve(0);
          else return true;
          return false;
        },
      },
    });
    opened.on('error', reject);
    opened.on('close', () => reject(new Error('it closed the connection')));
    opened.on('connect', () => opened.write(importRequest(busId)));
    socket = opened;
  });
  return { socket: socket!, status };
}
