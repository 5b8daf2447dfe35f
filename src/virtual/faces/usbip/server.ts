/** A USB/IP server on the loopback interface: offers USB devices that exist in this process only. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { ModemctlError } from '../../../core/errors.ts';
import { Connection, type Exported } from './connection.ts';

/** Never reachable from outside: whoever imports a device can talk to it. */
const LOOPBACK = '127.0.0.1';

export class UsbipServer {
  readonly #server: Server;
  readonly #connections = new Set<Connection>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /**
   * @param port TCP port; 0 takes a free one
   * @throws ModemctlError IN_USE when the port is taken
   */
  static async start(exports: readonly Exported[], port: number): Promise<UsbipServer> {
    const server = createServer();
    const usbip = new UsbipServer(server);
    server.on('connection', (socket) => {
      const connection = new Connection(socket, exports);
      usbip.#connections.add(connection);
      socket.on('close', () => usbip.#connections.delete(connection));
    });
    try {
      server.listen(port, LOOPBACK);
      await once(server, 'listening');
    } catch (error) {
      throw new ModemctlError('IN_USE', `TCP port ${port} cannot be had for USB/IP`, {
        hint: 'Choose another: modemctl virtual --usbip PORT',
        cause: error,
      });
    }
    return usbip;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const connection of this.#connections) connection.drop();
    await closed;
  }
}
