import { describe, expect, test } from 'vitest';
import { MemoryPort } from '../../../src/virtual/faces/memory.ts';
import { Bench } from '../support/bench.ts';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

/** What a promise has come to after all that is due has run: its value, its error's code, or nothing. */
async function stateOf(promise: Promise<unknown>): Promise<unknown> {
  const settled = promise.then(
    (value) => value ?? 'done',
    (error: { code: string }) => error.code,
  );
  return Promise.race([settled, new Promise((resolve) => setImmediate(resolve, 'waiting'))]);
}

describe('a modem as a Port in memory', () => {
  test('reads at most what is asked for and leaves the rest', async () => {
    const port = new MemoryPort(new Bench().dce);
    await port.write(Buffer.from('AT\r'));
    expect(text(await port.read(2))).toBe('AT');
    expect(text(await port.read(1))).toBe('\r');
    expect(text(await port.read(100))).toBe('\r\nOK\r\n');
  });

  test('a read waits until there is something', async () => {
    const bench = new Bench();
    const port = new MemoryPort(bench.dce);
    const reading = port.read(100);
    expect(await stateOf(reading)).toBe('waiting');
    await port.write(Buffer.from('A'));
    expect(text(await reading)).toBe('A');
  });

  test('has circuits and DTR', async () => {
    const bench = new Bench();
    const port = new MemoryPort(bench.dce);
    expect(await port.circuits()).toEqual({ dsr: true, dcd: false, ri: false });
    await port.write(Buffer.from('ATDT5550100\r'));
    bench.clock.advance(10_000);
    expect(await port.circuits()).toMatchObject({ dcd: true });
    expect(await port.setDtr(false)).toBe(true);
    expect(await port.circuits()).toMatchObject({ dcd: false });
  });

  test('closing drops DTR and so the call; what is closed is gone', async () => {
    const bench = new Bench();
    const port = new MemoryPort(bench.dce);
    await port.write(Buffer.from('ATDT5550100\r'));
    bench.clock.advance(10_000);
    await port.close();
    await port.close();
    expect(bench.dce.state.offHook).toBe(false);
    expect(await stateOf(port.read(1))).toBe('GONE');
    expect(await stateOf(port.write(Buffer.from('A')))).toBe('GONE');
  });

  test('a stalled modem: small writes are taken by the host, a big one hangs until it is unplugged', async () => {
    const bench = new Bench();
    const port = new MemoryPort(bench.dce);
    bench.misbehave('stalled');
    expect(await stateOf(port.write(Buffer.from('AT\r')))).toBe('done');
    const big = port.write(Buffer.alloc(20_000));
    const reading = port.read(10);
    expect(await stateOf(big)).toBe('waiting');
    port.unplug();
    expect(await stateOf(big)).toBe('GONE');
    expect(await stateOf(reading)).toBe('GONE');
  });

  test('and goes on where it stood when a reset cures it', async () => {
    const bench = new Bench();
    const port = new MemoryPort(bench.dce);
    bench.misbehave('stalled');
    const big = port.write(Buffer.alloc(20_000, '\r'));
    expect(await stateOf(big)).toBe('waiting');
    bench.dce.usbReset();
    expect(await stateOf(big)).toBe('done');
  });

  test('a modem that vanishes takes its port with it; a new one serves what came back', async () => {
    const bench = new Bench();
    const port = new MemoryPort(bench.dce);
    bench.misbehave('vanish');
    await port.write(Buffer.from('ATE0'));
    expect(text(await port.read(10))).toBe('ATE0');
    const reading = port.read(10);
    await port.write(Buffer.from('\r'));
    expect(text(await reading)).toBe('\r');
    expect(await stateOf(port.read(10))).toBe('GONE');
    bench.clock.advance(2000);
    const again = new MemoryPort(bench.dce);
    await again.write(Buffer.from('AT\r'));
    expect(text(await again.read(100))).toBe('AT\r\r\nOK\r\n');
  });

  test('what waits while a slow modem thinks is taken only when its answer is complete', async () => {
    const bench = new Bench();
    const port = new MemoryPort(bench.dce);
    bench.misbehave('late=50');
    await port.write(Buffer.from('ATI0\rATI3\r'));
    let said = '';
    for (let turn = 0; turn < 40; turn++) {
      const reading = port.read(5).then((bytes) => {
        said += text(bytes);
      });
      while ((await stateOf(reading)) === 'waiting' && turn++ < 40) bench.clock.advance(10);
    }
    const texts = [' 5601', 'U.S. Robotics 56K FAX USB V1.2.23'];
    expect(said).toBe(
      ['ATI0', 'ATI3'].map((command, index) => `${command}\r\r\n${texts[index]}\r\n\r\nOK\r\n`).join(''),
    );
  });

  test('two reads at once are a mistake', async () => {
    const port = new MemoryPort(new Bench().dce);
    void port.read(1);
    expect(await stateOf(port.read(1))).toBe('BUG');
  });
});
