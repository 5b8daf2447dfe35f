import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Link, Telephone, TelephoneLine } from '../../../src/virtual/exchange/line.ts';
import type { KernelCase } from '../guest/case.ts';
import { plugIn, type Unit } from '../guest/lab.ts';

const NUMBER = '5550160';
/** All 256 values, and what looks like a modem talking. */
const GREETING = Buffer.concat([
  Buffer.from('\r\nNO CARRIER\r\nOK\r\nlogin: ', 'latin1'),
  Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
]);
const FAREWELL = Buffer.from('\r\nbye\r\n', 'latin1');
const MEGABYTES = 10;
/** The far end hangs up when it has sent back this much. */
const TOTAL = MEGABYTES * 2 ** 20;

/** A far end that talks in the breath of CONNECT, sends back every byte, and hangs up right after its last words. */
class Greeter implements Telephone {
  line: TelephoneLine | null = null;
  readonly #later: (act: () => void) => void;
  #pending: Uint8Array = GREETING;
  #returned = 0;
  #refused = false;
  #isDone = false;

  constructor(later: (act: () => void) => void) {
    this.#later = later;
  }

  ring(on: boolean): void {
    if (!on) return;
    this.#later(() => {
      this.line?.hook(true);
      this.line?.modulate({ maxRate: 33_600, errorControl: true, compression: true });
    });
  }

  callerId(): void {}
  hear(): void {}

  carrier(link: Link | null): void {
    if (link) this.#pump();
    else this.line?.hook(false);
  }

  /** Takes no more while something is still to be sent. */
  receive(bytes: Uint8Array): number {
    this.#refused = this.#pending.length > 0;
    if (this.#refused) return 0;
    this.#pending = Uint8Array.from(bytes);
    this.#returned += bytes.length;
    this.#pump();
    return bytes.length;
  }

  room(): void {
    this.#pump();
  }

  #pump(): void {
    const sent = this.line?.send(this.#pending) ?? 0;
    this.#pending = this.#pending.subarray(sent);
    if (this.#pending.length > 0) {
      // Nobody says when a carrier that has just come takes its first bytes.
      if (sent === 0) this.#later(() => this.#pump());
      return;
    }
    if (this.#returned === TOTAL && !this.#isDone) {
      this.#isDone = true;
      this.#pending = FAREWELL;
      this.#pump();
    } else if (this.#isDone) {
      this.#later(() => this.line?.hook(false));
    } else if (this.#refused) {
      this.#refused = false;
      this.line?.room();
    }
  }
}

export const cases: KernelCase[] = [
  {
    name: `${MEGABYTES} MB of random bytes go both ways at once through dial; nothing is lost or added at either seam`,
    essential: true,
    limitMs: 300_000,
    async run(guest) {
      const { units, exchange } = await plugIn(guest, { model: 'usr5637' });
      const greeter = new Greeter((act) => void setTimeout(act, 50));
      greeter.line = exchange.plugIn(NUMBER, greeter);
      const sent = randomBytes(TOTAL);
      writeFileSync('/run/in', sent);
      const command = `node /opt/modemctl/bin/modemctl.js dial ${NUMBER} --idle 30s --report /run/report < /run/in > /run/out`;
      const ran = await guest.run(['bash', '-c', command], { limitMs: 280_000 });
      assert.equal(ran.code, 0, ran.stderr);
      const received = readFileSync('/run/out');
      const expected = Buffer.concat([GREETING, sent, FAREWELL]);
      const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
      assert.equal(received.length, expected.length);
      assert.equal(hash(received), hash(expected));
      const report = JSON.parse(readFileSync('/run/report', 'utf8'));
      assert.deepEqual(
        [report.ok, report.endedBy, report.onHook, report.bytesSent, report.bytesReceived],
        [true, 'farEnd', true, TOTAL, expected.length],
      );
      const [unit] = units as [Unit];
      assert.deepEqual([unit.dce.state.offHook, unit.dce.state.circuits.dcd], [false, false]);
    },
  },
];
