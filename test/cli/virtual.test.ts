import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { documentOf, hasVirtualModems, Lab } from '../support/cli.ts';
import { askControl as ask, startVirtual } from '../support/virtual-process.ts';

describe.skipIf(!hasVirtualModems)('virtual', () => {
  const lab = new Lab();
  const folder = join(lab.folder, 'modemctl', 'virtual');
  afterAll(() => lab.close());

  const start = (...args: string[]) => startVirtual(lab, ...args);

  it('tells at once which modems there are, registers them, and takes all away when it ends', async () => {
    const { running, modems } = await start('--model', 'usr5637,tfm561u,hiro');
    expect(modems).toEqual([
      {
        name: 'usr5637',
        model: 'usr5637',
        tty: expect.stringMatching(/^\/dev\/pts\/\d+$/),
        number: '5550101',
        control: join(folder, 'usr5637.sock'),
      },
      {
        name: 'tfm561u',
        model: 'tfm561u',
        tty: expect.stringMatching(/^\/dev\/pts\/\d+$/),
        number: '5550102',
        control: join(folder, 'tfm561u.sock'),
      },
      { name: 'hiro', model: 'hiro', tty: null, number: null, control: join(folder, 'hiro.sock') },
    ]);
    expect(JSON.parse(readFileSync(join(folder, 'usr5637.json'), 'utf8'))).toMatchObject({
      pid: running.pid,
      tty: modems[0]?.tty,
    });
    expect(await lab.run(['-d', 'tfm561u', 'at', 'ATI3'])).toMatchObject({
      code: 0,
      stdout: 'CX93001-EIS_V0.2002-V92\n',
    });
    running.kill('SIGINT');
    const ran = await lab.end(running);
    expect(ran).toMatchObject({ signal: 'SIGINT', stderr: 'Ctrl-C ends them.\n' });
    // The document came while they ran: there is no second one.
    expect(ran.stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(readdirSync(folder)).toEqual([]);
    expect(existsSync(modems[0]?.tty ?? '')).toBe(false);
  });

  it('prints name, tty and number of each for people', async () => {
    const running = lab.start(['virtual', '--number', '5550142']);
    await running.says('Ctrl-C');
    expect(running.stdout).toMatch(/^usr5637 +\/dev\/pts\/\d+ +5550142\n$/);
    running.kill('SIGTERM');
    expect(await lab.end(running)).toMatchObject({ signal: 'SIGTERM' });
  });

  it('ends well when its control socket is asked to', async () => {
    const { running, modems } = await start();
    expect(await ask(modems[0]!.control, { do: 'quit' })).toEqual({ ok: true });
    expect(await lab.end(running)).toMatchObject({ code: 0 });
  });

  it('takes orders over the control socket, and tells the state', async () => {
    const { running, modems } = await start();
    const { control } = modems[0]!;
    expect(await ask(control, { do: 'unplug' })).toMatchObject({ ok: true, tty: null });
    expect(await ask(control, { do: 'plug' })).toMatchObject({ ok: true, tty: expect.any(String) });
    expect(await ask(control, { do: 'misbehave', name: 'echo-off' })).toEqual({ ok: true });
    expect(await ask(control, { do: 'misbehave', name: 'nonsense' })).toMatchObject({
      ok: false,
      error: { code: 'USAGE' },
    });
    expect(await ask(control, { do: 'state' })).toMatchObject({
      ok: true,
      mode: 'command',
      offHook: false,
      misbehaviours: ['echo-off'],
    });
    running.kill('SIGTERM');
    await lab.end(running);
  });

  it('does not take the name of one that runs already', async () => {
    const first = await start();
    const second = await start();
    expect(second.modems[0]?.name).toBe('usr5637-2');
    for (const { running } of [first, second]) {
      running.kill('SIGTERM');
      await lab.end(running);
    }
  });

  it('does not mind what one that was killed left behind', async () => {
    const killed = await start();
    killed.running.kill('SIGKILL');
    await killed.running.ended;
    expect(documentOf(await lab.run(['detect', '--json', '--all'], {})).modems ?? []).not.toContainEqual(
      expect.objectContaining({ id: 'usr5637' }),
    );
    const next = await start();
    expect(next.modems[0]?.name).toBe('usr5637');
    next.running.kill('SIGTERM');
    await lab.end(next.running);
  });

  it('misbehaves as it is told, one modem or all', async () => {
    const { running } = await start(
      '--model',
      'usr5637,tfm561u',
      '--misbehave',
      'tfm561u:silent',
      '--misbehave',
      'echo-off',
    );
    expect(await lab.run(['-d', 'usr5637', 'at', 'ATI3'])).toMatchObject({ code: 0 });
    expect(await lab.run(['-d', 'tfm561u', 'at', '--timeout', '500ms'])).toMatchObject({ code: 6 });
    running.kill('SIGTERM');
    await lab.end(running);
  });

  it.each([
    [['--model', 'nonsense'], 'usr5637, tfm561u, hiro'],
    [['--model', ''], 'usr5637, tfm561u, hiro'],
    [['--number', '1,2'], '2 numbers for 1 modem'],
    [['--number', 'abc'], 'is not a telephone number'],
    [['--number', '5550100'], 'is taken'],
    [['--misbehave', 'nonsense'], 'stalled'],
    [['--misbehave', 'silent=often'], 'silent'],
    [['--misbehave', 'nobody:silent'], 'nobody'],
  ])('refuses %s', async (args, told) => {
    const ran = await lab.run(['virtual', ...args]);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/^error: .+ \[USAGE\]\n/);
    expect(ran.stderr).toContain(told);
  });
});
