import { afterAll, describe, expect, it } from 'vitest';
import { documentOf, hasVirtualModems, Lab } from '../support/cli.ts';

describe.skipIf(!hasVirtualModems)('hangup', () => {
  const lab = new Lab();
  afterAll(() => lab.close());

  it.concurrent('proves that the line is free, also where it was before', async () => {
    const modem = await lab.plugInOne();
    expect(await lab.run(['hangup', modem.name])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^U\.S\. Robotics USR5637 at own-\d+ \(.+\): line is on-hook, the modem is ready\n$/,
      ),
      stderr: '',
    });
  });

  it.concurrent.each(['stuck-call', 'stuck-data', 'stuck-voice'])('frees a modem with %s', async (how) => {
    const modem = await lab.plugInOne();
    modem.misbehave(how);
    const document = documentOf(await lab.run(['hangup', modem.name, '--json']));
    expect(document).toMatchObject({ ok: true, modem: modem.name, onHook: true, tty: modem.tty });
    expect(modem.dce!.state.offHook).toBe(false);
  });

  it.concurrent('cannot prove it of a modem that is silent: exit 6, and what to do', async () => {
    const modem = await lab.plugInOne();
    modem.misbehave('silent');
    const ran = await lab.run(['hangup', modem.name, '--json']);
    expect(ran.code).toBe(6);
    const document = documentOf(ran);
    expect(document).toMatchObject({ modem: modem.name, onHook: false, error: { code: 'NOT_RESPONDING' } });
    expect(document.error?.hint).toBe(`modemctl reset -d ${modem.name}`);
  });

  it.concurrent('of a modem that is pulled out meanwhile: exit 7', async () => {
    const modem = await lab.plugInOne();
    modem.misbehave('silent');
    const running = lab.start(['hangup', modem.name, '-v']);
    await running.says('> ATE1V1Q0');
    await modem.perform({ do: 'unplug' });
    expect(await lab.end(running)).toMatchObject({ code: 7, stdout: '' });
  });

  it.concurrent('is broken off by a signal', async () => {
    const modem = await lab.plugInOne();
    modem.misbehave('silent');
    const running = lab.start(['hangup', modem.name, '-v']);
    await running.says('> ATE1V1Q0');
    running.kill('SIGINT');
    expect(await lab.end(running)).toMatchObject({ signal: 'SIGINT', stdout: '' });
  });
});
