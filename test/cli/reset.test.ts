import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VirtualModem } from '../../src/virtual/virtual-modem.ts';
import { type Document, documentOf, hasVirtualModems, Lab } from '../support/cli.ts';

describe.skipIf(!hasVirtualModems)('reset', () => {
  const lab = new Lab();

  beforeAll(() => lab.plugIn({ models: ['hiro'] }));
  afterAll(() => lab.close());

  const reset = (modem: VirtualModem, ...args: string[]) => lab.run(['reset', modem.name, ...args]);
  const report = async (modem: VirtualModem, ...args: string[]) => documentOf(await reset(modem, '--json', ...args));
  const outcomes = ({ steps }: Document) =>
    (steps as { step: string; outcome: string }[]).map(({ step, outcome }) => `${step}: ${outcome}`);

  it.concurrent('of a modem that answers does nothing, says so, and names the next step', async () => {
    const modem = await lab.plugInOne();
    const ran = await reset(modem);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(
      /answers; nothing was reset\.\nIf it fails in another way: modemctl reset --method usb -d own-\d+\n$/,
    );
    expect(ran.stderr).toMatch(/^at +answered \(.+\)\n$/);
    expect(modem.dce!.state.log.map(({ event }) => event)).not.toContain('replug');
  });

  it.concurrent('reports modem, outcome, steps and tty', async () => {
    const modem = await lab.plugInOne();
    const document = await report(modem);
    expect(document).toMatchObject({ modem: modem.name, recovered: true, recoveredBy: 'at', tty: modem.tty });
    expect(document.steps).toEqual([{ step: 'at', outcome: 'answered', detail: null, elapsedMs: expect.any(Number) }]);
  });

  it.concurrent('climbs the ladder until the modem answers, and proves it', async () => {
    const modem = await lab.plugInOne();
    modem.misbehave('silent');
    const document = await report(modem);
    expect(document).toMatchObject({ ok: true, recovered: true, recoveredBy: 'usb', tty: modem.tty });
    expect(outcomes(document)).toEqual(['at: silent', 'escape: silent', 'dtr: silent', 'usb: answered']);
    expect(modem.dce!.state.log.map(({ event }) => event)).toContain('replug');
    expect(await lab.run(['-d', modem.name, 'at', 'ATI3'])).toMatchObject({ code: 0 });
  });

  it.concurrent('leaves voice state by the escape step', async () => {
    const modem = await lab.plugInOne();
    modem.misbehave('stuck-voice');
    const document = await report(modem, '--method', 'escape');
    expect(document).toMatchObject({ recoveredBy: 'escape' });
    expect(outcomes(document)).toEqual(['escape: answered']);
  });

  it.concurrent.each(['at', 'dtr', 'usb'])('goes straight to %s when it is named', async (method) => {
    const document = await report(await lab.plugInOne('tfm561u'), '--method', method);
    expect(outcomes(document)).toEqual([`${method}: answered`]);
    expect(document.recoveredBy).toBe(method);
  });

  it.concurrent('that brings nothing back is exit 9, with every step and what to do by hand', async () => {
    const modem = await lab.plugInOne();
    modem.misbehave('dead-after-reset');
    const ran = await reset(modem, '--method', 'usb', '--json');
    expect(ran.code).toBe(9);
    const document = documentOf(ran);
    expect(document).toMatchObject({ recovered: false, recoveredBy: null, error: { code: 'NOT_RECOVERED' } });
    expect(outcomes(document)).toEqual(['usb: silent']);
    expect(document.error?.hint).toMatch(/^Unplug it, .+ modemctl -d own-\d+ at ATI3\n/);
  });

  it.concurrent('waits for a modem that was pulled out and comes back', async () => {
    const modem = await lab.plugInOne();
    modem.misbehave('silent');
    const running = lab.start(['reset', modem.name, '-v', '--json']);
    await running.says('> ATE1V1Q0');
    await modem.perform({ do: 'unplug' });
    await running.says('dtr     skipped');
    modem.misbehave(null);
    await modem.perform({ do: 'plug' });
    const document = documentOf(await lab.end(running));
    expect(outcomes(document)).toEqual(['at: failed', 'escape: skipped', 'dtr: skipped', 'usb: answered']);
  });

  it.concurrent('does not touch a modem that another program has: exit 5, by whom; --force does', async () => {
    const modem = await lab.plugInOne();
    const holder = spawn('sh', ['-c', `exec 3<>${modem.tty}; echo; exec sleep 60`], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    const ran = await reset(modem, '--json');
    expect(ran.code).toBe(5);
    const refused = documentOf(ran);
    expect(refused).toMatchObject({ recovered: false, steps: [] });
    expect(refused.error).toMatchObject({ code: 'IN_USE', details: { heldBy: [{ pid: holder.pid }] } });
    const forced = await report(modem, '--force');
    holder.kill();
    expect(outcomes(forced)).toEqual(['at: skipped', 'escape: skipped', 'dtr: skipped', 'usb: answered']);
  });

  it.concurrent('of a winmodem is refused with the reason', async () => {
    expect(documentOf(await lab.run(['reset', 'hiro', '--json'])).error?.code).toBe('UNUSABLE');
  });

  it.concurrent('by USB of what is not on the bus is refused; the other steps work on it', async () => {
    const { tty } = await lab.plugInOne();
    const env = { XDG_RUNTIME_DIR: '/nonexistent' };
    expect(await lab.run(['reset', tty!, '--method', 'usb'], { env })).toMatchObject({ code: 2 });
    expect(await lab.run(['reset', tty!], { env })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^the modem at \S+ answers; nothing was reset\.\n$/),
    });
  });

  it.concurrent('knows no other method', async () => {
    const { error } = await report(await lab.plugInOne(), '--method', 'power-cycle');
    expect(error).toMatchObject({ code: 'USAGE', message: expect.stringContaining('at, escape, dtr, usb') });
  });

  it.concurrent('shows each step as it ends, and the verdict on stdout', async () => {
    const modem = await lab.plugInOne();
    const ran = await reset(modem, '--method', 'usb');
    expect(ran.stderr).toMatch(/^usb +answered: a virtual modem: unplugged and plugged in again \(.+\)\n$/);
    expect(ran.stdout).toMatch(
      /answers again, after step usb\.\nSettings that were not saved are gone; .+: modemctl init -d own-\d+\n$/,
    );
    expect(await reset(modem, '--method', 'usb', '--quiet')).toMatchObject({ code: 0, stderr: '' });
  });

  it.concurrent('is broken off by a signal; a step that was not ended is not reported as one', async () => {
    const modem = await lab.plugInOne();
    modem.misbehave('silent');
    const running = lab.start(['reset', modem.name, '--json', '-v']);
    await running.says('> ATE1V1Q0');
    running.kill('SIGTERM');
    const ran = await lab.end(running);
    expect(ran.signal).toBe('SIGTERM');
    expect(documentOf(ran)).toMatchObject({ recovered: false, steps: [], error: { code: 'SIGTERM' } });
    expect(ran.elapsedMs).toBeLessThan(5000);
  });
});
