import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SystemRoots, systemRoots } from '../../src/core/system-roots.ts';
import { lockTty, type TtyLock } from '../../src/tty/lock.ts';
import { lockFilePath, parsePid } from '../../src/tty/lock-file.ts';
import { asOrdinaryUser } from '../support/ordinary-user.ts';

/** Above every pid Linux gives. */
const DEAD = 4_194_303;

let folder: string;
let roots: SystemRoots;
let tty: string;
let file: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modemctl-lock-'));
  roots = { ...systemRoots, dev: join(folder, 'dev'), lock: join(folder, 'lock') };
  mkdirSync(join(roots.dev, 'serial/by-id'), { recursive: true });
  mkdirSync(roots.lock);
  tty = join(roots.dev, 'ttyACM0');
  writeFileSync(tty, '');
  file = join(roots.lock, 'LCK..ttyACM0');
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  // Some tests close it, and only root removes things from a closed folder; others take it away.
  if (existsSync(roots.lock)) chmodSync(roots.lock, 0o755);
  rmSync(folder, { recursive: true, force: true });
});

function living(): number {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  children.push(child);
  return child.pid!;
}

/** Makes the file look as if nobody were just about to fill it. */
function age(path: string): void {
  utimesSync(path, 1, 1);
}

async function take(path = tty): Promise<TtyLock> {
  const outcome = await lockTty(path, { roots });
  if (!outcome.lock) throw new Error(`held by ${outcome.held.pid}`);
  return outcome.lock;
}

describe('a lock', () => {
  it('is a file with ten characters of pid and a newline, and nothing is left beside it', async () => {
    const lock = await take();
    expect(readFileSync(file, 'latin1')).toBe(`${String(process.pid).padStart(10)}\n`);
    expect(readFileSync(file).length).toBe(11);
    expect(readdirSync(roots.lock)).toEqual(['LCK..ttyACM0']);
    lock.release();
    lock.release();
    expect(readdirSync(roots.lock)).toEqual([]);
  });

  it('is named for the device behind a link', async () => {
    const link = join(roots.dev, 'serial/by-id/usb-modem');
    symlinkSync('../../ttyACM0', link);
    expect((await take(link)).path).toBe(file);
  });

  it.each([
    ['/dev/pts/5', '/run/lock/LCK..pts_5'],
    ['/dev/ttyUSB12', '/run/lock/LCK..ttyUSB12'],
  ])('of %s is %s', (path, name) => {
    expect(lockFilePath(path, '/run/lock')).toBe(name);
  });

  it('is honoured by uucp-style programs: its first number is a living pid', async () => {
    await take();
    const pid = Number(execFileSync('awk', ['{print $1; exit}', file], { encoding: 'utf8' }));
    expect(pid).toBe(process.pid);
  });
});

describe('a lock of somebody else', () => {
  it('that lives is told, with its command, and left alone', async () => {
    const pid = living();
    writeFileSync(file, `${String(pid).padStart(10)}\n`);
    expect(await lockTty(tty, { roots })).toEqual({ held: { pid, command: 'sleep' } });
    expect(readFileSync(file, 'latin1')).toContain(String(pid));
  });

  it('as minicom writes it (name and user behind the pid), or binary, is understood', async () => {
    const pid = living();
    writeFileSync(file, `${String(pid).padStart(10)} minicom root\n`);
    expect(await lockTty(tty, { roots })).toMatchObject({ held: { pid } });
    const binary = Buffer.alloc(4);
    binary.writeInt32LE(pid);
    writeFileSync(file, binary);
    expect(await lockTty(tty, { roots })).toMatchObject({ held: { pid } });
  });

  it('that is dead is removed', async () => {
    writeFileSync(file, `${DEAD}\n`.padStart(11));
    const lock = await take();
    expect(lock.notes).toEqual([]);
    expect(readFileSync(file, 'latin1')).toContain(String(process.pid));
    expect(readdirSync(roots.lock)).toEqual(['LCK..ttyACM0']);
  });

  it('taken for us by whoever started us is ours', async () => {
    writeFileSync(file, `${String(process.pid).padStart(10)}\n`);
    (await take()).release();
    expect(readdirSync(roots.lock)).toEqual([]);
  });

  it('just being written is waited for', async () => {
    const pid = living();
    writeFileSync(file, '');
    const waiting = lockTty(tty, { roots });
    writeFileSync(file, `${String(pid).padStart(10)}\n`);
    expect(await waiting).toMatchObject({ held: { pid } });
  });

  it.each([
    ['nothing', () => writeFileSync(file, '')],
    ['text', () => writeFileSync(file, 'rm -rf /')],
    ['a huge number', () => writeFileSync(file, '99999999999999999999')],
    ['a negative one', () => writeFileSync(file, '      -1\n')],
    ['a megabyte of blanks', () => writeFileSync(file, ' '.repeat(1 << 20))],
  ])('with %s in it is stale', async (_what, make) => {
    make();
    age(file);
    const lock = await take();
    expect(lock.path).toBe(file);
    expect(lock.notes).toEqual([]);
  });

  it('is not looked for behind a link: that could lead to a tty, and opening one raises DTR', async () => {
    const elsewhere = join(folder, 'elsewhere');
    writeFileSync(elsewhere, `${living()}\n`);
    symlinkSync(elsewhere, file);
    expect((await take()).path).toBe(file);
  });

  it.each([
    ['a pipe', () => execFileSync('mkfifo', [file])],
    ['a link to somewhere', () => symlinkSync('/etc/passwd', file)],
  ])('that is %s is taken away and harms nobody', async (_what, make) => {
    make();
    const lock = await take();
    expect(lock.path).toBe(file);
    expect(readFileSync('/etc/passwd', 'latin1')).toContain('root');
    expect(readdirSync(roots.lock)).toEqual(['LCK..ttyACM0']);
  });
});

describe('a lock folder that does not serve', () => {
  it('with a folder in the lock file’s place: works without, and leaves it', async () => {
    mkdirSync(join(file, 'deep'), { recursive: true });
    const lock = await take();
    expect(lock.path).toBeNull();
    expect(lock.notes[0]).toMatch(/ignored: it cannot be removed \(EISDIR\)$/);
    expect(readdirSync(file)).toEqual(['deep']);
  });

  it('missing: works without, with a note', async () => {
    rmSync(roots.lock, { recursive: true });
    const lock = await take();
    expect(lock.path).toBeNull();
    expect(lock.notes).toEqual([`no lock file: ${roots.lock} cannot be written (ENOENT)`]);
    lock.release();
    expect(lock.transfer(1)).toBe(false);
  });

  const ordinary = () =>
    asOrdinaryUser(`
      import { lockTty } from './src/tty/lock.ts';
      lockTty(${JSON.stringify(tty)}, { roots: ${JSON.stringify(roots)} }).then(({ held, lock }) =>
        console.log(JSON.stringify(held ? { held } : { path: lock.path, notes: lock.notes })));
    `);

  it('not writable: works without, but a living holder is still seen', () => {
    chmodSync(folder, 0o755);
    chmodSync(roots.lock, 0o555);
    expect(ordinary()).toEqual({ path: null, notes: [`no lock file: ${roots.lock} cannot be written (EACCES)`] });
    chmodSync(roots.lock, 0o755);
    const pid = living();
    writeFileSync(file, `${String(pid).padStart(10)}\n`);
    chmodSync(roots.lock, 0o555);
    expect(ordinary()).toMatchObject({ held: { pid, command: 'sleep' } });
  });

  it('with a file in it that may not be read: works without', () => {
    chmodSync(folder, 0o755);
    writeFileSync(file, `${DEAD}\n`);
    chmodSync(file, 0);
    expect(ordinary()).toEqual({ path: null, notes: [`lock file ${file} ignored: it cannot be read`] });
  });

  it.skipIf(process.getuid?.() !== 0)('sticky with a dead stranger’s file: ignored with a note', () => {
    chmodSync(folder, 0o755);
    chmodSync(roots.lock, 0o1777);
    writeFileSync(file, `${DEAD}\n`.padStart(11));
    expect(ordinary()).toEqual({
      path: null,
      notes: [`stale lock file ${file} of dead process ${DEAD} ignored: it cannot be removed (EPERM)`],
    });
    expect(readFileSync(file, 'latin1')).toContain(String(DEAD));
  });
});

describe('handing the lock over', () => {
  it('puts the child’s pid into the file, and leaves it alone while the child lives', async () => {
    const lock = await take();
    const pid = living();
    expect(lock.transfer(pid)).toBe(true);
    expect(readFileSync(file, 'latin1')).toBe(`${String(pid).padStart(10)}\n`);
    lock.release();
    expect(readdirSync(roots.lock)).toEqual(['LCK..ttyACM0']);
  });

  it('is taken back, or cleared away after the child died', async () => {
    const lock = await take();
    expect(lock.transfer(DEAD)).toBe(true);
    expect(lock.transfer(process.pid)).toBe(true);
    expect(lock.transfer(DEAD)).toBe(true);
    lock.release();
    expect(readdirSync(roots.lock)).toEqual([]);
  });

  it('is not done, and nothing is removed, when the file is another’s by now', async () => {
    const lock = await take();
    const pid = living();
    writeFileSync(file, `${String(pid).padStart(10)}\n`);
    expect(lock.transfer(1)).toBe(false);
    lock.release();
    expect(readFileSync(file, 'latin1')).toContain(String(pid));
  });
});

describe('two at once', () => {
  it('never both get it', async () => {
    writeFileSync(file, `${DEAD}\n`.padStart(11));
    const code = `
      import { lockTty } from './src/tty/lock.ts';
      lockTty(${JSON.stringify(tty)}, { roots: ${JSON.stringify(roots)} }).then((outcome) => {
        console.log(outcome.held ? 'held' : outcome.lock.path === null ? 'without' : 'mine');
        process.stdin.resume();
      });`;
    const { buildSync } = await import('esbuild');
    const program = join(folder, 'locker.cjs');
    buildSync({
      stdin: { contents: code, resolveDir: process.cwd(), loader: 'ts' },
      bundle: true,
      platform: 'node',
      outfile: program,
    });
    const answers = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
        children.push(child);
        for await (const chunk of child.stdout) return String(chunk).trim();
        return 'died';
      }),
    );
    expect(answers.filter((answer) => answer === 'mine')).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'held')).toHaveLength(5);
  });
});

describe('the pid in a lock file', () => {
  it.each([
    ['      1234\n', 1234],
    ['1234', 1234],
    ['12345\0', 12345],
    ['12', 12],
    ['1234x', null],
    ['', null],
    ['0\n', null],
  ])('%j is %s', (text, pid) => {
    expect(parsePid(Buffer.from(text, 'latin1'))).toBe(pid);
  });
});
