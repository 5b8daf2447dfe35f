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
  #returned = 0;
  #refused = false;

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
    if (link) this.line?.send(GREETING);
    else this.line?.hook(false);
  }

  receive(bytes: Uint8Array): number {
    const sent = this.line?.send(bytes) ?? bytes.length;
    this.#refused = sent < bytes.length;
    this.#returned += sent;
    if (this.#returned === TOTAL) {
      this.line?.send(FAREWELL);
      this.#later(() => this.line?.hook(false));
    }
    return sent;
  }

  room(): void {
    if (!this.#refused) return;
    this.#refused = false;
    this.line?.room();
  }
}

export const cases: KernelCase[] = [
  {
    name: `${MEGABYTES} MB of random bytes go both ways at once through dial; nothing is lost or added at either seam`,
    essential: true,
    async run(guest) {
      const { units, exchange } = await plugIn(guest, { model: 'usr5637' });
      const greeter = new Greeter((act) => void setTimeout(act, 200));
      greeter.line = exchange.plugIn(NUMBER, greeter);
      const sent = randomBytes(TOTAL);
      writeFileSync('/run/in', sent);
      const command = `node /opt/modemctl/bin/modemctl.js dial ${NUMBER} --idle 30s --report /run/report < /run/in > /run/out`;
      const ran = await guest.run(['bash', '-c', command]);
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
