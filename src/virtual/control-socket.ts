/**
 * The control socket of one virtual modem: a Unix socket, one JSON object a line each way. A request has `do`; the reply `{"ok":true,...}` or `{"ok":false,"error":{"code","message"}}`, in the order of the
 * requests.
 */
import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { ModemctlError } from '../core/errors.ts';
import { ANOTHER_FOLDER } from '../core/virtual-registry.ts';
import { readLines } from '../native/lines.ts';

/** A request that was parsed; its fields are still anybody's. */
export type ControlRequest = Readonly<Record<string, unknown>>;

/** Longer lines end the connection. */
const MAX_LINE = 64 * 1024;
/** sun_path of unix(7), with its NUL. */
const MAX_PATH = 107;

export class ControlSocket {
  readonly path: string;
  readonly #server: Server;
  readonly #clients = new Set<Socket>();

  private constructor(path: string, server: Server) {
    this.path = path;
    this.#server = server;
  }

  /**
   * Listens. A socket left behind by a process that is gone is replaced.
   * @param perform does what a request asks; what it returns is added to the reply
   * @returns null when another living process listens there
   * @throws ModemctlError USAGE, DENIED
   */
  static async listen(
    path: string,
    perform: (request: ControlRequest) => Promise<object> | object,
  ): Promise<ControlSocket | null> {
    if (Buffer.byteLength(path) > MAX_PATH) {
      throw new ModemctlError('USAGE', `${path} is too long for a socket`, {
        hint: 'set XDG_RUNTIME_DIR to a shorter path',
      });
    }
    // A client may close its side once it has asked, as `socat` does.
    const server = createServer({ allowHalfOpen: true });
    const control = new ControlSocket(path, server);
    server.on('connection', (socket) => void control.#serve(socket, perform));
    if (!(await tryListen(server, path))) {
      if (await answers(path)) return null;
      rmSync(path, { force: true });
      if (!(await tryListen(server, path))) return null;
    }
    chmodSync(path, 0o600);
    return control;
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

  async #serve(socket: Socket, perform: (request: ControlRequest) => Promise<object> | object): Promise<void> {
    this.#clients.add(socket);
    socket.on('close', () => this.#clients.delete(socket));
    socket.on('error', () => {});
    try {
      for await (const line of readLines(socket, MAX_LINE)) {
        if (line === '') continue;
        const reply = await answer(line, perform);
        if (!socket.writable) return;
        socket.write(`${JSON.stringify(reply)}\n`);
      }
      socket.end();
    } catch (error) {
      if (socket.writable) socket.end(`${JSON.stringify(failure(error))}\n`);
    }
  }
}

async function answer(line: string, perform: (request: ControlRequest) => Promise<object> | object): Promise<object> {
  try {
    const request: unknown = JSON.parse(line);
    if (typeof request !== 'object' || request === null || Array.isArray(request)) {
      throw new ModemctlError('USAGE', 'a request is a JSON object');
    }
    return { ok: true, ...(await perform(request as ControlRequest)) };
  } catch (error) {
    return failure(error);
  }
}

function failure(error: unknown): object {
  if (error instanceof ModemctlError) return { ok: false, error: { code: error.code, message: error.message } };
  if (error instanceof SyntaxError)
    return { ok: false, error: { code: 'USAGE', message: 'a request is a JSON object' } };
  return { ok: false, error: { code: 'BUG', message: error instanceof Error ? error.message : String(error) } };
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
