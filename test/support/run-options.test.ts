import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** Ends before a run begins, so that nothing must be built. */
function run(name: 'fuzz' | 'soak', ...options: string[]) {
  return spawnSync(process.execPath, [`test/${name}/run.js`, ...options], { encoding: 'utf8' });
}

describe.each(['fuzz', 'soak'] as const)('the command line of %s', (name) => {
  it('has help', () => {
    const { status, stdout, stderr } = run(name, '--help');
    expect(stdout).toMatch(new RegExp(`^Usage: npm run ${name} -- .*--seed`));
    expect([status, stderr]).toEqual([0, '']);
  });

  it.each([
    [['--nonsense'], 'Unknown option "--nonsense"'],
    [['--minutes'], '"--minutes <value>" argument missing'],
    [['now'], 'Unexpected argument "now"'],
    [['--minutes', 'ten'], '--minutes'],
    [['--minutes', '1e400'], '--minutes'],
    [['--minutes', ''], '--minutes'],
  ])('refuses %j in a sentence', (options, said) => {
    const { status, stdout, stderr } = run(name, ...options);
    const [sentence, usage, ...rest] = stderr.split('\n');
    expect(sentence).toContain(`error: `);
    expect(sentence).toContain(said);
    expect(usage).toMatch(/^Usage: /);
    expect([status, stdout, rest]).toEqual([2, '', ['']]);
  });
});
