import { closeSync, constants, openSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { isAvailable, type Libc, requireLibc } from '../../src/native/libc.ts';

const hasKoffi = await isAvailable();
if (!hasKoffi) console.log('skipped: calls of the C library, because the optional package koffi is not installed');

/** A PTY, master and slave's path. */
function openPty(libc: Libc): { master: number; path: string } {
  const { value: master } = libc.posixOpenpt(constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  expect(libc.grantpt(master).errno).toBeNull();
  expect(libc.unlockpt(master).errno).toBeNull();
  return { master, path: libc.ptsname(master) as string };
}

describe.skipIf(!hasKoffi)('the C library', () => {
  test('errors have names', async () => {
    const libc = await requireLibc('this test needs');
    expect(libc.open('/nonexistent/x', constants.O_RDONLY)).toEqual({ value: -1, errno: 'ENOENT' });
    expect(libc.close(-1).errno).toBe('EBADF');
    expect(libc.dup(999_999).errno).toBe('EBADF');
    const file = openSync('/dev/null', 'r');
    expect(libc.ioctl(file, 0x5401, Buffer.alloc(64)).errno).toBe('ENOTTY');
    expect(libc.tcgetattr(file)).toBeNull();
    expect(libc.ptsname(file)).toBeNull();
    closeSync(file);
  });

  test('on the thread pool too', async () => {
    const libc = await requireLibc('this test needs');
    const file = openSync('/dev/null', 'r');
    const calls = [libc.ioctlAsync(file, 0x5401, Buffer.alloc(64)), libc.ioctlAsync(-1, 0x5401, Buffer.alloc(64))];
    expect((await Promise.all(calls)).map(({ errno }) => errno)).toEqual(['ENOTTY', 'EBADF']);
    closeSync(file);
  });

  test('a wait on the thread pool writes to its own memory only, also when garbage is collected meanwhile', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const libc = await requireLibc('this test needs');
    const { master, path } = openPty(libc);
    const slave = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    let overwritten = 0;
    for (let round = 0; round < 10; round++) {
      const waits = [1, 2, 3, 4].map(() => libc.waitFor(slave, 'readable', 100));
      for (let times = 0; times < 3; times++) {
        collect();
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      // As large as a struct pollfd; asked for its buffer, each has memory of its own.
      const others = Array.from({ length: 10_000 }, () => new Uint8Array(Buffer.alloc(8, 0x41).buffer));
      expect(await Promise.all(waits)).toEqual([false, false, false, false]);
      overwritten += others.filter((bytes) => bytes.some((byte) => byte !== 0x41)).length;
    }
    expect(overwritten).toBe(0);
    closeSync(slave);
    libc.close(master);
  });

  test('a PTY: POLLHUP only once its slave was open, a dropped speed seen from the master', async () => {
    const libc = await requireLibc('this test needs');
    const { master, path } = openPty(libc);
    expect(libc.poll(master)).toEqual({ readable: false, hungUp: false });
    const slave = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
    const termios = libc.tcgetattr(slave);
    if (!termios) throw new Error('no termios');
    // CBAUD of <asm-generic/termbits.h>: none of it is B0.
    const words = new Uint32Array(termios.raw.buffer, termios.raw.byteOffset, 4);
    words[2] = (termios.controlFlags & ~0x100f) >>> 0;
    expect(libc.tcsetattr(slave, termios.raw).errno).toBeNull();
    expect((libc.tcgetattr(master)?.controlFlags ?? 1) & 0x100f).toBe(0);
    closeSync(slave);
    expect(libc.poll(master)).toEqual({ readable: false, hungUp: true });
    libc.close(master);
  });

  test('a watch calls while there is something to read, and not while paused', async () => {
    const libc = await requireLibc('this test needs');
    const { master, path } = openPty(libc);
    const slave = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
    let events = 0;
    const watch = libc.watchReadable(master, () => {
      events++;
      watch.pause();
    });
    const { writeSync } = await import('node:fs');
    writeSync(slave, 'x');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(events).toBe(0);
    watch.resume();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(events).toBe(1);
    watch.resume();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(events).toBe(2);
    watch.close();
    closeSync(slave);
    libc.close(master);
  });
});
