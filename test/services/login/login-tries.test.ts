import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FEWER_TRIES, loginTries } from '../../../src/services/login/login-tries.ts';

/** As Debian 12 has it. */
const DEBIAN = `#
# Max number of login retries if password is bad. This will most likely be
# LOGIN_RETRIES times:
LOGIN_RETRIES\t\t5

LOGIN_TIMEOUT\t\t60
`;

describe('tries to log in', () => {
  const etc = mkdtempSync(join(tmpdir(), 'login-defs-'));
  const file = join(etc, 'login.defs');
  afterAll(() => rmSync(etc, { recursive: true }));

  it('are three where nothing is said', () => {
    expect(loginTries(etc)).toBe(3);
    writeFileSync(file, '# LOGIN_RETRIES 7\nLOGIN_RETRIES many\n');
    expect(loginTries(etc)).toBe(3);
  });

  it('are what login.defs says, and three after what is told to do about it', () => {
    writeFileSync(file, DEBIAN);
    expect(loginTries(etc)).toBe(5);
    execFileSync('sh', ['-c', FEWER_TRIES.replace('/etc/login.defs', file)]);
    expect(loginTries(etc)).toBe(3);
    expect(readFileSync(file, 'utf8')).toContain('LOGIN_TIMEOUT\t\t60');
  });
});
