import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import { listVirtualModems, virtualRegistryFolder } from '../../src/core/virtual-registry.ts';
import { isAvailable } from '../../src/native/libc.ts';
import { startVirtualModems, type VirtualModems, type VirtualModemsOptions } from '../../src/virtual/box.ts';
import type { VirtualModem } from '../../src/virtual/virtual-modem.ts';
import { Terminal } from './support/terminal.ts';
import { until } from './support/wait.ts';

const hasKoffi = await isAvailable();
if (!hasKoffi) console.log('skipped: virtual modems on PTYs, because the optional package koffi is not installed');

let runtime: string;
let env: NodeJS.ProcessEnv;
let running: VirtualModems[] = [];
let terminals: Terminal[] = [];

beforeEach(() => {
  runtime = mkdtempSync(join(tmpdir(), 'mctl-'));
  env = { XDG_RUNTIME_DIR: runtime };
});

afterEach(async () => {
  for (const terminal of terminals) await terminal.close();
  for (const modems of running) await modems.stop();
  terminals = [];
  running = [];
  rmSync(runtime, { recursive: true, force: true });
});

/** The modems' time runs ten times as fast as ours, so that a call takes no seconds. */
const fast: Clock = {
  now: () => systemClock.now() * 10,
  after: (delayMs, fire) => systemClock.after(delayMs / 10, fire),
};

async function start(options: VirtualModemsOptions): Promise<VirtualModems> {
  const modems = await startVirtualModems({ env, clock: fast, ...options });
  running.push(modems);
  return modems;
}

async function startOne(options: Partial<VirtualModemsOptions> = {}): Promise<VirtualModem> {
  const { modems } = await start({ models: ['usr5637'], ...options });
  return modems[0] as VirtualModem;
}

async function open(modem: VirtualModem): Promise<Terminal> {
  const terminal = await Terminal.open(modem.tty as string);
  terminals.push(terminal);
  return terminal;
}

/** Sends lines to a control socket as they are and returns what comes back until it is closed. */
function raw(path: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk;
    });
    socket.on('end', () => resolve(received));
    socket.on('error', reject);
    socket.end(text);
  });
}

/** One request over the control socket. */
async function ask(modem: VirtualModem, request: object): Promise<Record<string, unknown>> {
  return JSON.parse(await raw(modem.control, `${JSON.stringify(request)}\n`)) as Record<string, unknown>;
}

describe.skipIf(!hasKoffi)('a virtual modem on a PTY, seen through serialport', () => {
  test('answers, echoes, and dials the echo', async () => {
    const modem = await startOne();
    const terminal = await open(modem);
    expect(await terminal.at('ATE1V1Q0')).toBe('ATE1V1Q0\r\r\nOK\r\n');
    expect(await terminal.at('ATI3')).toBe('ATI3\r\r\nU.S. Robotics 56K FAX USB V1.2.23\r\n\r\nOK\r\n');
    expect(await terminal.at('ATDT5550100', 10_000)).toContain('CONNECT 33600/ARQ/V34/LAPM/V42BIS');
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    await terminal.type(bytes);
    await until('all 256 values back', () => terminal.text.length >= 256);
    expect(Buffer.from(terminal.text, 'latin1').equals(bytes)).toBe(true);
  });

  test('a megabyte goes through the echo unharmed, with a reader that is slow at first', async () => {
    const modem = await startOne();
    const terminal = await open(modem);
    await terminal.at('ATDT5550100', 10_000);
    const data = Buffer.from(Array.from({ length: 1 << 20 }, (_, index) => (index * 31 + (index >> 8)) & 0xff));
    await terminal.type(data);
    await until('a megabyte back', () => terminal.text.length >= data.length, 15_000);
    expect(Buffer.from(terminal.text, 'latin1').equals(data)).toBe(true);
  });

  test('B0 is DTR dropped: with &D2 the call ends', async () => {
    const modem = await startOne();
    const terminal = await open(modem);
    await terminal.at('ATDT5550100', 10_000);
    await terminal.setDtr(false);
    await terminal.expect(/\r\nNO CARRIER\r\n/);
    expect(modem.dce?.state.offHook).toBe(false);
    await terminal.setDtr(true);
    await until('DTR up', () => modem.dce?.state.dtr === true);
    expect(await terminal.at('AT')).toContain('OK');
  });

  test('closing the port is DTR dropped; the next program finds nothing of the last', async () => {
    const modem = await startOne();
    const terminal = await open(modem);
    await terminal.at('ATDT5550100', 10_000);
    await terminal.type('left unread');
    await terminal.close();
    await until('on-hook', () => modem.dce?.state.offHook === false);
    const next = await open(modem);
    expect(await next.at('AT')).toBe('AT\r\r\nOK\r\n');
  });

  test('what a program wrote just before it left is still executed', async () => {
    const modem = await startOne();
    writeFileSync(modem.tty as string, 'ATS7=33\r');
    await until('S7 set', () => modem.dce?.state.registers.S7 === 33);
  });

  test('nothing is written at a tty nobody has open', async () => {
    const modem = await startOne();
    await ask(modem, { do: 'ring', from: '5551234', rings: 1 });
    await until('it rang', () => modem.dce?.circuits.ri === true);
    const terminal = await open(modem);
    expect(await terminal.at('AT')).toBe('AT\r\r\nOK\r\n');
  });

  test('a stalled one leaves the PTY unread, until its program must wait', async () => {
    const modem = await startOne({ misbehave: ['stalled'] });
    const terminal = await open(modem);
    const written = terminal.type(Buffer.alloc(1 << 20, 'A')).then(
      () => 'all',
      () => 'cut off',
    );
    await until('DTR seen', () => modem.dce?.state.dtr === true);
    expect(await Promise.race([written, new Promise((resolve) => setTimeout(resolve, 300, 'waiting'))])).toBe(
      'waiting',
    );
    expect(modem.dce?.state.commandCount).toBe(0);
    await ask(modem, { do: 'replug' });
    expect(await written).toBe('cut off');
    const next = await open(modem);
    expect(await next.at('AT')).toBe('AT\r\r\nOK\r\n');
  });

  test('two modems call each other and talk both ways', async () => {
    const { modems } = await start({ models: ['usr5637', 'tfm561u'], numbers: ['100', '200'] });
    const [calling, called] = await Promise.all(modems.map((modem) => open(modem)));
    await called?.at('ATE0W2+VCID=1');
    await calling?.type('ATDT200\r');
    await called?.expect(/RING\r\n\r\nDATE = \d{4}\r\nTIME = \d{4}\r\nNMBR = 100\r\nNAME = USR5637\r\n/);
    await called?.type('ATA\r');
    await called?.expect(/CONNECT 33600\r\n/);
    await calling?.expect(/CONNECT 33600.*\r\n/);
    await calling?.type('ping');
    await called?.expect(/^ping/);
    await called?.type('pong');
    await calling?.expect(/^pong/);
    await called?.close();
    await calling?.expect(/\r\nNO CARRIER\r\n/);
  });
});

describe.skipIf(!hasKoffi)('registration', () => {
  test('tells discovery what is there, and is taken away at the end', async () => {
    const modems = await start({ models: ['usr5637', 'usr5637', 'tfm561u', 'hiro'] });
    const folder = virtualRegistryFolder(env);
    expect(listVirtualModems(folder)).toMatchObject([
      { name: 'hiro', tty: null, vendorId: '047e', productId: '2892', plugged: true },
      { name: 'tfm561u', vendorId: '0572', productId: '1329', manufacturer: 'Conexant', serial: '24680246' },
      { name: 'usr5637', vendorId: '0baf', productId: '0303', product: 'USB Modem', serial: '0000002' },
      { name: 'usr5637-2', pid: process.pid },
    ]);
    expect(modems.modems.map(({ number }) => number)).toEqual(['5550101', '5550102', '5550103', null]);
    expect(statSync(modems.modems[0]?.control as string).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    await modems.stop();
    await modems.stop();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a name of the living gets the next number; the dead are cleared away', async () => {
    const first = await startOne();
    const second = await startOne();
    expect([first.name, second.name]).toEqual(['usr5637', 'usr5637-2']);
    const folder = virtualRegistryFolder(env);
    writeFileSync(join(folder, 'hiro.sock'), '');
    const { modems } = await start({ models: ['hiro'] });
    expect(modems[0]?.name).toBe('hiro');
  });

  test.each([
    [{ models: ['zoom'] }, 'USAGE'],
    [{ models: [] }, 'USAGE'],
    [{ models: ['usr5637'], numbers: ['12a'] }, 'USAGE'],
    [{ models: ['usr5637'], numbers: ['5550100'] }, 'USAGE'],
    [{ models: ['hiro'], numbers: ['1'] }, 'USAGE'],
    [{ models: ['usr5637'], misbehave: ['sulk'] }, 'USAGE'],
    [{ models: ['usr5637'], misbehave: ['tfm561u:silent'] }, 'USAGE'],
    [{ models: ['hiro'], misbehave: ['silent'] }, 'USAGE'],
    [{ models: ['usr5637'], names: ['../x'] }, 'USAGE'],
  ])('%j is %s and leaves nothing behind', async (options, code) => {
    await expect(startVirtualModems({ env, ...options })).rejects.toMatchObject({ code });
    expect(listVirtualModems(virtualRegistryFolder(env))).toEqual([]);
  });

  test('misbehaviour is for all, for a model, or for one', async () => {
    const { modems } = await start({
      models: ['usr5637', 'usr5637', 'tfm561u', 'hiro'],
      misbehave: ['late=1', 'tfm561u:quiet', 'usr5637-2:init-error=&K3:x'],
    });
    expect(modems.map((modem) => modem.dce?.state.misbehaviours ?? null)).toEqual([
      ['late=1'],
      ['late=1', 'init-error=&K3:x'],
      ['late=1', 'quiet'],
      null,
    ]);
  });
});

describe.skipIf(!hasKoffi)('the control socket', () => {
  test('unplug hangs the program up and says so; plug brings a new tty', async () => {
    const modem = await startOne();
    const terminal = await open(modem);
    await terminal.at('ATE0');
    expect(await ask(modem, { do: 'unplug' })).toEqual({ ok: true, tty: null, portPath: null });
    await until('the program sees it', () => terminal.ended !== null);
    expect(listVirtualModems(virtualRegistryFolder(env))).toMatchObject([{ plugged: false, tty: null }]);
    const { tty } = await ask(modem, { do: 'plug' });
    expect(tty).toBe(modem.tty);
    expect(listVirtualModems(virtualRegistryFolder(env))).toMatchObject([{ plugged: true, tty }]);
    expect(await (await open(modem)).at('AT')).toBe('AT\r\r\nOK\r\n');
  });

  test('replug is what cures a silent modem, and not one that wants power', async () => {
    const modem = await startOne();
    await ask(modem, { do: 'misbehave', name: 'silent' });
    await ask(modem, { do: 'replug' });
    expect(await (await open(modem)).at('AT')).toContain('OK');
    await ask(modem, { do: 'misbehave', name: 'dead-after-reset' });
    await ask(modem, { do: 'replug' });
    const deaf = await open(modem);
    await deaf.type('AT\r');
    await expect(deaf.expect(/OK/, 300)).rejects.toThrow();
    await ask(modem, { do: 'power-cycle' });
    expect(await (await open(modem)).at('AT')).toContain('OK');
  });

  test('one that is dead until power is cycled does not come back to a replug', async () => {
    const modem = await startOne({ misbehave: ['dead-until-power'] });
    const terminal = await open(modem);
    await terminal.type('AT\r');
    await until('gone', () => modem.tty === null);
    expect(await ask(modem, { do: 'replug' })).toMatchObject({ ok: false, error: { code: 'GONE' } });
    expect(await ask(modem, { do: 'power-cycle' })).toMatchObject({ ok: true });
    expect(await (await open(modem)).at('AT')).toContain('OK');
  });

  test('vanish and renumber: the registration follows', async () => {
    const modem = await startOne({ misbehave: ['vanish=1'] });
    const before = modem.tty;
    await (await open(modem)).type('AT\r');
    await until('gone', () => listVirtualModems(virtualRegistryFolder(env))[0]?.tty === null);
    await until('back', () => modem.tty !== null);
    await ask(modem, { do: 'misbehave', name: 'renumber' });
    const number = modem.tty;
    await (await open(modem)).type('AT\r');
    await until('another number', () => modem.tty !== null && modem.tty !== number);
    expect(listVirtualModems(virtualRegistryFolder(env))[0]?.tty).toBe(modem.tty);
    expect(before).not.toBeNull();
  });

  test('state shows what the modem does; misbehave without a name ends it', async () => {
    const modem = await startOne();
    await ask(modem, { do: 'misbehave', name: 'silent=3' });
    expect(await ask(modem, { do: 'state' })).toMatchObject({
      ok: true,
      model: 'usr5637',
      mode: 'command',
      offHook: false,
      dtr: false,
      circuits: { dsr: true, dcd: false, ri: false },
      settings: { E: 1, Q: 0, V: 1 },
      registers: { S0: 0, S7: 60 },
      misbehaviours: ['silent=3'],
    });
    await ask(modem, { do: 'misbehave' });
    expect(await ask(modem, { do: 'state' })).toMatchObject({ misbehaviours: [] });
  });

  test('a cut line gives no dial tone until it is mended', async () => {
    const modem = await startOne();
    await ask(modem, { do: 'cut' });
    const terminal = await open(modem);
    await terminal.type('ATDT5550195\r');
    await terminal.expect(/NO DIALTONE/, 8000);
    await ask(modem, { do: 'mend' });
    expect(await terminal.at('ATDT5550195', 8000)).toContain('BUSY');
  });

  test('quit is for the caller to follow', async () => {
    const { modems, quit } = await start({ models: ['hiro'] });
    expect(await ask(modems[0] as VirtualModem, { do: 'quit' })).toEqual({ ok: true });
    await quit;
  });

  test.each([
    ['nonsense', '{"do":"nonsense"}\n', 'USAGE'],
    ['not JSON', 'hello\n', 'USAGE'],
    ['not an object', '[1]\n', 'USAGE'],
    ['a bad misbehaviour', '{"do":"misbehave","name":"sulk"}\n', 'USAGE'],
    ['a name that is no text', '{"do":"misbehave","name":7}\n', 'USAGE'],
    ['too many rings', '{"do":"ring","rings":1e9}\n', 'USAGE'],
    ['an endless line', 'x'.repeat(70_000), 'USAGE'],
  ])('%s is an error, and the socket goes on', async (_name, text, code) => {
    const modem = await startOne();
    expect(JSON.parse(await raw(modem.control, text))).toMatchObject({ ok: false, error: { code } });
    expect(await ask(modem, { do: 'state' })).toMatchObject({ ok: true });
  });

  test('several requests on one connection are answered in their order', async () => {
    const modem = await startOne();
    const replies = await raw(modem.control, '{"do":"unplug"}\n{"do":"sulk"}\r\n{"do":"plug"}');
    expect(
      replies
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { ok: boolean }).ok),
    ).toEqual([true, false, true]);
  });
});
