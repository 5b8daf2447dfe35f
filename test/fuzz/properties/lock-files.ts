/** Lock files, as any program may leave them: a lock is taken or held by a living process, and nothing is left behind. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { isAlive } from '../../../src/core/process-alive.ts';
import { systemRoots } from '../../../src/core/system-roots.ts';
import { lockTty } from '../../../src/tty/lock.ts';
import { parsePid } from '../../../src/tty/lock-file.ts';
import { fuzz, textOf } from '../property.ts';

const NAME = 'LCK..ttyACM0';
const binaryPid = fc.integer().map((pid) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(pid);
  return bytes;
});
const content = fc.oneof(
  fc.uint8Array({ maxLength: 64 }),
  binaryPid,
  textOf(
    ['      1234', '\n', ' ', '0', '1', String(process.ppid), String(process.pid), ' minicom root', '4194303', '-'],
    5000,
  ).map((text) => Buffer.from(text, 'latin1')),
);

let folder: string | null = null;

export const lockFiles = fuzz(
  'lock files',
  content,
  async (bytes) => {
    folder = mkdtempSync(join(tmpdir(), 'modemctl-fuzz-'));
    const roots = { ...systemRoots, dev: join(folder, 'dev'), lock: join(folder, 'lock') };
    mkdirSync(roots.dev);
    mkdirSync(roots.lock);
    writeFileSync(join(roots.dev, 'ttyACM0'), '');
    const file = join(roots.lock, NAME);
    writeFileSync(file, bytes);
    // As if nobody were just about to fill it.
    utimesSync(file, 1, 1);
    const pid = parsePid(bytes);
    assert.ok(pid === null || (Number.isInteger(pid) && pid > 0 && pid <= 4_194_304));
    const { lock, held } = await lockTty(join(roots.dev, 'ttyACM0'), { roots });
    if (held) {
      assert.ok(held.pid !== process.pid && isAlive(held.pid));
      assert.doesNotMatch(held.command, /[\x00-\x1f\x7f]/);
      assert.deepEqual(readFileSync(file), Buffer.from(bytes));
      return;
    }
    assert.deepEqual([lock.path, lock.notes], [file, []]);
    assert.equal(parsePid(readFileSync(file)), process.pid);
    lock.release();
    assert.deepEqual(readdirSync(roots.lock), []);
  },
  () => {
    if (folder) rmSync(folder, { recursive: true, force: true });
    folder = null;
  },
);
