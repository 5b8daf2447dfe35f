/** Whether a call is up on a modem that the user commands by hand: by DCD where there is one, else by what the modem says. Pure. */
import { type Connection, parseConnection } from '../../at/connect.ts';
import { fromBytes } from '../../core/text.ts';

export type CallNews = 'up' | 'down' | null;

/** Longer than any CONNECT; more of a line is no result code. */
const MAX_LINE = 120;
/** Conexant tells of a connection on up to three lines before CONNECT. */
const LINES_BEFORE = 3;

export class CallWatch {
  #isUp = false;
  #hasDcd = false;
  #connection: Connection | null = null;
  #line = '';
  #before: string[] = [];

  get isUp(): boolean {
    return this.#isUp;
  }

  /** What CONNECT told of the call; null: there is none, or nobody saw it come. */
  get connection(): Connection | null {
    return this.#connection;
  }

  /** Bytes from the modem. */
  received(bytes: Uint8Array): CallNews {
    // In a call whose connection is known, with a circuit to tell its end, they are the far end's and no concern of ours.
    if (this.#isUp && this.#hasDcd && this.#connection) return null;
    let news: CallNews = null;
    const lines = (this.#line + fromBytes(bytes)).split(/\r\n?|\n/);
    this.#line = (lines.pop() ?? '').slice(-MAX_LINE);
    for (const line of lines) news = this.#heard(line) ?? news;
    return news;
  }

  /** DCD now; null: there is no such circuit. */
  carrier(dcd: boolean | null): CallNews {
    if (dcd === null) return null;
    this.#hasDcd = true;
    return this.#set(dcd);
  }

  /** A call that was made for the user. */
  connected(connection: Connection): void {
    this.#connection = connection;
    this.#isUp = true;
  }

  /** The modem has no call any more: it was hung up, reset, or went away. */
  over(): void {
    this.#set(false);
  }

  #heard(line: string): CallNews {
    if (/^CONNECT\b/.test(line) && this.#connection === null) {
      this.#connection = parseConnection(line.slice(0, MAX_LINE), this.#before);
      return this.#hasDcd ? null : this.#set(true);
    }
    if (line === 'NO CARRIER' && !this.#hasDcd) return this.#set(false);
    if (line !== '') this.#before = [...this.#before, line.slice(0, MAX_LINE)].slice(-LINES_BEFORE);
    return null;
  }

  #set(up: boolean): CallNews {
    if (!up && (this.#isUp || !this.#hasDcd)) this.#connection = null;
    if (up === this.#isUp) return null;
    this.#isUp = up;
    this.#before = [];
    return up ? 'up' : 'down';
  }
}
