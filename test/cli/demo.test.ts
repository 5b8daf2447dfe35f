import { readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { afterAll, describe, expect, it } from 'vitest';
import { hasVirtualModems, Lab } from '../support/cli.ts';

describe.skipIf(!hasVirtualModems)('demo', () => {
  const lab = new Lab();
  const env = { TMPDIR: lab.folder };
  const folders = () => readdirSync(lab.folder).filter((name) => name.startsWith('modemctl-demo-'));
  afterAll(() => lab.close());

  it('shows the main job, each command as typed with its screen, and leaves nothing behind', async () => {
    const ran = await lab.run(['demo'], { env });
    expect(ran.code).toBe(0);
    const typed = [...ran.stdout.matchAll(/^\$ (modemctl .+)$/gm)].map(([, line]) => line);
    expect(typed).toEqual([
      'modemctl detect',
      'modemctl -d usr5637 at ATI3',
      'modemctl -d tfm561u at ATI3',
      'modemctl -d usr5637 at ATI3 --timeout 2s',
      'modemctl reset usr5637',
      'modemctl -d usr5637 at ATI3',
      'modemctl -d tfm561u answer --once --exec hostname &',
      'modemctl -d usr5637 dial 5550102',
    ]);
    expect(ran.stdout).toContain(`dial 5550102\n${hostname()}\n`);
    expect(ran.stdout).toContain('(exit code 6)');
    expect(ran.stdout).toMatch(/answers again, after step usb\.\n/);
    expect(folders()).toEqual([]);
  }, 90_000);

  it('is broken off with the command it runs', async () => {
    const running = lab.start(['demo'], { env });
    await running.says('$ modemctl -d usr5637 at ATI3 --timeout 2s', 30_000);
    running.kill('SIGTERM');
    const ran = await lab.end(running);
    expect(ran.signal).toBe('SIGTERM');
    expect(folders()).toEqual([]);
  }, 60_000);

  it('needs a folder', async () => {
    expect(await lab.run(['demo', '--json'], { env: { TMPDIR: '/proc' } })).toMatchObject({ code: 4 });
  });
});
