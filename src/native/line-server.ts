/**
 * A Unix socket that is asked in JSON, one object a line, and answers so: `{"ok":true,...}` or `{"ok":false,"error":{"code","message","hint","details"}}`, in the order of the requests. Who connects may send
 * anything, so all is bounded: clients, lines, time, and what waits to be read.
 */
import { chmodSync, chownSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { type Clock, systemClock } from '../core/clock.ts';
import { type ErrorCode, isModemctlError, ModemctlError } from '../core/errors.ts';
import { ANOTHER_FOLDER } from '../core/runtime-folder.ts';
import { readLines } from './lines.ts';

/** A request that was parsed; its fields are still anybody's. */
export type SocketRequest = Readonly<Record<string, unknown>>;

/** Who asks. */
export interface SocketClient {
  /** Sends something now, before the reply. */
  tell(message: object): void;
  /** Waits until it closes its side, or is ended. What it sends meanwhile is thrown away. */
  untilGone(): Promise<void>;
}

/** Does what a request asks; what it returns is added to the reply, null is no reply. */
export type Perform = (request: SocketRequest, client: SocketClient) => Promise<object | null> | object | null;

export interface LineServerOptions {
  /** Whose the socket is besides its owner's; default nobody's. */
  readonly group?: number | undefined;
  /** More than these are refused. */
  readonly maxClients?: number;
  /** A client that has asked nothing for so long is left; default: never. */
  readonly idleMs?: number;
  readonly clock?: Clock;
}

/** Longer lines end the connection. */
const MAX_LINE = 64 * 1024;
/** Replies that a client does not read; more end the connection. */
const MAX_UNREAD = 4 * 1024 * 1024;
const MAX_CLIENTS = 32;
/** sun_path of unix(7), with its NUL. */
const MAX_PATH = 107;

export class LineServer {
  readonly path: string;
  readonly #server: Server;
  readonly #perform: Perform;
  readonly #options: LineServerOptions;
  readonly #clients = new Set<Socket>();

  private constructor(path: string, server: Server, perform: Perform, options: LineServerOptions) {
    this.path = path;
    this.#server = server;
    this.#perform = perform;
    this.#options = options;
  }

  /**
   * Listens. A socket left behind by a process that is gone is replaced.
   * @returns null when another living process listens there
   * @throws ModemctlError USAGE, DENIED
   */
  static async listen(path: string, perform: Perform, options: LineServerOptions = {}): Promise<LineServer | null> {
    if (Buffer.byteLength(path) > MAX_PATH) {
      throw new ModemctlError('USAGE', `${path} is too long for a socket`, {
        hint: 'set XDG_RUNTIME_DIR to a shorter path',
      });
    }
    // A client may close its side once it has asked, as `socat` does.
    const server = createServer({ allowHalfOpen: true });
    const listening = new LineServer(path, server, perform, options);
    server.on('connection', (socket) => listening.#accept(socket));
    if (!(await tryListen(server, path))) {
      if (await answers(path)) return null;
      rmSync(path, { force: true });
      if (!(await tryListen(server, path))) return null;
    }
    const { group } = options;
    if (group !== undefined) chownSync(path, process.getuid?.() ?? 0, group);
    chmodSync(path, group === undefined ? 0o600 : 0o660);
    return listening;
  }

  /** Ends all connections and takes the socket away. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    // Replies just written still go out.
    for (const client of this.#clients) client.end();
    await new Promise((resolve) => setImmediate(resolve));
    for (const client of this.#clients) client.destroy();
    await closed;
    rmSync(this.path, { force: true });
  }

  #accept(socket: Socket): void {
    const { maxClients = MAX_CLIENTS } = this.#options;
    socket.on('error', () => {});
    if (this.#clients.size >= maxClients) {
      socket.end(lineOf(failure(new ModemctlError('IN_USE', `${maxClients} clients are connected already`))));
      socket.destroySoon();
      return;
    }
    this.#clients.add(socket);
    socket.on('close', () => this.#clients.delete(socket));
    void this.#serve(socket);
  }

  async #serve(socket: Socket): Promise<void> {
    const client: SocketClient = {
      tell: (message) => void (socket.writable && socket.write(lineOf(message))),
      untilGone: () => untilGone(socket),
    };
    let cancel = this.#startIdling(socket);
    try {
      for await (const line of readLines(socket, MAX_LINE)) {
        if (line === '') continue;
        cancel();
        const reply = await this.#answer(line, client);
        if (reply) client.tell(reply);
        if (!socket.writable || socket.writableLength > MAX_UNREAD) break;
        cancel = this.#startIdling(socket);
      }
      if (socket.writableLength > MAX_UNREAD) socket.destroy();
      else socket.end();
    } catch (error) {
      if (socket.writable) socket.end(lineOf(failure(error)));
      // What it still sends is read by nobody.
      socket.destroySoon();
    } finally {
      cancel();
    }
  }

  #startIdling(socket: Socket): () => void {
    const { idleMs, clock = systemClock } = this.#options;
    return idleMs === undefined ? () => {} : clock.after(idleMs, () => socket.destroy());
  }

  async #answer(line: string, client: SocketClient): Promise<object | null> {
    try {
      const request: unknown = JSON.parse(line);
      if (typeof request !== 'object' || request === null || Array.isArray(request)) throw notAnObject();
      const reply = await this.#perform(request as SocketRequest, client);
      return reply && { ok: true, ...reply };
    } catch (error) {
      return failure(error instanceof SyntaxError ? notAnObject() : error);
    }
  }
}

function notAnObject(): ModemctlError {
  return new ModemctlError('USAGE', 'a request is a JSON object');
}

function lineOf(message: object): string {
  return `${JSON.stringify(message)}\n`;
}

/** An error as a reply has it. */
export function failure(error: unknown): { readonly ok: false; readonly error: SocketError } {
  if (isModemctlError(error)) {
    const { code, message, hint, details } = error;
    return { ok: false, error: { code, message, hint, details } };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { ok: false, error: { code: 'BUG', message, hint: null, details: {} } };
}

export interface SocketError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

function untilGone(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const gone = () => {
      socket.end();
      resolve();
    };
    if (socket.destroyed || socket.readableEnded) gone();
    // Whatever it has sent already would else keep its end from being seen.
    socket.unpipe();
    socket.on('end', gone).on('close', gone).resume();
  });
}

/** False: something is there already. */
function tryListen(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else
        reject(
          new ModemctlError('DENIED', `cannot listen at ${path}: ${error.code ?? error.message}`, {
            hint: ANOTHER_FOLDER,
            cause: error,
          }),
        );
    };
    server.once('error', failed);
    server.listen(path, () => {
      server.removeListener('error', failed);
      resolve(true);
    });
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
