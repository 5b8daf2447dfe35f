import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loginProgram } from '../../../src/services/login/login-program.ts';
import { openPty } from '../../support/pty.ts';

describe('the login program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'modemctl-login-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const standIn = (name: string, text: string) => writeFileSync(join(folder, name), text, { mode: 0o755 });

  it("ends agetty's own lines as a terminal wants them, on a tty that a call left raw", async () => {
    standIn('agetty', `#!/bin/sh\nstty -a >${folder}/settings\n`);
    standIn('login', '#!/bin/sh\n');
    const pty = await openPty();
    try {
      spawnSync('stty', ['-F', pty.path, 'raw']);
      const env = { PATH: `${folder}:${process.env.PATH}`, MODEMCTL_TTY: pty.path };
      const [file, ...args] = loginProgram(env);
      expect(spawnSync(file, args, { env, encoding: 'utf8', timeout: 20_000 })).toMatchObject({
        status: 0,
        stderr: '',
      });
      expect(readFileSync(join(folder, 'settings'), 'utf8').split(/[\s;]+/)).toEqual(
        expect.arrayContaining(['opost', 'onlcr']),
      );
    } finally {
      pty.close();
    }
  });
});
