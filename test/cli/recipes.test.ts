// The recipes of docs/recovery.md for other programs' hooks, as they stand there.
import { spawn } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hasVirtualModems, Lab } from '../support/cli.ts';

const PAGE = readFileSync('docs/recovery.md', 'utf8');

/** What stands after `start`, to the end of its line. */
function lineAfter(start: string): string {
  const at = PAGE.indexOf(start);
  expect(at, `${start} stands in the page`).toBeGreaterThan(0);
  return PAGE.slice(at + start.length, PAGE.indexOf('\n', at));
}

const lab = new Lab();
afterAll(() => lab.close());

describe.skipIf(!hasVirtualModems)('the recipes of docs/recovery.md', { timeout: 120_000 }, () => {
  const check = (name: string) => lab.paste(lineAfter('ExecStart=').replaceAll('1-1.2', name));

  it.concurrent('the timer leaves a modem alone that answers, and resets one that hangs', async () => {
    const modem = await lab.plugInOne();
    expect(await check(modem.name)).toMatchObject({ code: 0, stdout: '', stderr: '' });
    modem.misbehave('silent');
    expect(await check(modem.name)).toMatchObject({ code: 0 });
    expect(await check(modem.name)).toMatchObject({ code: 0 });
    expect(modem.dce!.state.log.map(({ event }) => event).filter((event) => event === 'replug')).toHaveLength(1);
  });

  it.concurrent('the timer leaves a modem alone that another program has', async () => {
    const modem = await lab.plugInOne();
    modem.misbehave('silent');
    const script = `exec 3<>${modem.tty}; echo; exec sleep 60`;
    const holder = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    expect(await check(modem.name)).toMatchObject({ code: 0 });
    holder.kill();
    expect(modem.dce!.state.log.map(({ event }) => event)).not.toContain('replug');
  });

  it.concurrent('with power, the timer brings one back that is away', async () => {
    const modem = await lab.plugInOne();
    await modem.perform({ do: 'unplug' });
    expect((await check(modem.name)).code).toBe(3);
    const line = lineAfter('ExecStart=').replaceAll('1-1.2', modem.name);
    expect(await lab.paste(line.replace('modemctl reset', 'modemctl reset --up-to power'))).toMatchObject({ code: 0 });
    expect(modem.plugged).toBe(true);
  });

  it.concurrent('what stands before a start is 0 with a modem that answers or comes back, and 9 without', async () => {
    const modem = await lab.plugInOne();
    const before = () => lab.paste(lineAfter('ExecStartPre=').replaceAll('1-1.2', modem.name));
    expect(await before()).toMatchObject({ code: 0 });
    modem.misbehave('stuck-data');
    expect(await before()).toMatchObject({ code: 0 });
    modem.misbehave('dead-after-reset');
    expect((await before()).code).toBe(9);
  });

  it.concurrent("HylaFAX's resetmodem resets a modem that its caller has open, by /dev/NAME or NAME", async () => {
    const modem = await lab.plugInOne();
    const hook = join(lab.folder, 'resetmodem');
    writeFileSync(hook, PAGE.slice(PAGE.indexOf('#!/bin/sh'), PAGE.indexOf('```', PAGE.indexOf('#!/bin/sh'))));
    chmodSync(hook, 0o755);
    for (const cut of ['', '/dev/']) {
      modem.misbehave('silent');
      const device = modem.tty!.slice(cut.length);
      // As faxgetty: it has the tty open itself.
      expect(await lab.paste(`exec 3<>/dev/${device.replace('/dev/', '')}; ${hook} ${device}`)).toMatchObject({
        code: 0,
      });
      expect(modem.dce!.state.misbehaviours).toEqual([]);
    }
  });
});
