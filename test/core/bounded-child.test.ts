import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
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

describe('a group that is late', () => {
  /** Where nobody collects orphans, one that was killed stays as a zombie. */
  const stateOf = (pid: number) => {
    try {
      return /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1];
    } catch {
      return '';
    }
  };

  it('ends with all it has started; its environment is what was added to ours', async () => {
    const script = 'echo "$ADDED" >&2; sleep 321 & echo $! >&2; wait';
    const folder = mkdtempSync(join(tmpdir(), 'modemctl-child-'));
    const record = join(folder, 'pid');
    const args = ['-c', `{ ${script}; } 2>${record}`];
    const outcome = await runBounded('/bin/sh', args, { deadlineMs: 500, env: { ADDED: 'here' }, group: true });
    expect(outcome).toEqual({ kind: 'timeout' });
    const [added, pid] = readFileSync(record, 'utf8').split('\n');
    rmSync(folder, { recursive: true });
    expect(added).toBe('here');
    await vi.waitFor(() => expect(stateOf(Number(pid))).toMatch(/^[ZX]?$/));
  });
});
