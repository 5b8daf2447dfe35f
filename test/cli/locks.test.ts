import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { lockFilePath, lockFileText } from '../../src/tty/lock-file.ts';
import type { VirtualModem } from '../../src/virtual/virtual-modem.ts';
import { documentOf, hasVirtualModems, Lab, lockFilesOf } from '../support/cli.ts';
import { isWritable } from '../support/is-writable.ts';

const canLock = isWritable('/run/lock');
const hasFlock = spawnSync('flock', ['--version']).status === 0;

describe.skipIf(!hasVirtualModems)('a modem in use', () => {
  const lab = new Lab();
  const holders: ChildProcess[] = [];
  const files: string[] = [];
  afterEach(() => {
    for (const holder of holders.splice(0)) holder.kill('SIGKILL');
    for (const file of files.splice(0)) rmSync(file, { force: true });
  });
  afterAll(() => lab.close());

  /** Somebody else's program; resolves when it has said something. */
  const hold = async (command: string): Promise<ChildProcess> => {
    const child = spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'ignore'] });
    holders.push(child);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    return child;
  };
  const lockFile = (modem: VirtualModem, text: string): string => {
    const path = lockFilePath(modem.tty!, '/run/lock');
    writeFileSync(path, text);
    files.push(path);
    return path;
  };

  it.each(['at', 'reset', 'hangup', 'info', 'init'])(
    'by an open descriptor: %s is exit 5, by whom, and how to end it',
    async (command) => {
      const modem = await lab.plugInOne();
      const holder = await hold(`exec 3<>${modem.tty}; echo; exec sleep 60`);
      const ran = await lab.run([command, '-d', modem.name, '--json']);
      expect(ran.code).toBe(5);
      expect(documentOf(ran).error).toEqual({
        code: 'IN_USE',
        message: `${modem.tty} is in use by sleep (pid ${holder.pid})`,
        hint: `End that program first: kill ${holder.pid}`,
        details: { tty: modem.tty, heldBy: [{ pid: holder.pid, command: 'sleep' }] },
      });
    },
  );

  it('tty and detect go on: they open nothing', async () => {
    const modem = await lab.plugInOne();
    await hold(`exec 3<>${modem.tty}; echo; exec sleep 60`);
    expect(await lab.run(['tty', modem.name])).toMatchObject({ code: 0, stdout: `${modem.tty}\n` });
    expect(documentOf(await lab.run(['detect', modem.name, '--json'])).modems).toMatchObject([{ state: 'busy' }]);
  });

  it('is taken with --force, and who else has it is said', async () => {
    const modem = await lab.plugInOne();
    const holder = await hold(`exec 3<>${modem.tty}; echo; exec sleep 60`);
    const ran = await lab.run(['at', '-d', modem.name, '--force', 'ATI3']);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain(`note: sleep (pid ${holder.pid}) has ${modem.tty} too`);
  });

  it.skipIf(!hasFlock)('by flock(1)', async () => {
    const modem = await lab.plugInOne();
    await hold(`exec flock ${modem.tty} sh -c 'echo; exec sleep 60'`);
    const ran = await lab.run(['at', '-d', modem.name]);
    expect(ran.code).toBe(5);
    expect(ran.stderr).toMatch(/is in use by .*(flock|sleep) \(pid \d+\)/);
  });

  it('by another modemctl, by its name', async () => {
    const modem = await lab.plugInOne();
    modem.misbehave('silent');
    const first = lab.start(['-d', modem.name, '-v', 'at', '--timeout', '30s']);
    await first.says('> ATE1V1Q0');
    const ran = await lab.run(['-d', modem.name, 'at']);
    expect(ran.code).toBe(5);
    expect(ran.stderr).toContain(`is in use by modemctl (pid ${first.pid})`);
    first.kill('SIGTERM');
    await lab.end(first);
  });

  it('by us shows to others: a UUCP lock file and flock, both gone afterwards', async () => {
    const modem = await lab.plugInOne();
    modem.misbehave('silent');
    const path = lockFilePath(modem.tty!, '/run/lock');
    const running = lab.start(['-d', modem.name, '-v', 'at', '--timeout', '30s']);
    await running.says('> ATE1V1Q0');
    if (canLock) expect(readFileSync(path, 'utf8')).toBe(lockFileText(running.pid));
    if (hasFlock) expect(spawnSync('flock', ['-n', modem.tty!, 'true']).status).toBe(1);
    running.kill('SIGTERM');
    await lab.end(running);
    expect(existsSync(path)).toBe(false);
    if (hasFlock) expect(spawnSync('flock', ['-n', modem.tty!, 'true']).status).toBe(0);
  });

  it('stays usable after one of us was killed', async () => {
    const modem = await lab.plugInOne();
    modem.misbehave('silent');
    const running = lab.start(['-d', modem.name, '-v', 'at', '--timeout', '30s']);
    await running.says('> ATE1V1Q0');
    running.kill('SIGKILL');
    await running.ended;
    if (canLock) expect(lockFilesOf(running.pid)).toHaveLength(1);
    modem.misbehave(null);
    await modem.perform({ do: 'power-cycle' });
    expect(await lab.run(['-d', modem.name, 'at', 'ATI3'])).toMatchObject({ code: 0 });
  });

  describe.skipIf(!canLock)('by a lock file', () => {
    it('of a living process is exit 5', async () => {
      const modem = await lab.plugInOne();
      const holder = await hold('echo; exec sleep 60');
      const path = lockFile(modem, lockFileText(holder.pid!));
      const ran = await lab.run(['-d', modem.name, 'at']);
      expect(ran.code).toBe(5);
      expect(ran.stderr).toContain(`is in use by sleep (pid ${holder.pid})`);
      expect(readFileSync(path, 'utf8')).toBe(lockFileText(holder.pid!));
    });

    it('of a living process is left in its place by --force', async () => {
      const modem = await lab.plugInOne();
      const holder = await hold('echo; exec sleep 60');
      const path = lockFile(modem, lockFileText(holder.pid!));
      expect(await lab.run(['-d', modem.name, 'at', '--force'])).toMatchObject({ code: 0 });
      expect(readFileSync(path, 'utf8')).toBe(lockFileText(holder.pid!));
    });

    it('of a dead process is taken away', async () => {
      const modem = await lab.plugInOne();
      const dead = spawnSync('true').pid;
      const path = lockFile(modem, lockFileText(dead));
      expect(await lab.run(['-d', modem.name, 'at'])).toMatchObject({ code: 0, stderr: 'OK\n' });
      expect(existsSync(path)).toBe(false);
    });
  });
});
