import { afterAll, describe, expect, it } from 'vitest';
import { SUBSCRIBERS } from '../../src/virtual/exchange/subscribers.ts';
import { documentOf, hasVirtualModems, Lab } from '../support/cli.ts';

const lab = new Lab();
afterAll(() => lab.close());

describe.skipIf(!hasVirtualModems)('--recover', () => {
  it.concurrent.each([
    ['at', ['ATI3'], /^U\.S\. Robotics/],
    ['info', [], /U\.S\. Robotics/],
    ['init', [], /is ready/],
    ['hangup', [], /line is on-hook, the modem is ready/],
    ['exec', ['--', 'echo', 'lent'], /^lent$/m],
  ])('%s brings a modem back that hangs, and does its work', { timeout: 60_000 }, async (command, args, says) => {
    const modem = await lab.plugInOne();
    modem.misbehave('silent');
    const ran = await lab.run(['-d', modem.name, command, '--recover', ...args]);
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stdout).toMatch(says);
    expect(ran.stderr).toMatch(/ does not answer\nat +silent.*\nescape +silent.*\ndtr +silent.*\nusb +answered/);
  });

  it.concurrent('dial calls with the modem that was brought back', { timeout: 60_000 }, async () => {
    const modem = await lab.plugInOne();
    modem.misbehave('stuck-data');
    const ran = await lab.run([
      '-d',
      modem.name,
      'dial',
      '--recover',
      '--check',
      'hello',
      '--json',
      SUBSCRIBERS.echo,
      '--idle',
      '1s',
    ]);
    expect(documentOf(ran)).toMatchObject({ recoveredFirst: 'escape', connected: true, onHook: true });
  });

  it.concurrent('of a modem that answers asks it for an AT, and nothing else', async () => {
    const modem = await lab.plugInOne();
    const ran = await lab.run(['-d', modem.name, 'at', '--recover', '--json', 'ATI3']);
    expect(documentOf(ran)).not.toHaveProperty('recoveredFirst');
    expect(ran).toMatchObject({ code: 0, stderr: 'OK\n' });
  });

  it.concurrent.each([
    ['at', 'vanish=20', ['ATI3'], /^U\.S\. Robotics/],
    ['at', 'renumber', ['ATI3'], /^U\.S\. Robotics/],
    ['dial', 'vanish=20', ['--idle', '1s', SUBSCRIBERS.echo], /^hello/],
    ['hangup', 'vanish=20', [], /line is on-hook, the modem is ready/],
  ])('%s waits for a modem that leaves its port (%s)', { timeout: 60_000 }, async (command, how, args, says) => {
    const modem = await lab.plugInOne();
    modem.misbehave(how);
    const ran = await lab.run(['-d', modem.name, command, '--recover', ...args], { input: 'hello\n' });
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stdout).toMatch(says);
    expect(ran.stderr).toMatch(/ went away; waiting for it\n.* is back\n/);
  });

  it.concurrent('of a modem that stays away is exit 7, and says for how long it was waited for', async () => {
    const modem = await lab.plugInOne();
    modem.misbehave('dead-until-power');
    const ran = await lab.run(['-d', modem.name, 'at', '--recover', '--json', 'ATI3']);
    expect(ran.code).toBe(7);
    expect(documentOf(ran).error).toMatchObject({ code: 'GONE', message: expect.stringMatching(/within 15 s/) });
  });

  it.concurrent('is not done unasked: dial tells of a modem that hangs, and resets nothing', async () => {
    const modem = await lab.plugInOne();
    modem.misbehave('silent');
    const ran = await lab.run(['-d', modem.name, 'dial', '--json', '--check', 'hello', SUBSCRIBERS.echo]);
    expect(documentOf(ran)).toMatchObject({ onHook: null, error: { code: 'NOT_RESPONDING' } });
    expect(ran.stderr).toMatch(/^error: .+\nBring it back: modemctl reset -d own-\d+\n$/);
    expect(ran.elapsedMs).toBeLessThan(12_000);
    expect(modem.dce!.state.misbehaviours).toEqual(['silent']);
  });

  it.concurrent('in vain is exit 9', { timeout: 60_000 }, async () => {
    const modem = await lab.plugInOne();
    modem.misbehave('dead-after-reset');
    const ran = await lab.run(['-d', modem.name, 'at', '--recover', '--json', 'ATI3']);
    expect(ran.code).toBe(9);
    expect(documentOf(ran)).toMatchObject({ recoveredFirst: null, error: { code: 'NOT_RECOVERED' } });
    // Whoever is far away gets a command, too, and it helps.
    const [, next] = /: (modemctl reset .+ power)$/m.exec(ran.stderr)!;
    expect(await lab.paste(next!)).toMatchObject({ code: 0 });
  });
});
