import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentOf, hasVirtualModems, Lab } from '../support/cli.ts';

describe.skipIf(!hasVirtualModems)('which modem', () => {
  const lab = new Lab();
  const link = join(lab.folder, 'by-id');

  beforeAll(async () => {
    await lab.plugIn({ models: ['usr5637', 'tfm561u', 'tfm561u', 'hiro'] });
    symlinkSync(lab.tty('usr5637'), link);
    mkdirSync(join(lab.folder, 'folder'));
    writeFileSync(join(lab.folder, 'file'), '');
  });
  afterAll(() => lab.close());

  it.concurrent.each([
    ['its id', () => 'usr5637'],
    ['VID:PID', () => '0baf:0303'],
    ['VID:PID in capitals', () => '0BAF:0303'],
    ['its serial number', () => '0000002'],
    ['a part of its name, ignoring case', () => 'robotics'],
    ['its tty', () => lab.tty('usr5637')],
    ['a link to its tty', () => link],
  ])('is named by %s', async (_how, selector) => {
    const expected = { code: 0, stdout: `${lab.tty('usr5637')}\n`, stderr: '' };
    expect(await lab.run(['tty', '-d', selector()])).toMatchObject(expected);
  });

  it.concurrent('is named before or after the command, as its argument, or by MODEMCTL_DEVICE; the command line wins', async () => {
    const runs = [
      lab.run(['-d', 'usr5637', 'tty']),
      lab.run(['tty', '--device=usr5637']),
      lab.run(['tty', 'usr5637']),
      lab.run(['tty'], { env: { MODEMCTL_DEVICE: 'usr5637' } }),
      lab.run(['tty', 'usr5637'], { env: { MODEMCTL_DEVICE: 'nowhere' } }),
    ];
    for (const run of runs) expect(await run).toMatchObject({ code: 0, stdout: `${lab.tty('usr5637')}\n` });
  });

  it.concurrent('tells id and tty in its document', async () => {
    const document = documentOf(await lab.run(['tty', 'usr5637', '--json']));
    expect(document).toMatchObject({ modem: 'usr5637', tty: lab.tty('usr5637') });
  });

  it.concurrent('has to be said where several are usable: exit 3 with the list', async () => {
    const ran = await lab.run(['tty']);
    expect(ran).toMatchObject({ code: 3, stdout: '' });
    expect(ran.stderr).toMatch(/^error: \d modems are there: tfm561u \(.+\), .+\. \[AMBIGUOUS\]\n/);
    expect(documentOf(await lab.run(['tty', '--json'])).error?.details).toMatchObject({
      modems: expect.arrayContaining([expect.objectContaining({ id: 'tfm561u-2', state: 'ready' })]),
    });
  });

  it.concurrent('must not match two', async () => {
    const document = documentOf(await lab.run(['tty', 'conexant', '--json']));
    expect(document.error).toMatchObject({ code: 'AMBIGUOUS', message: expect.stringContaining('2 devices match') });
  });

  it.concurrent('that is not there: exit 3 with what is', async () => {
    const ran = await lab.run(['tty', 'nowhere']);
    expect(ran).toMatchObject({ code: 3, stdout: '' });
    expect(ran.stderr).toMatch(/^error: no modem matches "nowhere"\. \[NO_MODEM\]\n.*usr5637/);
  });

  it.concurrent('that MODEMCTL_DEVICE chose and that is not there: the variable is named', async () => {
    const ran = await lab.run(['tty'], { env: { MODEMCTL_DEVICE: 'nowhere' } });
    expect(ran.stderr).toMatch(/^error: no modem matches "nowhere" \(chosen by MODEMCTL_DEVICE\)\. \[NO_MODEM\]\n/);
  });

  it.concurrent.each(['tty', 'at', 'hangup', 'reset'])(
    '%s refuses one that is of no use: exit 3 with the reason',
    async (command) => {
      const document = documentOf(await lab.run([command, '-d', 'hiro', '--json']));
      expect(document.error).toMatchObject({
        code: 'UNUSABLE',
        message: expect.stringContaining('WINMODEM, cannot work'),
      });
    },
  );

  it.concurrent.each([
    ['a folder', 'folder', 2],
    ['a regular file', 'file', 2],
    ['nothing', 'nothing', 3],
  ])('is no path to %s', async (_what, name, code) => {
    for (const command of ['tty', 'at', 'reset', 'hangup']) {
      const ran = await lab.run([command, '-d', join(lab.folder, name)]);
      expect([command, ran.code, ran.stdout]).toEqual([command, code, '']);
    }
  });

  it.concurrent.each(['/dev/null', '/dev/tty', '/dev/ptmx', '/'])('is not %s', async (path) => {
    const ran = await lab.run(['at', '-d', path]);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/^error: .+ is .+, not a serial device\. \[USAGE\]\nplugged in: .+ Choose one: -d .+\n/);
  });

  it.concurrent.each(['tty', 'reset', 'detect'])('is never "-" for %s: that is for a call', async (command) => {
    expect(await lab.run([command, '-d', '-'])).toMatchObject({ code: 2, stdout: '' });
  });

  it.concurrent('may be a bare tty that nothing is known of', async () => {
    // A modem that another user has registered is such a one for us.
    const ran = await lab.run(['-d', lab.tty('usr5637'), 'at', 'ATI3', '--json'], {
      env: { XDG_RUNTIME_DIR: join(lab.folder, 'folder') },
    });
    expect(documentOf(ran).commands).toMatchObject([{ result: 'OK' }]);
  });
});
