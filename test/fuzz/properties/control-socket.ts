/** The control socket: whoever connects may send anything. Every reply is an object, none comes unasked, and the next asker is served. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { systemClock } from '../../../src/core/clock.ts';
import { isErrorCode } from '../../../src/core/errors.ts';
import { LineClient } from '../../../src/native/line-client.ts';
import { LineServer, type SocketRequest } from '../../../src/native/line-server.ts';
import { parseRequest } from '../../../src/services/control/request.ts';
import { cut, fuzz, orError, places, textOf } from '../property.ts';

const kind = fc.constantFrom('at', 'reset', 'borrow', 'status', 'info', 'hangup', 'dial', '__proto__');
const request = fc.record(
  {
    do: fc.oneof({ weight: 4, arbitrary: kind }, { weight: 1, arbitrary: fc.anything() }),
    commands: fc.oneof(
      fc.array(fc.oneof(fc.constantFrom('ATI3', 'ATD1', 'AT\rATD1', 'ATA', 'ATO'), fc.string()), { maxLength: 120 }),
      fc.anything(),
    ),
    timeout: fc.oneof(fc.integer(), fc.anything()),
    method: fc.oneof(fc.constantFrom('usb', 'at', 'power'), fc.anything()),
    by: fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.anything()),
  },
  { requiredKeys: [] },
);

/** A request is refused, or done with what can make no call and is fit for a terminal. */
export const requests = fuzz('requests', request, (asked) => {
  const parsed = orError(() => parseRequest(asked as SocketRequest));
  if (parsed?.do === 'at') {
    for (const { line, call, mayConnect } of parsed.commands)
      assert.ok(!call && !mayConnect && /^[\x20-\x7e]+$/.test(line));
    assert.ok(parsed.limitMs === undefined || (parsed.limitMs > 0 && parsed.limitMs <= 300_000));
  }
  if (parsed?.do === 'borrow') assert.doesNotMatch(parsed.by, /[\x00-\x08\x0a-\x1f\x7f]/);
});

const json = fc
  .oneof(
    request,
    fc.json().map((text) => JSON.parse(text) as unknown),
  )
  .map((value) => {
    try {
      return JSON.stringify(value) ?? '';
    } catch {
      return '{}';
    }
  });
const sent = fc
  .array(
    fc.oneof(json, textOf(['{', '}', '[', ']', '"', ':', ',', '\\u0000', 'null', '{"do":"status"}', '\n', '\r\n'])),
    { maxLength: 8 },
  )
  .map((lines) => Buffer.from(lines.join('\n')));

let folder: string | null = null;
let server: LineServer | null = null;

export const controlSocket = fuzz(
  'the control socket',
  fc.tuple(sent, places, fc.boolean()),
  async ([bytes, cuts, ends]) => {
    folder ??= mkdtempSync(join(tmpdir(), 'modemctl-fuzz-'));
    const path = join(folder, 'x.sock');
    server = await LineServer.listen(path, (asked) => ({ did: parseRequest(asked).do }));
    assert.ok(server);
    try {
      const socket = connect(path);
      let text = '';
      socket.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      socket.on('error', () => {});
      const closed = new Promise((resolve) => socket.once('close', resolve));
      for (const piece of cut(bytes, cuts)) socket.write(piece);
      socket.end(ends ? '\n' : '');
      await closed;
      const replies = text.split('\n').slice(0, -1);
      assert.ok(replies.length <= bytes.toString('latin1').split('\n').length);
      for (const reply of replies) {
        const { ok, error } = JSON.parse(reply) as { ok: unknown; error?: { code: string } };
        assert.ok(ok === true ? error === undefined : isErrorCode(error?.code ?? ''));
      }
      const client = await LineClient.connect(path, systemClock);
      assert.deepEqual(await client?.ask({ do: 'status' }, 5000), { ok: true, did: 'status' });
      client?.close();
    } finally {
      await server.close();
    }
  },
  () => {
    if (folder) rmSync(folder, { recursive: true, force: true });
    folder = null;
  },
);
