import { spawn } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { documentOf, hasVirtualModems, Lab } from '../support/cli.ts';
import { FakeSystemctl } from '../support/fake-systemctl.ts';

const UNIT = 'callattendant';

describe.skipIf(!hasVirtualModems)('--around', () => {
  const lab = new Lab();
  afterAll(() => lab.close());

  /** A modem, and a system whose unit runs. */
  async function set(model?: string) {
    const modem = await lab.plugInOne(model);
    const systemd = new FakeSystemctl(lab.folder, modem.name);
    const env = { PATH: systemd.pathBefore(lab.env.PATH) };
    const args = (command: string, unit = UNIT) => [command, modem.name, '--json', '--around', unit];
    const run = (command: string, unit?: string) => lab.run(args(command, unit), { env });
    return { modem, systemd, env, args, run };
  }

  async function until(what: string, holds: () => boolean): Promise<void> {
    const deadline = systemClock.now() + 15_000;
    while (!holds()) {
      if (systemClock.now() > deadline) throw new Error(`never: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  it.concurrent.each(['health', 'reset'])(
    '%s stops the unit that has the modem, and starts it again',
    async (command) => {
      const { modem, systemd, run } = await set();
      const service = spawn('sh', ['-c', `exec 3<>${modem.tty}; echo; exec sleep 60`], { env: lab.env });
      await new Promise((resolve) => service.stdout.once('data', resolve));
      systemd.write('holder', String(service.pid));
      const ran = await run(command);
      expect(documentOf(ran)).toMatchObject({ ok: true, around: { unit: UNIT, stopped: true, startedAgain: true } });
      expect(systemd.calls).toEqual([
        `show --property=LoadState,ActiveState,Transient,CanStart,CanStop -- ${UNIT}`,
        `stop --no-ask-password -- ${UNIT}`,
        `start --no-ask-password -- ${UNIT}`,
      ]);
      expect(systemd.state).toBe('active');
      expect(ran.stderr).toMatch(/^callattendant was stopped\n(at .*\n)?callattendant was started again\n$/);
    },
  );

  it.concurrent('starts it again when the modem is not well, and says what is wrong with the modem', async () => {
    const { modem, systemd, run } = await set();
    modem.misbehave('silent');
    const ran = await run('health');
    expect(ran.code).toBe(6);
    const document = documentOf(ran);
    expect(document).toMatchObject({ state: 'silent', around: { startedAgain: true } });
    // It has the modem again when that is pasted.
    expect(document.error?.hint).toBe(`Bring it back: modemctl reset --around ${UNIT} -d ${modem.name}`);
    expect(systemd.verbs).toEqual(['show', 'stop', 'start']);
  });

  it.concurrent.each(['SIGINT', 'SIGTERM'] as const)('starts it again after %s', async (signal) => {
    const { modem, systemd, env, args } = await set();
    modem.misbehave('silent');
    const running = lab.start([...args('health'), '-v'], { env });
    await running.says('> ATE1V1Q0');
    running.kill(signal);
    expect((await lab.end(running)).signal).toBe(signal);
    expect(systemd.verbs).toEqual(['show', 'stop', 'start']);
    expect(systemd.state).toBe('active');
  });

  it.concurrent('starts it again after a signal while it is being stopped', async () => {
    const { systemd, env, args } = await set();
    systemd.write('hang-stop');
    const running = lab.start(args('health'), { env });
    await until('it is being stopped', () => systemd.state === 'deactivating');
    running.kill('SIGTERM');
    const ran = await lab.end(running);
    expect(ran.signal).toBe('SIGTERM');
    expect(systemd.verbs).toEqual(['show', 'stop', 'start']);
    expect(systemd.state).toBe('active');
  });

  it.concurrent('starts it again when modemctl is killed', async () => {
    const { modem, systemd, env, args } = await set();
    modem.misbehave('silent');
    const running = lab.start([...args('health'), '-v'], { env });
    await running.says('> ATE1V1Q0');
    running.kill('SIGKILL');
    await running.ended;
    await until('it was started again', () => systemd.state === 'active' && systemd.verbs.includes('start'));
    expect(systemd.calls.at(-1)).toBe(`start --no-block --no-ask-password -- ${UNIT}`);
  });

  it.concurrent('leaves a unit alone that does not run', async () => {
    const { systemd, run } = await set();
    systemd.write('state', 'inactive\n');
    const ran = await run('health');
    expect(documentOf(ran)).toMatchObject({ ok: true, around: { stopped: false, startedAgain: false } });
    expect(ran.stderr).toBe('callattendant does not run, so it is left alone\n');
    expect(systemd.verbs).toEqual(['show']);
  });

  it.concurrent('without the right is exit 4, nothing stopped and the modem not touched', async () => {
    const { modem, systemd, run } = await set();
    systemd.write('refuse-stop');
    const ran = await run('health');
    expect(ran.code).toBe(4);
    expect(documentOf(ran).error).toMatchObject({ code: 'DENIED', message: 'no right to stop callattendant' });
    expect(systemd.verbs).toEqual(['show', 'stop']);
    expect(modem.dce!.state.commandCount).toBe(0);
  });

  it.concurrent('of a unit that does not stop is exit 8, and it is started again', async () => {
    const { modem, systemd, run } = await set();
    systemd.write('fail-stop');
    const ran = await run('health');
    expect(ran.code).toBe(8);
    expect(documentOf(ran).error?.message).toBe(
      'callattendant could not be stopped: Job for callattendant.service canceled',
    );
    expect(systemd.verbs).toEqual(['show', 'stop', 'start']);
    expect(modem.dce!.state.commandCount).toBe(0);
  });

  it.concurrent('of a unit that does not start again is exit 8, with what to type', async () => {
    const { systemd, run } = await set();
    systemd.write('refuse-start');
    const ran = await run('health');
    expect(ran.code).toBe(8);
    const document = documentOf(ran);
    expect(document).toMatchObject({ state: 'ready', around: { stopped: true, startedAgain: false } });
    expect(document.error).toMatchObject({ code: 'HELPER', hint: 'sudo systemctl start callattendant' });
  });

  it.concurrent.each([
    ['that systemd does not know', 'nosuch', '', 2, ['show']],
    ['with an odd name', '--now', '', 2, []],
    ['with a name for the shell', 'a;b', '', 2, []],
    ['that is masked', UNIT, 'LoadState=masked\n', 2, ['show']],
    ['that is gone once it is stopped', UNIT, 'LoadState=loaded\nTransient=yes\n', 2, ['show']],
  ])('refuses a unit %s before anything is stopped', async (_what, unit, facts, code, verbs) => {
    const { modem, systemd, env } = await set();
    if (facts) systemd.write('facts', facts);
    const ran = await lab.run(['health', modem.name, '--json', `--around=${unit}`], { env });
    expect(ran.code).toBe(code);
    expect(documentOf(ran).error?.code).toBe('USAGE');
    expect(systemd.verbs).toEqual(verbs);
    expect(modem.dce!.state.commandCount).toBe(0);
  });

  it.concurrent('stops nothing for a modem that is not there', async () => {
    const { systemd, env } = await set();
    const ran = await lab.run(['reset', 'nothing-of-the-kind', '--around', UNIT], { env });
    expect(ran.code).toBe(3);
    expect(systemd.verbs).toEqual([]);
  });

  it.concurrent('without systemd is exit 8, in a sentence', async () => {
    const { systemd, run } = await set();
    systemd.write('no-systemd');
    const ran = await run('health');
    expect(ran.code).toBe(8);
    expect(documentOf(ran).error?.message).toMatch(/^callattendant cannot be asked about: System has not been booted/);
    expect(systemd.verbs).toEqual(['show']);
  });

  it.concurrent('without systemctl is exit 8', async () => {
    const modem = await lab.plugInOne();
    const ran = await lab.run(['health', modem.name, '--json', '--around', UNIT], { env: { PATH: '/nonexistent' } });
    expect(ran.code).toBe(8);
    expect(documentOf(ran).error).toMatchObject({ code: 'HELPER', details: { program: 'systemctl' } });
    expect(modem.dce!.state.commandCount).toBe(0);
  });
});
