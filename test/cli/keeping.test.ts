import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hasVirtualModems, Lab } from '../support/cli.ts';
import { eventsOf, tells, until } from '../support/events.ts';

const lab = new Lab();
afterAll(() => lab.close());

/** Samples by name and labels, but for those of the modem. */
function samplesOf(path: string): Map<string, number> {
  const lines = readFileSync(path, 'utf8').split('\n');
  const samples = lines.filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    samples.map((line) => {
      const [, name, labels, value] = /^(\w+)\{modem="[^"]+",model="[^"]+",?([^}]*)\} (\S+)$/.exec(line)!;
      return [`${name}${labels ? ` ${labels}` : ''}`, Number(value)];
    }),
  );
}

describe.skipIf(!hasVirtualModems)('--textfile', () => {
  it.concurrent('tells Prometheus how the modem does, and is taken away at the end', { timeout: 90_000 }, async () => {
    const modem = await lab.plugInOne();
    const path = join(lab.folder, `${modem.name}.prom`);
    const running = lab.start(['watch', '--json', '--textfile', path, '--check-every', '1s', modem.name]);
    await tells(running, 'waiting');
    const shows = (sample: string, value: number) =>
      until(
        `${sample} is ${value}`,
        () => samplesOf(path).get(sample) === value,
        () => readFileSync(path, 'utf8'),
      );
    await shows('modemctl_up', 1);
    await shows('modemctl_state state="idle"', 1);
    expect(statSync(path).mode & 0o777).toBe(0o644);
    expect(Date.now() / 1000 - samplesOf(path).get('modemctl_last_answer_timestamp_seconds')!).toBeLessThan(60);
    await modem.perform({ do: 'ring', from: '5551234', rings: 2 });
    await tells(running, 'ringEnded');
    await shows('modemctl_rings_total', 2);
    modem.misbehave('silent');
    await tells(running, 'waiting', 2);
    await shows('modemctl_hangs_total', 1);
    await shows('modemctl_recoveries_total by="usb"', 1);
    await modem.perform({ do: 'unplug' });
    await shows('modemctl_up', 0);
    await shows('modemctl_state state="away"', 1);
    running.kill('SIGTERM');
    await lab.end(running);
    expect(readdirSync(lab.folder).filter((name) => name.includes(`${modem.name}.prom`))).toEqual([]);
  });

  it.concurrent('never takes the place of a device or a pipe', async () => {
    const modem = await lab.plugInOne();
    const path = join(lab.folder, `${modem.name}.pipe`);
    spawnSync('mkfifo', [path]);
    const ran = await lab.run(['watch', '--textfile', path, modem.name]);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain('no ordinary file');
    expect(statSync(path).isFIFO()).toBe(true);
  });

  it.concurrent('that cannot be written is refused before anything else', async () => {
    const modem = await lab.plugInOne();
    const ran = await lab.run(['watch', '--textfile', '/nowhere/modemctl.prom', modem.name]);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/^error: --textfile cannot be written: .* \[USAGE\]\n/);
  });
});

describe.skipIf(!hasVirtualModems)('a plug that is pulled while the modem is brought back', () => {
  it.concurrent.each([
    ['watch', []],
    ['answer', ['--exec', 'cat']],
  ])('%s waits for it, and has not given up', { timeout: 90_000 }, async (command, args) => {
    const modem = await lab.plugInOne();
    const running = lab.start([command, '--json', '--check-every', '1s', modem.name, ...args]);
    await tells(running, 'waiting');
    modem.misbehave('dead-after-reset');
    await tells(running, 'hung');
    await modem.perform({ do: 'unplug' });
    // A reset may keep it away for 15 s.
    await running.says('"unplugged"', 40_000);
    await modem.perform({ do: 'plug' });
    await tells(running, 'waiting', 2);
    expect(eventsOf(running).map(({ event }) => event)).toEqual('waiting hung unplugged plugged waiting'.split(' '));
    running.kill('SIGTERM');
    expect((await lab.end(running)).signal).toBe('SIGTERM');
  });
});

const missing = spawnSync('python3', ['--version']).status !== 0;

/** Prints what the service itself says, as systemd by NotifyAccess=main. */
const MANAGER = `
import socket, struct, sys
manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
manager.bind(sys.argv[1])
manager.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
while True:
    message, control, _, _ = manager.recvmsg(4096, 64)
    pid = struct.unpack("iii", control[0][2])[0]
    print(pid, message.decode())
`;

describe.skipIf(!hasVirtualModems || missing)(
  missing ? 'under systemd: python3 is not installed' : 'under systemd',
  () => {
    it.concurrent.each([
      ['watch', []],
      ['answer', ['--exec', 'cat']],
    ])(
      '%s says when it is ready, its state, feeds the watchdog, and says when it ends',
      { timeout: 60_000 },
      async (command, args) => {
        const modem = await lab.plugInOne();
        const socket = join(lab.folder, `${modem.name}.notify`);
        const manager = spawn('python3', ['-u', '-c', MANAGER, socket]);
        let told = '';
        manager.stdout.setEncoding('utf8').on('data', (text: string) => {
          told += text;
        });
        await until('somebody listens', () => existsSync(socket));
        const running = lab.start([command, modem.name, ...args], {
          env: { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '1000000' },
        });
        await until(
          'it is ready',
          () => told.includes(`${running.pid} READY=1\n`),
          () => told + running.stderr,
        );
        await until(
          'its state is told',
          () => told.includes(`STATUS=${modem.name} waiting`),
          () => told,
        );
        await until(
          'the watchdog is fed twice',
          () => told.split('WATCHDOG=1').length > 2,
          () => told,
        );
        running.kill('SIGTERM');
        await lab.end(running);
        await until(
          'its end is told',
          () => told.includes(`${running.pid} STOPPING=1\n`),
          () => told,
        );
        manager.kill();
      },
    );
  },
);
