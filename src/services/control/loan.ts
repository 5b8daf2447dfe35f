/** The asking side: a modem that another modemctl holds is borrowed from it, and given back. */
import type { Clock } from '../../core/clock.ts';
import type { ModemctlError } from '../../core/errors.ts';
import { errorOf, LineClient } from '../../native/line-client.ts';
import type { SocketRequest } from '../../native/line-server.ts';
import { holdersIn } from '../../tty/open-port.ts';
import { type HeldModem, placesToAsk } from './places.ts';

/** What is asked may wait for what is being done: a modem that is set up, or recovered with all steps. */
const ANSWER_LIMIT_MS = 90_000;

/**
 * Asks the process that keeps a modem.
 * @param inUse the error of opening its tty, which tells who has it
 * @param limitMs how long it may take
 * @returns its reply, and the connection it came by; null: nobody keeps it who listens to us
 * @throws ModemctlError as the reply says
 */
export async function askHolder(
  modem: HeldModem,
  inUse: ModemctlError,
  request: object,
  clock: Clock,
  limitMs = ANSWER_LIMIT_MS,
): Promise<{ readonly reply: SocketRequest; readonly client: LineClient } | null> {
  for (const path of placesToAsk(
    modem,
    holdersIn(inUse).map(({ pid }) => pid),
  )) {
    const client = await LineClient.connect(path, clock);
    if (!client) continue;
    const reply = await client.ask(request, limitMs);
    const error = reply && errorOf(reply);
    if (reply && !error) return { reply, client };
    client.close();
    if (error) throw error;
  }
  return null;
}

/** A modem that is ours to open until it is given back. */
export class Loan {
  /** Where the modem is now: it may have been reset while we waited; null: not told. */
  readonly tty: string | null;
  readonly #client: LineClient;

  private constructor(client: LineClient, tty: unknown, onHangUp: () => void) {
    this.#client = client;
    this.tty = typeof tty === 'string' ? tty : null;
    void this.#heed(onHangUp);
  }

  /**
   * @param by what others are told of who has it
   * @param onHangUp called when the line is wanted free: end the call, give the modem back
   * @returns null: nobody keeps the modem who lends it
   * @throws ModemctlError IN_CALL, IN_USE, GONE
   */
  static async take(
    modem: HeldModem,
    inUse: ModemctlError,
    by: string,
    clock: Clock,
    onHangUp: () => void,
  ): Promise<Loan | null> {
    const asked = await askHolder(modem, inUse, { do: 'borrow', by }, clock);
    return asked && new Loan(asked.client, asked.reply.tty, onHangUp);
  }

  /** Safe to call twice. */
  giveBack(): void {
    this.#client.close();
  }

  async #heed(onHangUp: () => void): Promise<void> {
    for (let message = await this.#client.next(); message; message = await this.#client.next()) {
      if (message.event === 'hangup') onHangUp();
    }
  }
}
