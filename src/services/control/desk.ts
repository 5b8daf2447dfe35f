/** The desk of the process that holds a modem: listens on its control socket, and has done what is asked there. The protocol is in docs/control-socket.md. */
import { type Clock, TIMED_OUT, within } from '../../core/clock.ts';
import { isModemctlError, ModemctlError } from '../../core/errors.ts';
import { unlessAborted } from '../../core/unless-aborted.ts';
import { freeLine } from '../../modem/free-line.ts';
import { inspect, inspectionFields } from '../../modem/inspect.ts';
import { notRecovered, recover } from '../../modem/recover.ts';
import type { Session } from '../../modem/session.ts';
import { failure, LineServer, type SocketClient, type SocketRequest } from '../../native/line-server.ts';
import { type CommandReport, failureOf } from '../at-outcome.ts';
import type { Errands } from './errands.ts';
import { placeToListen } from './places.ts';
import { type ControlRequest, parseRequest } from './request.ts';
import type { ServiceRecord } from './service-record.ts';

export interface DeskOptions {
  readonly session: Session;
  readonly errands: Errands;
  /** The command that holds the modem, for `status`: `watch`. */
  readonly command: string;
  /** Of who keeps the modem for longer than a call. */
  readonly record?: ServiceRecord;
  /** The modem is given to somebody, by this name. */
  readonly onLent?: (to: string) => void;
  /** Ends loans. */
  readonly signal: AbortSignal;
}

const MAX_CLIENTS = 16;
/** A client that has nothing to ask for so long may connect again. */
const IDLE_MS = 10 * 60_000;
/** A borrower that is asked to hang up ends its call and gives the modem back within this: the longest way to free a line, and some. */
const RETURN_LIMIT_MS = 60_000;
const SCHEMA_VERSION = 1;

export class Desk {
  readonly #options: DeskOptions;
  readonly #clock: Clock;
  #server: LineServer | null = null;
  #borrower: { readonly client: SocketClient; readonly returned: Promise<void> } | null = null;

  private constructor(options: DeskOptions) {
    this.#options = options;
    this.#clock = options.session.clock;
  }

  /**
   * Listens from now on.
   * @throws ModemctlError DENIED, USAGE (where no socket can be had), IN_USE (another process listens for this modem)
   */
  static async open(options: DeskOptions): Promise<Desk> {
    const { session } = options;
    const desk = new Desk(options);
    const place = placeToListen({ id: session.id, virtual: session.info?.virtual ?? false });
    const perform = (request: SocketRequest, client: SocketClient) => desk.#perform(request, client);
    const limits = { maxClients: MAX_CLIENTS, idleMs: IDLE_MS, clock: session.clock, group: place.group };
    desk.#server = await LineServer.listen(place.path, perform, limits);
    if (desk.#server) return desk;
    throw new ModemctlError('IN_USE', `another modemctl keeps ${session.name}`, { details: { socket: place.path } });
  }

  get path(): string {
    return this.#server?.path ?? '';
  }

  /** Those who wait are told; then nobody listens any more. */
  async close(): Promise<void> {
    this.#options.errands.close();
    // Replies are written before their connections go.
    await new Promise((resolve) => setImmediate(resolve));
    await this.#server?.close();
  }

  async #perform(request: SocketRequest, client: SocketClient): Promise<object | null> {
    const reply = await this.#reply(parseRequest(request), client).catch((error: unknown) => {
      // Whatever it is, it is the asker's to know, and no reason for us to end.
      if (isModemctlError(error)) return failure(error);
      throw error;
    });
    return reply && { schemaVersion: SCHEMA_VERSION, ...reply };
  }

  async #reply(request: ControlRequest, client: SocketClient): Promise<object | null> {
    const { errands } = this.#options;
    switch (request.do) {
      case 'status':
        return this.#status();
      case 'at':
        return errands.do((session) => runCommands(session, request));
      case 'info':
        return errands.do(async (session) => inspectionFields(session, await inspect(session)));
      case 'reset':
        return errands.do((session) => reset(session, request));
      case 'hangup':
        return this.#hangUp();
      case 'borrow':
        return this.#lend(request.by, client);
    }
  }

  #status(): object {
    const { session, errands, command, record } = this.#options;
    return {
      modem: session.id,
      tty: session.tty,
      state: errands.state,
      why: errands.why,
      holder: { pid: process.pid, command },
      ...record?.facts(),
    };
  }

  /** The port and its lock are given up until the client is gone. Who opens it then is its own business, as it would be without us. */
  #lend(to: string, client: SocketClient): Promise<null> {
    const { errands, signal, onLent } = this.#options;
    return errands.do(async (session) => {
      const { tty } = session;
      await session.close();
      errands.become('lent', to);
      onLent?.(to);
      let giveBack = () => {};
      const returned = new Promise<void>((resolve) => {
        giveBack = resolve;
      });
      this.#borrower = { client, returned };
      client.tell({ ok: true, schemaVersion: SCHEMA_VERSION, modem: session.id, tty });
      await unlessAborted([signal], client.untilGone());
      this.#borrower = null;
      errands.become('busy');
      giveBack();
      return null;
    });
  }

  async #hangUp(): Promise<object> {
    const { errands, session } = this.#options;
    const borrower = this.#borrower;
    if (borrower) {
      borrower.client.tell({ event: 'hangup' });
      const returned = await within(this.#clock, RETURN_LIMIT_MS, borrower.returned);
      if (returned === TIMED_OUT) {
        throw new ModemctlError('IN_USE', `${session.name} is lent to ${errands.why}, who does not give it back`);
      }
    }
    if (await errands.endCall()) return { modem: session.id, onHook: true, hadCarrier: true, tty: session.tty };
    return errands.do(async (held) => {
      const hadCarrier = await held.hasCarrier();
      await freeLine(held);
      return { modem: held.id, onHook: true, hadCarrier: hadCarrier || borrower !== null, tty: held.tty };
    }, true);
  }
}

async function runCommands(
  session: Session,
  { commands, limitMs }: Extract<ControlRequest, { do: 'at' }>,
): Promise<object> {
  const reports: CommandReport[] = [];
  for (const command of commands) {
    const { lines, result, elapsedMs } = await session.command(command, limitMs);
    const report = { command: command.line, lines, result: result?.text ?? null, elapsedMs: Math.round(elapsedMs) };
    reports.push(report);
    const error = failureOf(session, report, false);
    if (error) return { ...failure(error), commands: reports };
  }
  return { commands: reports };
}

async function reset(session: Session, { method }: Extract<ControlRequest, { do: 'reset' }>): Promise<object> {
  const { recovered, recoveredBy, steps, tty } = await recover(session, { method });
  const fields = { modem: session.id, recovered, recoveredBy, steps, tty };
  return recovered ? fields : { ...failure(notRecovered(session, { steps })), ...fields };
}
