import { closeSync, constants, openSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runBounded } from '../../src/core/bounded-child.ts';

describe('a descriptor lent to a child', () => {
  const flagsOf = (fd: number) => /^flags:\s*0*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1];

  it('is its number 3, and does not block us afterwards if it did not before', async () => {
    const fd = openSync('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    try {
      const before = flagsOf(fd);
      expect(before).toBeDefined();
      const outcome = await runBounded('/bin/sh', ['-c', 'readlink /proc/self/fd/3'], { deadlineMs: 5000, fd });
      expect(outcome).toMatchObject({ kind: 'exit', code: 0 });
      expect(outcome.kind === 'exit' && outcome.stdout.toString()).toMatch(/ptmx\n$/);
      expect(flagsOf(fd)).toBe(before);
    } finally {
      closeSync(fd);
    }
  });
});
