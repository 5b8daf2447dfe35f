/** The asking side of a {@link LineServer}: one JSON object a line each way. */
import { createConnection, type Socket } from 'node:net';
import { type Clock, TIMED_OUT, within } from '../core/clock.ts';
import { isErrorCode, ModemctlError } from '../core/errors.ts';
import type { SocketRequest } from './line-server.ts';
import { readLines } from './lines.ts';

/** A modem's answer to one command is at most 1 MiB, and twice that with its quotes. */
const MAX_LINE = 4 * 1024 * 1024;
const CONNECT_LIMIT_MS = 2000;

export class LineClient {
  readonly #socket: Socket;
  readonly #lines: AsyncGenerator<string>;
  readonly #clock: Clock;

  private constructor(socket: Socket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    this.#lines = readLines(socket, MAX_LINE);
  }

  /** Null: nobody listens there, or not to us. */
  static async connect(path: string, clock: Clock): Promise<LineClient | null> {
    const socket = createConnection(path);
    const connected = new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      // Later too: a server that goes away while we write is one that hung up.
      socket.on('error', () => resolve(false));
    });
    if ((await within(clock, CONNECT_LIMIT_MS, connected)) === true) return new LineClient(socket, clock);
    socket.destroy();
    return null;
  }

  /**
   * @returns the reply, or null: it hung up, said no JSON object, or did not answer in time. The connection is of no use then.
   */
  async ask(request: object, limitMs: number): Promise<SocketRequest | null> {
    this.#socket.write(`${JSON.stringify(request)}\n`);
    const reply = await within(this.#clock, limitMs, this.next());
    return reply === TIMED_OUT ? null : reply;
  }

  /** The next line that comes, however long it takes; null as for {@link ask}. */
  async next(): Promise<SocketRequest | null> {
    try {
      const { value, done } = await this.#lines.next();
      const message: unknown = done ? null : JSON.parse(value);
      return typeof message === 'object' && !Array.isArray(message) ? (message as SocketRequest) : null;
    } catch {
      return null;
    }
  }

  /** Hangs up. Safe to call twice. */
  close(): void {
    this.#socket.destroy();
  }
}

/** The error of a reply, as one of ours; null: it went well. */
export function errorOf(reply: SocketRequest): ModemctlError | null {
  if (reply.ok === true) return null;
  const error = reply.error as Partial<Record<string, unknown>> | null | undefined;
  const text = (value: unknown, otherwise: string) => (typeof value === 'string' ? value.slice(0, 1000) : otherwise);
  const code = text(error?.code, 'HELPER');
  return new ModemctlError(isErrorCode(code) ? code : 'HELPER', text(error?.message, 'it was refused'), {
    hint: typeof error?.hint === 'string' ? text(error.hint, '') : undefined,
    details: typeof error?.details === 'object' && error.details !== null ? { ...error.details } : {},
  });
}
