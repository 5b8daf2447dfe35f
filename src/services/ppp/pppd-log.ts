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

/** Why pppd ends. */
export interface PppdReason {
  /** The exit code of pppd that stands for it. */
  readonly code: number;
  /** In pppd's words. */
  readonly said: string;
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

/**
 * What makes it end, and pppd's exit code for that (pppd(8), EXIT STATUS). Its own exit code tells the last thing that happened to it: a far end that hangs up while both say goodbye makes 16 of
 * whatever was the reason. `null`: as it is before the link is up, and after.
 */
const REASONS: readonly (readonly [said: RegExp, code: number, isUp: boolean | null])[] = [
  [/^Modem hangup/, 16, null],
  [/^Terminating on signal/, 5, null],
  [/^Terminating connection due to lack of activity/, 12, null],
  [/^Connect time expired/, 13, null],
  [/^Serial link appears to be disconnected/, 15, null],
  [/^Serial line is looped back/, 17, null],
  [/^(PAP peer authentication failed|Peer .* failed CHAP authentication|peer refused to authenticate)/, 11, null],
  [/^((PAP|CHAP|EAP) authentication failed|EAP: peer reports authentication failure|No response to PAP)/, 19, null],
  [/^LCP terminated by peer \(.*authenticat/i, 19, false],
  [/^LCP terminated by peer/, 10, false],
  [/^LCP terminated by peer/, 0, true],
];

/** It says one of these when it will end, whatever the modem does. */
const ENDINGS =
  /^(Connection terminated|Modem hangup|Hangup \(SIGHUP\)|Terminating on signal|Terminating connection|LCP terminated by peer|Serial link appears|Exit)/;
/** No reason for anything. */
const IDLE_TALK =
  /^(Using interface|Connect: |Connect time|Sent |Script |Connection terminated|(local|remote) +(IP|LL) address|.* compression (enabled|disabled))/;

export class PppdLog {
  readonly #events: PppdLogEvents;
  #rest = '';
  #interface = '';
  #local = '';
  #user: string | null = null;
  #isUp = false;
  #reason: PppdReason | null = null;
  #traffic: Traffic | null = null;
  readonly #lines: string[] = [];

  constructor(events: PppdLogEvents) {
    this.#events = events;
  }

  /** Bytes that went over the link, as pppd counted them at its end. */
  get traffic(): Traffic | null {
    return this.#traffic;
  }

  /** What made it end: the first reason that it told, or null. */
  get reason(): PppdReason | null {
    return this.#reason;
  }

  /** What it said that explains its end: the reason, or the last thing that may be one; or null. */
  get lastWords(): string | null {
    return this.#reason?.said ?? this.#lines.findLast((line) => !IDLE_TALK.test(line)) ?? null;
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
      this.#isUp = true;
      this.#events.up({
        interface: this.#interface,
        localAddress: this.#local,
        remoteAddress: remote,
        user: this.#user,
      });
    }
    const counted = /^Sent (\d+) bytes, received (\d+) bytes\.$/.exec(line);
    if (counted) this.#traffic = { sent: Number(counted[1]), received: Number(counted[2]) };
    this.#reason ??= this.#reasonIn(line);
    if (ENDINGS.test(line)) this.#events.ending();
  }

  #reasonIn(line: string): PppdReason | null {
    const found = REASONS.find(([said, , isUp]) => said.test(line) && (isUp ?? this.#isUp) === this.#isUp);
    return found ? { code: found[1], said: line } : null;
  }
}
