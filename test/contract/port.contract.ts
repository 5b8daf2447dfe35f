/**
 * What every Port does, whatever is behind it (src/tty/port.ts). One list of cases, run over the modem in memory, over the serial port on a PTY, and by the kernel test over the serial port on a ttyACM. It
 * knows no test runner.
 */
import assert from 'node:assert/strict';
import { read } from 'node:fs';
import type { Port } from '../../src/tty/port.ts';
import type { Dce } from '../../src/virtual/dce/dce.ts';
import { SUBSCRIBERS } from '../../src/virtual/exchange/subscribers.ts';
import { makeMisbehaviour } from '../../src/virtual/misbehaviour/catalogue.ts';

/** A modem that is plugged in, and the way to open it. */
export interface PortRig {
  /** The modem at the other end: its state is the truth of what the port did. */
  readonly dce: Dce;
  readonly hasCircuits: boolean;
  readonly canKeepLine: boolean;
  /** How many times slower than a machine of today everything is; 1, but for a kernel under software emulation. */
  readonly slowness: number;
  /** A new port, DTR up. */
  open(): Promise<Port>;
  unplug(): Promise<void>;
  /** Ends everything. */
  close(): Promise<void>;
}

export interface PortCase {
  /** A sentence that says what holds. */
  readonly name: string;
  run(rig: PortRig, port: Port): Promise<void>;
}

/** More than any host takes for a modem that takes nothing: a PTY buffers 64 kB, cdc_acm 16. */
const TOO_MUCH = 160 * 1024;

export const portContract: readonly PortCase[] = [
  {
    name: 'a read takes exactly as many bytes as it asks for',
    run: async (rig, port) => {
      await port.write(bytes('ATI3\r'));
      let text = '';
      while (!text.endsWith('\r\nOK\r\n')) {
        const taken = await soon(rig, port.read(1));
        assert.equal(taken.length, 1);
        text += latin1(taken);
      }
      assert.match(text, /^ATI3\r\r\n.+\r\n\r\nOK\r\n$/);
    },
  },
  {
    name: 'what is not asked for stays for whoever reads next',
    run: async (rig, port) => {
      await port.write(bytes('ATI3\r'));
      assert.equal(latin1(await soon(rig, port.read(1))), 'A');
      assert.match(await soon(rig, readBehind(rig, port)), /^TI3\r\r\n.+\r\n\r\nOK\r\n$/);
    },
  },
  {
    name: 'a read waits until there is something',
    run: async (rig, port) => {
      const reading = port.read(100);
      assert.equal(await isPending(reading), true);
      await port.write(bytes('A'));
      assert.equal(latin1(await soon(rig, reading)), 'A');
    },
  },
  {
    name: 'nothing is written by writing nothing',
    run: async (rig, port) => {
      await soon(rig, port.write(new Uint8Array()));
    },
  },
  {
    name: 'a modem that takes no bytes makes a big write wait, and the write goes on when it takes them again',
    run: async (rig, port) => {
      await echoOff(rig, port);
      stall(rig);
      const writing = port.write(commands(TOO_MUCH));
      assert.equal(await isPending(writing), true);
      rig.dce.behave();
      await soon(rig, Promise.all([writing, readLastOk(port)]), 5);
    },
  },
  {
    // A poller that is told of one interest and forgets the other would leave one of the two waiting for ever.
    name: 'a read and a write that wait at once do not forget each other, whichever came first',
    run: async (rig, port) => {
      await echoOff(rig, port);
      for (const first of ['read', 'write']) {
        stall(rig);
        const early = first === 'read' ? port.read(1) : null;
        if (early) assert.equal(await isPending(early), true);
        const writing = port.write(commands(TOO_MUCH));
        assert.equal(await isPending(writing), true);
        const reading = early ?? port.read(1);
        assert.equal(await isPending(reading), true);
        rig.dce.behave();
        await soon(rig, Promise.all([writing, reading.then(() => readLastOk(port))]), 5);
      }
    },
  },
  {
    // A poller that keeps an interest nobody has any more would be woken by it without end.
    name: 'bytes that nobody asks for cost no time, also after a write had to wait',
    run: async (rig, port) => {
      await echoOff(rig, port);
      stall(rig);
      const writing = port.write(commands(TOO_MUCH));
      assert.equal(await isPending(writing), true);
      rig.dce.behave();
      await soon(rig, Promise.all([writing, readLastOk(port)]), 5);
      await port.write(bytes('ATI3\r'));
      await soon(rig, port.read(1));
      const before = process.cpuUsage();
      await new Promise((resolve) => setTimeout(resolve, 400));
      const { user, system } = process.cpuUsage(before);
      assert.ok(user + system < 100_000, `${Math.round((user + system) / 1000)} ms of processor time in 400 ms`);
    },
  },
  {
    name: 'much data goes both ways at once, and none is lost or changed',
    run: async (rig, port) => {
      await callEcho(rig, port);
      const sent = Buffer.from(Array.from({ length: 40_000 }, (_, index) => (index * 7 + (index >> 8)) & 0xff));
      const received = Buffer.alloc(sent.length);
      const receive = async () => {
        for (let count = 0; count < sent.length; ) {
          const part = await port.read(sent.length - count);
          received.set(part, count);
          count += part.length;
        }
      };
      await soon(rig, Promise.all([port.write(sent), receive()]), 30);
      assert.ok(received.equals(sent), 'what came back is not what was sent');
    },
  },
  {
    name: 'unplugging ends an outstanding read with GONE',
    run: async (rig, port) => {
      const reading = port.read(1);
      assert.equal(await isPending(reading), true);
      await rig.unplug();
      await assertGone(soon(rig, reading));
    },
  },
  {
    name: 'unplugging ends an outstanding write with GONE, and a read beside it; afterwards there is nothing but GONE',
    run: async (rig, port) => {
      stall(rig);
      const writing = port.write(commands(TOO_MUCH));
      const reading = port.read(1);
      assert.equal(await isPending(writing), true);
      await rig.unplug();
      const ends = [assertGone(soon(rig, writing)), assertGone(soon(rig, reading))];
      await Promise.all(ends);
      await assertGone(soon(rig, port.read(1)));
      await assertGone(soon(rig, port.write(bytes('A'))));
      await closeWithinASecond(rig, port);
    },
  },
  {
    name: 'unplugging while nothing is outstanding is told by the next read',
    run: async (rig, port) => {
      await rig.unplug();
      await assertGone(soon(rig, port.read(1)));
    },
  },
  {
    name: 'closing ends what is outstanding with GONE, and may be done twice',
    run: async (rig, port) => {
      const reading = assertGone(soon(rig, port.read(1)));
      await Promise.all([closeWithinASecond(rig, port), closeWithinASecond(rig, port)]);
      await reading;
      await closeWithinASecond(rig, port);
      await assertGone(soon(rig, port.read(1)));
      await assertGone(soon(rig, port.write(bytes('A'))));
    },
  },
  {
    name: 'closing with bytes unread takes less than a second',
    run: async (rig, port) => {
      await port.write(bytes('ATI3\r'));
      await soon(rig, port.read(1));
      await closeWithinASecond(rig, port);
    },
  },
  {
    name: 'closing with bytes unsent takes less than a second, and drops them',
    run: async (rig, port) => {
      stall(rig);
      const writing = assertGone(port.write(commands(TOO_MUCH)));
      assert.equal(await isPending(writing), true);
      await closeWithinASecond(rig, port);
      await soon(rig, writing);
      rig.dce.behave();
      const next = await rig.open();
      await next.write(bytes('ATI3\r'));
      assert.match(await soon(rig, readUntil(next, /OK\r\n$/)), /V1\.2\.23|CX93001/);
      await next.close();
    },
  },
  {
    name: 'DTR falls and rises',
    run: async (rig, port) => {
      await until(rig, 'DTR is on', () => rig.dce.state.dtr);
      assert.equal(await soon(rig, port.setDtr(false)), true);
      await until(rig, 'DTR is off', () => !rig.dce.state.dtr);
      assert.equal(await soon(rig, port.setDtr(true)), true);
      await until(rig, 'DTR is on', () => rig.dce.state.dtr);
      // Whoever did it has left the port as it was: asked for what is there, it does not wait.
      assert.equal((await port.read(1, AbortSignal.abort())).length, 0);
      await port.write(bytes('AT\r'));
      await soon(rig, readUntil(port, /OK\r\n$/));
    },
  },
  {
    name: 'closing drops DTR, and the call with it',
    run: async (rig, port) => {
      await callEcho(rig, port);
      await closeWithinASecond(rig, port);
      await until(rig, 'the line is on-hook', () => !rig.dce.state.dtr && !rig.dce.state.offHook);
    },
  },
  {
    name: 'a line that is kept outlives the port, where the port can keep it',
    run: async (rig, port) => {
      await callEcho(rig, port);
      assert.equal(await soon(rig, port.keepLine(true)), rig.canKeepLine);
      await closeWithinASecond(rig, port);
      if (!rig.canKeepLine) await until(rig, 'the line is on-hook', () => !rig.dce.state.offHook);
      // Long enough for a close to be noticed at the other end.
      await new Promise((resolve) => setTimeout(resolve, 200 * rig.slowness));
      assert.deepEqual([rig.dce.state.dtr, rig.dce.state.offHook], [rig.canKeepLine, rig.canKeepLine]);
    },
  },
  {
    name: 'a line that is kept no longer goes when the port closes',
    run: async (rig, port) => {
      await callEcho(rig, port);
      await soon(rig, port.keepLine(true));
      assert.equal(await soon(rig, port.keepLine(false)), rig.canKeepLine);
      await closeWithinASecond(rig, port);
      await until(rig, 'the line is on-hook', () => !rig.dce.state.dtr && !rig.dce.state.offHook);
    },
  },
  {
    name: 'the circuits are told, or null where there are none',
    run: async (rig, port) => {
      if (!rig.hasCircuits) {
        assert.equal(await port.circuits(), null);
        return;
      }
      assert.deepEqual(await port.circuits(), { dsr: true, dcd: false, ri: false });
      await callEcho(rig, port);
      await until(rig, 'DCD is on', async () => (await port.circuits())?.dcd === true);
    },
  },
];

function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

function latin1(data: Uint8Array): string {
  return Buffer.from(data).toString('latin1');
}

/** So many bytes of AT commands that only the last is answered with something of its own. */
function commands(length: number): Uint8Array {
  return bytes(`${'x'.repeat(length)}\rATI3\r`);
}

async function readLastOk(port: Port): Promise<void> {
  await readUntil(port, /(V1\.2\.23|V92)\r\n\r\nOK\r\n$/);
}

/** So that nothing comes back but the last answer. */
async function echoOff(rig: PortRig, port: Port): Promise<void> {
  await port.write(bytes('ATE0\r'));
  await soon(rig, readUntil(port, /OK\r\n$/));
}

async function readUntil(port: Port, pattern: RegExp): Promise<string> {
  let text = '';
  while (!pattern.test(text.slice(-200))) text += latin1(await port.read(4096));
  return text.slice(-200);
}

/** What the port has not taken, read past it. */
async function readBehind(rig: PortRig, port: Port): Promise<string> {
  const { fd } = port;
  const buffer = Buffer.alloc(4096);
  let text = '';
  while (!text.endsWith('OK\r\n')) {
    if (fd === null) {
      text += latin1(rig.dce.take(buffer.length));
      continue;
    }
    const count = await new Promise<number>((resolve, reject) => {
      read(fd, buffer, 0, buffer.length, null, (error, taken) => {
        if (error && error.code !== 'EAGAIN') reject(error);
        else resolve(error ? 0 : taken);
      });
    });
    text += latin1(buffer.subarray(0, count));
  }
  return text;
}

function stall(rig: PortRig): void {
  rig.dce.afflict(makeMisbehaviour('stalled'));
}

/** Dials the exchange's echo; returns when all of CONNECT was read. */
async function callEcho(rig: PortRig, port: Port): Promise<void> {
  await port.write(bytes(`ATD${SUBSCRIBERS.echo}\r`));
  const read = async () => {
    let text = '';
    while (!/CONNECT[^\r]*\r\n$/.test(text)) text += latin1(await port.read(1));
  };
  await soon(rig, read(), 15);
}

/** Still outstanding after all that was due had time to happen. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const settled = promise.then(
    () => false,
    () => false,
  );
  return Promise.race([settled, new Promise<boolean>((resolve) => setTimeout(resolve, 50, true))]);
}

/** The promise, or a failure after so many seconds. */
async function soon<T>(rig: PortRig, promise: Promise<T>, seconds = 2): Promise<T> {
  const limitMs = seconds * 1000 * rig.slowness;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`still waiting after ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function until(rig: PortRig, what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 2000 * rig.slowness;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function assertGone(promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, { code: 'GONE' });
}

async function closeWithinASecond(rig: PortRig, port: Port): Promise<void> {
  const begin = performance.now();
  await port.close();
  const took = performance.now() - begin;
  assert.ok(took < 1000 * rig.slowness, `close took ${Math.round(took)} ms`);
}
