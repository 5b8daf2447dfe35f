import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { FailedLogins } from '../../../src/services/login/failed-logins.ts';

const folder = mkdtempSync(join(tmpdir(), 'mctl-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** struct utmp of glibc. */
function record(line: string, user: string): Buffer {
  const bytes = Buffer.alloc(process.arch === 'arm64' ? 400 : 384);
  bytes.writeInt16LE(6, 0);
  bytes.write(line, 8, 'latin1');
  bytes.write(user, 44, 'latin1');
  return bytes;
}

it('counts the failures of this line, since it began', () => {
  const path = join(folder, 'btmp');
  writeFileSync(path, record('ttyACM0', 'before'));
  const failures = new FailedLogins('/dev/ttyACM0', path);
  expect(failures.count).toBe(0);
  appendFileSync(path, record('ttyACM0', 'root'));
  // What others are called, elsewhere, is theirs to choose.
  appendFileSync(path, Buffer.concat([record('ssh:notty', 'ttyACM0'), record('ttyACM01', 'x'), record('ttyACM0', '')]));
  expect(failures.count).toBe(2);
  appendFileSync(path, record('ttyACM0', 'torn').subarray(0, 100));
  expect(failures.count).toBe(2);
});

it('counts nothing where there is no such file, or it is begun anew', () => {
  const path = join(folder, 'none');
  const failures = new FailedLogins('/dev/ttyACM0', path);
  expect(failures.count).toBe(0);
  writeFileSync(path, record('ttyACM0', 'root'));
  expect(failures.count).toBe(1);
  const later = new FailedLogins('/dev/ttyACM0', path);
  writeFileSync(path, '');
  expect(later.count).toBe(0);
});
