import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { assertCivil, documentOf, hasVirtualModems, Lab, type Ran } from '../support/cli.ts';

/** A mount namespace of our own: not every container grants one. */
const canMount =
  spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/sys'], { stdio: 'ignore' }).status === 0;

describe.skipIf(!hasVirtualModems || !canMount)('a system without', () => {
  const lab = new Lab();
  const empty = join(lab.folder, 'empty');
  mkdirSync(empty);
  afterAll(() => lab.close());

  /** Runs a line where a folder is empty, and cannot be written. */
  const without = async (folder: string, line: string): Promise<Ran & { name: string }> => {
    const { name } = await lab.plugInOne();
    const hide = `mount --bind ${empty} ${folder} && mount -o remount,ro,bind ${folder}`;
    const ran = await lab.paste(`unshare -rm sh -c '${hide} && ${line}'`, { MODEMCTL_DEVICE: name });
    assertCivil(ran);
    return { ...ran, name };
  };

  it.concurrent.each(['/sys', '/dev', '/run/lock', '/etc'])('%s: a modem is listed, and answers', async (folder) => {
    const { code, stdout, name } = await without(folder, 'modemctl detect --json && modemctl -q at ATI3 2>&1');
    // Its tty is a node like others.
    const isHere = folder !== '/dev';
    expect(code).toBe(isHere ? 0 : 3);
    expect(stdout).toContain(`"id":"${name}"`);
    if (isHere) expect(stdout).toMatch(/V1\.2\.23\n$/);
  });

  it.concurrent('/proc: the same', async () => {
    expect(
      await without('/proc', 'modemctl detect >/dev/null && modemctl at ATI3 && modemctl reset --method usb'),
    ).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('V1.2.23'),
    });
  });

  it.concurrent('/run/lock: said once', async () => {
    const { stderr } = await without('/run/lock', 'modemctl at ATI3');
    expect(stderr).toBe('note: no lock file: /run/lock cannot be written (EROFS)\nOK\n');
  });

  it.concurrent('/sys: what is no serial device is told all the same', async () => {
    for (const path of ['/dev/tty', '/dev/ptmx']) {
      const ran = await without('/sys', `modemctl -d ${path} at --json`);
      expect(ran.code).toBe(2);
      expect(documentOf(ran).error?.message).toContain('not a serial device');
    }
  });

  it.concurrent('/sys and without a modem: exit 3, and what to do', async () => {
    const ran = await without('/sys', 'XDG_RUNTIME_DIR=/proc modemctl detect');
    expect(ran).toMatchObject({ code: 3, stdout: '' });
    expect(ran.stderr).toMatch(/^error: no modem found\. \[NO_MODEM\]\nPlug one in, .+\n$/);
  });
});
