import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands/index.ts';
import { completionScript } from '../../src/cli/completion.ts';
import { manPage } from '../../src/cli/man.ts';
import { pasteable, whatToType } from '../../src/cli/self.ts';
import { findModels } from '../../src/usb/catalogue/verdict.ts';

it('bash completes commands, options and values', () => {
  const folder = mkdtempSync(join(tmpdir(), 'modemctl-'));
  const script = join(folder, 'completion');
  writeFileSync(script, completionScript('bash', COMMANDS));
  const complete = (...words: string[]) =>
    execFileSync('bash', [
      '-c',
      `source ${script}; COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _modemctl; echo "\${COMPREPLY[@]}"`,
      'bash',
      ...words,
    ])
      .toString()
      .trim();
  expect(complete('modemctl', 'res')).toBe('reset');
  expect(complete('modemctl', 'reset', '--meth')).toBe('--method');
  expect(complete('modemctl', 'reset', '--method', '')).toBe('at escape dtr usb power');
  expect(complete('modemctl', '-d', 'usr', 'hang')).toBe('hangup');
});

it('every command and option is in completion, man page and help data', () => {
  const man = manPage(COMMANDS, '1').replaceAll('\\-', '-');
  for (const shell of ['bash', 'zsh', 'fish'] as const) {
    const script = completionScript(shell, COMMANDS);
    for (const { name, options = [] } of COMMANDS) {
      expect(script).toContain(name);
      for (const { flags } of options) {
        const long = /--([a-z-]+)/.exec(flags)?.[1] ?? '?';
        expect(script).toContain(long);
        expect(man).toContain(`--${long}`);
      }
    }
  }
});

it('a remedy works when pasted', () => {
  // sudo's PATH never leads to a checkout.
  expect(pasteable('As root: sudo modemctl reset -d 1-1')).toMatch(
    /: sudo (\S*node )?\S+\/bin\/modemctl\.js reset -d 1-1$/,
  );
  expect(pasteable('Bring it back: modemctl reset -d 1-1')).toBe('Bring it back: modemctl reset -d 1-1');
  expect(whatToType('Bring it back: modemctl reset', { PATH: '/nowhere' })).toMatch(/node \S+\/bin\/modemctl\.js\)$/);
  expect(whatToType('sudo modemctl setup', { PATH: '/nowhere' })).toBeNull();
  expect(whatToType('kill 12', { PATH: '/nowhere' })).toBeNull();
});

it('"hiro" finds the one that works and the one that never will, and no Shiro', () => {
  expect(findModels(['hiro']).map(({ model }) => model)).toEqual([
    expect.stringContaining('H50228'),
    expect.stringContaining('H50113'),
  ]);
  expect(findModels().length).toBeGreaterThanOrEqual(83);
});
