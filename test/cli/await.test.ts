import { spawn } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { hasVirtualModems, Lab } from '../support/cli.ts';

/** `--await`: a service starts before its modem is there. */
describe.skipIf(!hasVirtualModems)('with --await', () => {
  const lab = new Lab();
  afterAll(() => lab.close());

  it.concurrent.each([
    ['answer', ['--exec', 'cat']],
    ['watch', []],
  ])(
    '%s waits for a modem that is not there yet, and takes it up when it comes',
    { timeout: 60_000 },
    async (command, args) => {
      const name = `late-${command}`;
      const running = lab.start([command, name, '--await', ...args]);
      await running.says(`no modem matches "${name}"; waiting for it`);
      await lab.plugIn({ names: [name] });
      await running.says(command === 'answer' ? 'Waiting.' : 'Watching');
      running.kill('SIGTERM');
      expect(await lab.end(running)).toMatchObject({ signal: 'SIGTERM' });
    },
  );

  it.concurrent('answer waits until another program lets go of the modem', { timeout: 60_000 }, async () => {
    const modem = await lab.plugInOne();
    const holder = spawn('sh', ['-c', 'exec 3<>"$0"; flock -n 3; echo held; read -r _', modem.tty!]);
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    const running = lab.start(['answer', modem.name, '--await', '--exec', 'cat']);
    await running.says('in use by');
    holder.stdin.end();
    await running.says('Waiting.');
    running.kill('SIGTERM');
    expect(await lab.end(running)).toMatchObject({ signal: 'SIGTERM' });
  });

  it.concurrent('a wrong selector ends it all the same', async () => {
    const ran = await lab.run(['answer', '--await', '-d', '/etc/passwd', '--exec', 'cat']);
    expect(ran.code).toBe(2);
  });
});
