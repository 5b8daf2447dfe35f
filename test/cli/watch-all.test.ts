import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasVirtualModems, Lab } from '../support/cli.ts';
import { eventsOf, type Told, tells } from '../support/events.ts';

const socketOf = (lab: Lab, name: string) => join(lab.folder, 'modemctl', `${name}.sock`);

/** Each test has all there is to itself. */
describe.skipIf(!hasVirtualModems)('watch without a selector', () => {
  let lab: Lab;
  beforeEach(() => {
    lab = new Lab();
  });
  afterEach(() => lab.close());

  const told = (events: Told[]) => events.map(({ event, modem }) => `${modem.id} ${event}`);

  it('keeps every modem, those that come later as well, and each under its own socket', async () => {
    const one = await lab.plugInOne('usr5637');
    const two = await lab.plugInOne('tfm561u');
    const running = lab.start(['watch', '--json']);
    await tells(running, 'waiting', 2);
    const three = await lab.plugInOne('tfm561u');
    await tells(running, 'waiting', 3);
    await two.perform({ do: 'ring', from: '5551234', rings: 1 });
    await tells(running, 'callerId');
    await one.perform({ do: 'unplug' });
    await tells(running, 'unplugged');
    await three.perform({ do: 'ring', from: '5554321', rings: 1 });
    await tells(running, 'callerId', 2);
    await one.perform({ do: 'plug' });
    await tells(running, 'waiting', 4);
    expect([one, two, three].map(({ name }) => existsSync(socketOf(lab, name)))).toEqual([true, true, true]);
    await tells(running, 'ringEnded', 2);
    expect((await lab.run(['-d', two.name, 'at', 'ATI3'])).code, 'lent between calls').toBe(0);
    running.kill('SIGTERM');
    const ran = await lab.end(running);
    expect(ran.signal).toBe('SIGTERM');
    const events = told(eventsOf(ran));
    expect(events.filter((text) => text.startsWith(one.name))).toEqual(
      ['waiting', 'unplugged', 'plugged', 'waiting'].map((event) => `${one.name} ${event}`),
    );
    expect(events).toContain(`${two.name} callerId`);
    expect(events).toContain(`${three.name} callerId`);
    expect(existsSync(socketOf(lab, three.name)), 'the sockets are taken away').toBe(false);
  });

  it('names the modem in lines for people when there are several; a winmodem is told of, and left', async () => {
    const one = await lab.plugInOne('usr5637');
    await lab.plugIn({ models: ['hiro'] });
    const two = await lab.plugInOne('tfm561u');
    const running = lab.start(['watch']);
    await running.says(`${one.name}  waiting`);
    await running.says(`${two.name}  waiting`);
    await running.says('Hiro');
    running.kill('SIGINT');
    const ran = await lab.end(running);
    expect(ran.stderr).toMatch(/^note: .*Hiro.* is not watched: /m);
  });

  it('ends when there is none, or the only one cannot be had', async () => {
    expect(await lab.run(['watch', '--json'])).toMatchObject({ code: 3 });
    await lab.plugIn({ models: ['hiro'] });
    expect(await lab.run(['watch'])).toMatchObject({ code: 3 });
    const one = await lab.plugInOne();
    const other = lab.start(['watch', one.name]);
    await other.says('waiting');
    expect(await lab.run(['watch', '--json'])).toMatchObject({ code: 5 });
    other.kill('SIGINT');
    await lab.end(other);
  });

  it('waits for one of several that is in other hands, a stranger or another modemctl', async () => {
    const [one, two, three] = [await lab.plugInOne(), await lab.plugInOne(), await lab.plugInOne()];
    const stranger = spawn('sh', ['-c', `exec 3<>${one.tty}; echo mine; exec sleep 60`]);
    await new Promise((resolve) => stranger.stdout.once('data', resolve));
    const ours = lab.start(['exec', '-d', three.name, '--', 'sh', '-c', 'echo mine; read -r _'], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    await ours.says('mine');
    const running = lab.start(['watch', '--json']);
    await tells(running, 'waiting');
    expect(told(eventsOf(running))).toEqual([`${two.name} waiting`]);
    await running.says(`is in use by sleep (pid ${stranger.pid}); waiting`);
    await running.says(`another modemctl keeps U.S. Robotics USR5637 at ${three.name} (${three.tty}); waiting`);
    stranger.kill();
    await tells(running, 'waiting', 2);
    ours.child.stdin?.end();
    await lab.end(ours);
    await tells(running, 'waiting', 3);
    running.kill('SIGINT');
    await lab.end(running);
  });
});
