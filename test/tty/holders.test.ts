import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SystemRoots, systemRoots } from '../../src/core/system-roots.ts';
import { findHolders, findHoldersOf } from '../../src/tty/holders.ts';

let folder: string;
let roots: SystemRoots;
let tty: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modemctl-holders-'));
  roots = { ...systemRoots, lock: join(folder, 'lock') };
  mkdirSync(roots.lock);
  tty = join(folder, 'ttyACM0');
  writeFileSync(tty, '');
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** A child that has said it is ready. */
async function start(command: string, args: string[]): Promise<number> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  for await (const _ of child.stdout) break;
  return child.pid!;
}

/** Keeps its name once it has said that it is ready, as one that goes on to exec another would not; ends with us. */
const STAYS = ['sh', '-c', 'echo ready; read -r _'] as const;

/** Opens the tty under a name of its own choosing (a process names itself). */
function opener(name: string): Promise<number> {
  const code = `process.title = ${JSON.stringify(name)}; require('fs').openSync(${JSON.stringify(tty)}, 'r+'); console.log('ready'); setInterval(() => {}, 1000);`;
  return start(process.execPath, ['-e', code]);
}

const hasFlock = spawnSync('flock', ['--version']).status === 0;

describe('who holds a tty', () => {
  it('nobody', () => {
    expect(findHolders(tty, { roots })).toEqual([]);
    expect(findHolders(join(folder, 'gone'), { roots })).toEqual([]);
  });

  it('one who has it open without any lock', async () => {
    const pid = await opener('minicom');
    expect(findHolders(tty, { roots })).toEqual([{ pid, command: 'minicom', waiting: false }]);
  });

  it.each(['mgetty', 'vgetty', 'faxgetty'])('%s with it open unlocked only waits', async (name) => {
    const pid = await opener(name);
    expect(findHolders(tty, { roots })).toEqual([{ pid, command: name, waiting: true }]);
    writeFileSync(join(roots.lock, 'LCK..ttyACM0'), String(pid));
  });

  it('mgetty with a lock is in a call', async () => {
    const pid = await opener('mgetty');
    roots = { ...roots, dev: folder };
    writeFileSync(join(roots.lock, 'LCK..ttyACM0'), `${String(pid).padStart(10)}\n`);
    expect(findHolders(tty, { roots })).toEqual([{ pid, command: 'mgetty', waiting: false }]);
  });

  it('one who has but a lock file', async () => {
    const pid = await start(STAYS[0], STAYS.slice(1));
    roots = { ...roots, dev: folder };
    writeFileSync(join(roots.lock, 'LCK..ttyACM0'), `${String(pid).padStart(10)}\n`);
    const [holder] = findHolders(tty, { roots });
    expect(holder).toMatchObject({ pid, waiting: false });
  });

  it('not a dead one’s lock file, nor ourselves', () => {
    roots = { ...roots, dev: folder };
    writeFileSync(join(roots.lock, 'LCK..ttyACM0'), '4194303\n');
    expect(findHolders(tty, { roots })).toEqual([]);
    writeFileSync(join(roots.lock, 'LCK..ttyACM0'), `${process.pid}\n`);
    expect(findHolders(tty, { roots })).toEqual([]);
  });

  it.skipIf(!hasFlock)('one who has locked it with flock, found by the kernel’s own list', async () => {
    const pid = await start('flock', ['-x', '--no-fork', tty, ...STAYS]);
    // Without /proc/PID there is nothing but /proc/locks to find it by.
    const proc = join(folder, 'proc');
    mkdirSync(proc);
    symlinkSync('/proc/locks', join(proc, 'locks'));
    expect(findHolders(tty, { roots: { ...roots, proc } })).toEqual([{ pid, command: '?', waiting: false }]);
    expect(findHolders(tty, { roots })).toEqual([{ pid, command: 'sh', waiting: false }]);
  });

  it.skipIf(!hasFlock)('of two who flock, not the one who still waits for it', async () => {
    const first = await start('flock', ['-x', '--no-fork', tty, ...STAYS]);
    const second = spawn('flock', ['-x', '--no-fork', tty, 'true'], { stdio: 'ignore' });
    children.push(second);
    const proc = join(folder, 'proc');
    mkdirSync(proc);
    symlinkSync('/proc/locks', join(proc, 'locks'));
    expect(findHolders(tty, { roots: { ...roots, proc } }).map((holder) => holder.pid)).toEqual([first]);
  });

  it.skipIf(!hasFlock)(
    'but no list is asked, which takes long, where all were seen and nobody has it open',
    async () => {
      const pid = await start('flock', ['-x', '--no-fork', tty, ...STAYS]);
      const proc = join(folder, 'proc');
      mkdirSync(join(proc, '1/fd'), { recursive: true });
      symlinkSync('/proc/locks', join(proc, 'locks'));
      expect(findHolders(tty, { roots: { ...roots, proc } })).toEqual([]);
      symlinkSync(`/proc/${pid}`, join(proc, String(pid)));
      expect(findHolders(tty, { roots: { ...roots, proc } })).toEqual([{ pid, command: 'sh', waiting: false }]);
    },
  );

  it('but for those who do not count', async () => {
    const pid = await opener('python3');
    expect(findHolders(tty, { roots, exclude: [pid] })).toEqual([]);
  });

  it('of several ttys in one pass, through links', async () => {
    const pid = await opener('cu');
    const link = join(folder, 'by-id');
    symlinkSync(tty, link);
    const other = join(folder, 'ttyACM1');
    writeFileSync(other, '');
    const found = findHoldersOf([link, other], { roots });
    expect(found.get(link)).toEqual([{ pid, command: 'cu', waiting: false }]);
    expect(found.get(other)).toEqual([]);
  });

  it('with its name made fit to be shown', async () => {
    await opener('evil\u001b[2J\u0007');
    expect(findHolders(tty, { roots })[0]!.command).toBe('evil?[2J?');
  });
});

describe('a PTY', () => {
  it('is played by whoever has its master, even with the slave open as well; others use it', () => {
    const proc = join(folder, 'proc');
    const have = (pid: number, fd: number, path: string, fdinfo = '') => {
      for (const part of ['fd', 'fdinfo']) mkdirSync(join(proc, String(pid), part), { recursive: true });
      symlinkSync(path, join(proc, `${pid}/fd/${fd}`));
      writeFileSync(join(proc, `${pid}/fdinfo/${fd}`), `pos:\t0\nflags:\t02100002\n${fdinfo}`);
      writeFileSync(join(proc, `${pid}/comm`), `p${pid}\n`);
    };
    have(70, 3, '/dev/ptmx', 'tty-index:\t999\n');
    have(70, 4, '/dev/pts/999');
    have(71, 3, '/dev/ptmx', 'tty-index:\t998\n');
    have(71, 4, '/dev/pts/999');
    have(72, 0, '/dev/pts/999');
    expect(findHolders('/dev/pts/999', { roots: { ...roots, proc } })).toEqual([
      { pid: 71, command: 'p71', waiting: false },
      { pid: 72, command: 'p72', waiting: false },
    ]);
  });
});

describe('/proc with nonsense in it', () => {
  it('is survived', () => {
    const proc = join(folder, 'proc');
    mkdirSync(join(proc, '77/fd'), { recursive: true });
    symlinkSync(tty, join(proc, '77/fd/3'));
    writeFileSync(join(proc, '77/fd/4'), 'no link');
    mkdirSync(join(proc, '78'));
    writeFileSync(join(proc, '79'), 'no folder');
    writeFileSync(join(proc, '77/comm'), 'x'.repeat(5000));
    writeFileSync(join(proc, 'locks'), '\u0000garbage\n1: FLOCK ADVISORY WRITE 99999999999 zz:zz:zz 0 EOF\n');
    expect(findHolders(tty, { roots: { ...roots, proc } })).toEqual([
      { pid: 77, command: 'x'.repeat(64), waiting: false },
    ]);
  });
});
