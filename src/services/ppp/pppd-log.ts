/** What pppd says on its log, as far as it matters to us. Its texts are English whatever the locale, and have been these since 2.4.0. */
import { isIPv4 } from 'node:net';
import { fromBytes, printable } from '../../core/text.ts';

/** A link that is up. */
export interface PppLink {
  /** `ppp0` */
  readonly interface: string;
  readonly localAddress: string;
  readonly remoteAddress: string;
  /** The name by which the far end authenticated itself; null: it did not have to, or pppd does not tell (CHAP, before 2.5). */
  readonly user: string | null;
}

export interface Traffic {
  readonly sent: number;
  readonly received: number;
}

export interface PppdLogEvents {
  /** Addresses are agreed on, packets pass. */
  up(link: PppLink): void;
  /** It has begun to end. */
  ending(): void;
  /** Any line, fit to be shown. */
  line(text: string): void;
}

/** What the far end can make pppd say is bounded. */
const MAX_LINE = 300;
const KEPT_LINES = 20;

/** It says one of these when it will end, whatever the modem does. */
const ENDINGS =
  /^(Connection terminated|Modem hangup|Hangup \(SIGHUP\)|Terminating on signal|Terminating connection|LCP terminated by peer|Serial link appears|Exit)/;
/** No reason for anything. */
const IDLE_TALK = /^(Using interface|Connect: |Connect time|Sent |Script |Connection terminated|local {2}IP|remote IP)/;

export class PppdLog {
  readonly #events: PppdLogEvents;
  #rest = '';
  #interface = '';
  #local = '';
  #user: string | null = null;
  #isEnding = false;
  #lostCarrier = false;
  #traffic: Traffic | null = null;
  readonly #lines: string[] = [];

  constructor(events: PppdLogEvents) {
    this.#events = events;
  }

  /** Bytes that went over the link, as pppd counted them at its end. */
  get traffic(): Traffic | null {
    return this.#traffic;
  }

  /** It was told by the modem, before anything else made it end. */
  get lostCarrier(): boolean {
    return this.#lostCarrier;
  }

  /** The last thing it said that may explain its end, or null. */
  get lastWords(): string | null {
    return this.#lines.findLast((line) => !IDLE_TALK.test(line)) ?? null;
  }

  /** Takes the next bytes of the log. */
  receive(bytes: Uint8Array): void {
    const lines = (this.#rest + fromBytes(bytes)).split('\n');
    this.#rest = (lines.pop() ?? '').slice(0, MAX_LINE);
    for (const line of lines) this.#take(printable(line.slice(0, MAX_LINE)).trim());
  }

  #take(line: string): void {
    if (line === '') return;
    this.#lines.push(line);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
    this.#events.line(line);
    const name = /^(?:Using interface|Connect:) ([a-zA-Z0-9_-]{1,15})\b/.exec(line)?.[1];
    if (name !== undefined) this.#interface = name;
    const user = /^(?:PAP|CHAP|EAP)\S* peer authentication succeeded for "?([^"]+)"?$/.exec(line)?.[1];
    if (user !== undefined) this.#user = user;
    const local = /^local {2}IP address (\S+)$/.exec(line)?.[1];
    if (local !== undefined && isIPv4(local)) this.#local = local;
    const remote = /^remote IP address (\S+)$/.exec(line)?.[1];
    if (remote !== undefined && isIPv4(remote)) {
      this.#events.up({
        interface: this.#interface,
        localAddress: this.#local,
        remoteAddress: remote,
        user: this.#user,
      });
    }
    const counted = /^Sent (\d+) bytes, received (\d+) bytes\.$/.exec(line);
    if (counted) this.#traffic = { sent: Number(counted[1]), received: Number(counted[2]) };
    if (!ENDINGS.test(line)) return;
    if (!this.#isEnding) this.#lostCarrier = line === 'Modem hangup';
    this.#isEnding = true;
    this.#events.ending();
  }
}
