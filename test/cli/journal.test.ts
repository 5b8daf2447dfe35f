import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { withPriority } from '../../src/cli/journal.ts';
import { Lab } from '../support/cli.ts';

const lab = new Lab();
afterAll(() => lab.close());

/** What is on stderr, and whether that is the journal's stream is as `claim` says. */
async function saidTo(claim: (stream: string) => string): Promise<string> {
  const path = join(lab.folder, 'stream');
  const fd = openSync(path, 'w');
  const { dev, ino } = fstatSync(fd);
  const env = { JOURNAL_STREAM: claim(`${dev}:${ino}`) };
  await lab.start(['at', '--bogus'], { env, stdio: ['ignore', 'ignore', fd] }).ended;
  closeSync(fd);
  return readFileSync(path, 'utf8');
}

describe('what is said to the journal', () => {
  it('has a priority, each line of it', async () => {
    expect(await saidTo((stream) => stream)).toBe(
      '<3>error: unknown option "--bogus". [USAGE]\n<3>See: modemctl at --help\n',
    );
    expect(await saidTo(() => '1:2')).toBe('error: unknown option "--bogus". [USAGE]\nSee: modemctl at --help\n');
  });

  it.each([
    ['note: it went away', '<4>note: it went away'],
    ['error: a\nb', '<3>error: a\n<3>b'],
    ['ring 1', 'ring 1'],
    ['', ''],
  ])('%j is %j', (text, told) => {
    expect(withPriority(text)).toBe(told);
  });
});
