import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listModems } from '../../src/usb/list-modems.ts';
import { documentOf, hasVirtualModems, Lab } from '../support/cli.ts';

/** A real modem on this machine would be listed as well, and rightly. */
const isAlone = (await listModems({ virtualFolder: '/nonexistent' })).length === 0;

/** The fields of the contract, in its order. */
const FIELDS = [
  'id',
  'vendorId',
  'productId',
  'manufacturer',
  'product',
  'serial',
  'model',
  'kind',
  'usable',
  'state',
  'reason',
  'tty',
  'driver',
  'bus',
  'address',
  'heldBy',
  'virtual',
];

describe.skipIf(!hasVirtualModems)('detect', () => {
  const lab = new Lab();
  const modems = async (...args: string[]) => {
    const ran = await lab.run(['detect', '--json', ...args]);
    const all = documentOf(ran).modems as { id: string; virtual: boolean }[];
    return all.filter(({ virtual }) => virtual);
  };

  beforeAll(() => lab.plugIn({ models: ['usr5637', 'tfm561u', 'hiro'] }));
  beforeEach(() => lab.refresh());
  afterAll(() => lab.close());

  it('lists the modems with the fields of the contract', async () => {
    const [hiro, tfm, usr] = await modems();
    expect([hiro, tfm, usr].map((info) => Object.keys(info ?? {}))).toEqual([FIELDS, FIELDS, FIELDS]);
    expect(usr).toEqual({
      id: 'usr5637',
      vendorId: '0baf',
      productId: '0303',
      manufacturer: 'U.S.Robotics',
      product: 'USB Modem',
      serial: '0000002',
      model: 'U.S. Robotics USR5637',
      kind: 'controller',
      usable: true,
      state: 'ready',
      reason: null,
      tty: lab.tty(),
      driver: null,
      bus: null,
      address: null,
      heldBy: [],
      virtual: true,
    });
    expect(tfm).toMatchObject({ id: 'tfm561u', vendorId: '0572', productId: '1329', tty: lab.tty('tfm561u') });
    expect(hiro).toMatchObject({ id: 'hiro', kind: 'softmodem', usable: false, state: 'softmodem', tty: null });
    expect(hiro).toMatchObject({ reason: expect.stringMatching(/^WINMODEM, cannot work/) });
  });

  it('shows one line a modem, and below it what is wrong and what to do', async () => {
    const { code, stdout, stderr } = await lab.run(['detect']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^usr5637 +U\.S\. Robotics USR5637 +0baf:0303 +\/dev\/pts\/\d+ +ready \(virtual\)$/m);
    expect(stdout).toMatch(/^hiro .+ softmodem \(virtual\)\n +WINMODEM, cannot work: .+\n +-> buy one that .+$/m);
  });

  it('names who holds a modem', async () => {
    const holder = spawn('sh', ['-c', `exec 3<>${lab.tty()}; echo; exec sleep 60`], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    await expect
      .poll(async () => (await modems('usr5637'))[0])
      .toMatchObject({
        usable: true,
        state: 'busy',
        reason: `in use by sleep (pid ${holder.pid})`,
        heldBy: [{ pid: holder.pid, command: 'sleep' }],
      });
    holder.kill();
  });

  it('does not list one that is pulled out', async () => {
    await lab.modem().perform({ do: 'unplug' });
    expect((await modems()).map(({ id }) => id)).toEqual(['hiro', 'tfm561u']);
  });

  it('looks at one that is named, also as its argument', async () => {
    expect((await modems('tfm')).map(({ id }) => id)).toEqual(['tfm561u']);
    expect((await modems('-d', '0572:1329')).map(({ id }) => id)).toEqual(['tfm561u']);
  });

  it('shows all when MODEMCTL_DEVICE names one, or one that is not there', async () => {
    const ran = await lab.run(['detect', '--json'], { env: { MODEMCTL_DEVICE: 'nowhere' } });
    expect(documentOf(ran).modems.length).toBeGreaterThanOrEqual(3);
  });

  it('exits with 3 when the one that is named is of no use, and still tells what it knows', async () => {
    const ran = await lab.run(['detect', 'hiro', '--json']);
    expect(ran.code).toBe(3);
    expect(documentOf(ran)).toMatchObject({ modems: [{ id: 'hiro' }], error: { code: 'UNUSABLE' } });
  });

  it('believes nothing of a registration that is not of its form, and lists the others', async () => {
    const folder = join(lab.folder, 'modemctl', 'virtual');
    const good = JSON.parse(readFileSync(join(folder, 'usr5637.json'), 'utf8')) as object;
    const bad = ['{', '[]', 'null', '7', '""', '{}'].concat(
      [{ name: '../x' }, { name: '\x1b[2J' }, { tty: 5 }, { serial: {} }, { vendorId: 'zzzz' }, { pid: '1' }].map(
        (part) => JSON.stringify({ ...good, name: 'bad', ...part }),
      ),
    );
    const paths = bad.map((_text, index) => join(folder, `bad-${index}.json`));
    for (const [index, path] of paths.entries()) writeFileSync(path, bad[index]!);
    const found = await modems();
    for (const path of paths) rmSync(path);
    expect(found.map(({ id }) => id)).toEqual(['hiro', 'tfm561u', 'usr5637']);
  });

  it('waits for a modem that comes', async () => {
    await lab.modem().perform({ do: 'unplug' });
    const running = lab.start(['detect', '--wait', '20s', 'usr5637', '--json']);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(running.child.exitCode).toBeNull();
    await lab.modem().perform({ do: 'plug' });
    expect(documentOf(await lab.end(running)).modems).toMatchObject([{ id: 'usr5637', usable: true }]);
  });

  it('waits no longer than it was told', async () => {
    const ran = await lab.run(['detect', '--wait', '500ms', 'nowhere']);
    expect(ran).toMatchObject({ code: 3, stdout: '' });
    expect(ran.stderr).toMatch(/^error: no modem matches "nowhere"\. \[NO_MODEM\]\n/);
    expect(ran.elapsedMs).toBeGreaterThan(500);
    expect(ran.elapsedMs).toBeLessThan(5000);
  });
});

describe.skipIf(!isAlone)('without any modem', () => {
  const lab = new Lab();
  afterAll(() => lab.close());

  it('detect exits with 3 and says how to go on', async () => {
    expect(await lab.run(['detect'])).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringMatching(/^error: no modem found\. \[NO_MODEM\]\n/),
    });
    expect(documentOf(await lab.run(['detect', '--json']))).toMatchObject({ modems: [], error: { code: 'NO_MODEM' } });
  });

  it('waits in vain', async () => {
    expect(await lab.run(['detect', '--wait', '300ms'])).toMatchObject({ code: 3 });
  });

  it('bare modemctl says so and ends well', async () => {
    const ran = await lab.run([]);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(/^No modem is plugged in\.\n\nTry: modemctl /);
  });

  it.each(['tty', 'at', 'reset', 'hangup', 'info', 'init'])('%s exits with 3', async (command) => {
    expect(documentOf(await lab.run([command, '--json'])).error?.code).toBe('NO_MODEM');
  });
});

describe.skipIf(!hasVirtualModems)('bare modemctl', () => {
  const lab = new Lab();
  beforeAll(() => lab.plugIn());
  afterAll(() => lab.close());

  it('prints what is plugged in and what to try next; the first suggestion works', async () => {
    const ran = await lab.run([]);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(/^usr5637 .+ ready \(virtual\)$/m);
    const [suggestion = ''] = /^Try: (.+)$/m.exec(ran.stdout)?.slice(1) ?? [];
    expect(suggestion).toMatch(/^modemctl health/);
    if (isAlone) expect(await lab.paste(suggestion)).toMatchObject({ code: 0 });
  });

  it('has a document too', async () => {
    expect(documentOf(await lab.run(['--json'])).modems).toContainEqual(expect.objectContaining({ id: 'usr5637' }));
  });
});

describe.skipIf(!hasVirtualModems)('a winmodem and nothing else', () => {
  const lab = new Lab();
  beforeAll(() => lab.plugIn({ models: ['hiro'] }));
  afterAll(() => lab.close());

  it.skipIf(!isAlone)('is not to be waited for: bare modemctl leads to those that work', async () => {
    const { stdout } = await lab.run([]);
    expect(stdout).toMatch(/^ +WINMODEM, cannot work/m);
    expect(stdout).toMatch(/^Try: modemctl models$/m);
    expect(stdout).not.toContain('--wait');
  });

  it.each([['hiro'], ['047e:2892']])('models %s says why it never works, as detect does', async (word) => {
    const [models, detect] = await Promise.all([lab.run(['models', word]), lab.run(['detect', 'hiro'])]);
    const [, why, remedy] = detect.stdout
      .trim()
      .split('\n')
      .map((line) => line.trim());
    expect(models.stdout).toContain(`\nnever: ${why}\n       ${remedy}\n`);
  });
});
