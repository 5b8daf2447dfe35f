import { closeSync, constants, openSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import * as libc from '../../src/native/libc.ts';
import { unsentBytes } from '../../src/tty/unsent.ts';
import { openPty } from '../support/pty.ts';

// That bytes wait shows on a USB modem only: test/kernel/cases/16-health.ts.
it.each([['with koffi'], ['without']])('asks the kernel, %s', async (how) => {
  const loading = vi.spyOn(libc, 'loadLibc');
  if (how === 'without') loading.mockResolvedValue(null);
  const pty = await openPty();
  const fd = openSync(pty.path, constants.O_RDWR | constants.O_NOCTTY);
  const file = openSync('/dev/null', constants.O_RDWR);
  try {
    expect(await unsentBytes(fd, systemClock)).toBe(0);
    expect(await unsentBytes(file, systemClock), 'no tty').toBeNull();
    expect(loading).toHaveBeenCalledTimes(2);
  } finally {
    closeSync(fd);
    closeSync(file);
    pty.close();
    vi.restoreAllMocks();
  }
});
