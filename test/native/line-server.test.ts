import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { ModemctlError } from '../../src/core/errors.ts';
import { errorOf, LineClient } from '../../src/native/line-client.ts';
import { LineServer, type LineServerOptions, type Perform } from '../../src/native/line-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'line-'));
const path = join(folder, 'x.sock');
afterAll(() => rmSync(folder, { recursive: true }));

let server: LineServer | null = null;
afterEach(() => server?.close());

async function listen(perform: Perform, options: LineServerOptions = {}): Promise<void> {
  server = await LineServer.listen(path, perform, options);
  expect(server).not.toBeNull();
}

/** What comes until the other side ends, after this was sent. */
function talk(text: string | Buffer, end = true): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const socket: Socket = connect(path);
    socket.on('data', (data) => {
      heard += data;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(heard));
    socket.write(text);
    if (end) socket.end();
  });
}

const echo: Perform = (request) => {
  if (request.fail === 'ours') throw new ModemctlError('BUSY', 'so it is', { hint: 'wait', details: { a: 1 } });
  if (request.fail) throw new TypeError('oh');
  return { echo: request };
};

describe('line server', () => {
  it('answers one object a line, in order, whatever the pieces', async () => {
    await listen(echo);
    expect(await talk('{"a":1}\n{"fail":"ours"}\r\n\n{"b":2}')).toBe(
      '{"ok":true,"echo":{"a":1}}\n{"ok":false,"error":{"code":"BUSY","message":"so it is","hint":"wait","details":{"a":1}}}\n{"ok":true,"echo":{"b":2}}\n',
    );
  });

  it.each(['nonsense', '[]', 'null', '1', '"text"', '{"a":', '\x00\xff\x1b[2J'])('refuses %j', async (line) => {
    await listen(echo);
    const [first, second] = (await talk(`${line}\n{"a":1}\n`)).trim().split('\n');
    expect(JSON.parse(first!)).toMatchObject({ ok: false, error: { code: 'USAGE' } });
    expect(JSON.parse(second!)).toMatchObject({ ok: true });
  });

  it('a fault of ours is told, and ends nothing', async () => {
    await listen(echo);
    expect(await talk('{"fail":true}\n{"a":1}\n')).toMatch(/^\{"ok":false,"error":\{"code":"BUG".*\n\{"ok":true.*\n$/);
  });

  it('ends the connection after a line that is too long, and no other', async () => {
    await listen(echo);
    const other = await LineClient.connect(path, systemClock);
    const reply = await talk(Buffer.alloc(200_000, 0x61), false);
    expect(JSON.parse(reply)).toMatchObject({ ok: false, error: { code: 'USAGE' } });
    expect(await other!.ask({ a: 1 }, 1000)).toMatchObject({ ok: true });
    other!.close();
  });

  it('refuses more clients than it may have', async () => {
    await listen(echo, { maxClients: 2 });
    const clients = await Promise.all([1, 2].map(() => LineClient.connect(path, systemClock)));
    for (const client of clients) expect(await client!.ask({}, 1000)).toMatchObject({ ok: true });
    expect(JSON.parse(await talk('{}\n', false))).toMatchObject({ ok: false, error: { code: 'IN_USE' } });
    clients[0]!.close();
    await expect.poll(() => talk('{}\n')).toMatch(/"ok":true/);
    clients[1]!.close();
  });

  it('leaves a client that asks nothing for too long, but not one that waits for its answer', async () => {
    await listen(() => new Promise((resolve) => setTimeout(() => resolve({}), 400)), { idleMs: 100 });
    expect(await talk('{}\n', false)).toBe('{"ok":true}\n');
    expect(await talk('{"half":', false)).toBe('');
  });

  it('leaves a client that asks and asks and never reads', async () => {
    await listen(() => ({ much: 'x'.repeat(1_000_000) }));
    const socket = connect(path);
    socket.on('error', () => {});
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.pause();
    socket.write('{}\n'.repeat(100));
    // Paused, it does not see the end; a write does.
    const poke = setInterval(() => socket.write('{}\n'), 20);
    await closed;
    clearInterval(poke);
  });

  it('sees a client go that has sent more than anybody reads', async () => {
    let gone = false;
    await listen(async (_request, client) => {
      client.tell({ lent: true });
      await client.untilGone();
      gone = true;
      return null;
    });
    const socket = connect(path);
    await new Promise((resolve) => socket.once('connect', resolve).write('{}\n'));
    await new Promise((resolve) => socket.once('data', resolve));
    await new Promise<void>((resolve) => socket.write(Buffer.alloc(1_000_000, 0x0a), () => resolve()));
    expect(gone).toBe(false);
    socket.destroy();
    await expect.poll(() => gone).toBe(true);
  });

  it('is its owner’s alone, or its group’s too', async () => {
    await listen(echo);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await server!.close();
    await listen(echo, { group: process.getgid!() });
    expect(statSync(path).mode & 0o777).toBe(0o660);
    // Another one does not take it away.
    expect(await LineServer.listen(path, echo)).toBeNull();
  });
});

describe('line client', () => {
  it('knows who does not listen, hangs up, talks nonsense, or takes too long', async () => {
    expect(await LineClient.connect(join(folder, 'none.sock'), systemClock)).toBeNull();
    await listen((request) => (request.wait ? new Promise(() => {}) : null));
    const waiting = await LineClient.connect(path, systemClock);
    expect(await waiting!.ask({ wait: true }, 100)).toBeNull();
    const left = await LineClient.connect(path, systemClock);
    const asked = left!.ask({}, 5000);
    await server!.close();
    expect(await asked).toBeNull();
  });

  it('makes an error of whatever a reply has for one', () => {
    expect(errorOf({ ok: true })).toBeNull();
    const error = { code: 'BUSY', message: 'm', hint: 'h', details: { a: 1 } };
    expect(errorOf({ ok: false, error })).toMatchObject(error);
    for (const odd of [null, 1, 'x', [], { code: 'toString', message: 5, hint: {}, details: 'x' }]) {
      expect(errorOf({ ok: false, error: odd })).toMatchObject({ code: 'HELPER', message: 'it was refused' });
    }
  });
});
