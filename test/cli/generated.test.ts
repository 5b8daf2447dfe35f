import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands/index.ts';
import { completionScript } from '../../src/cli/completion.ts';
import { manPage } from '../../src/cli/man.ts';
import { pasteable } from '../../src/cli/self.ts';
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
  expect(complete('modemctl', 'reset', '--method', '')).toBe('at escape dtr usb');
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

it('a remedy works when pasted: the bare name only where the PATH leads to it', () => {
  const text = 'Bring it back: modemctl reset -d 1-1';
  expect(pasteable(text, { PATH: '/nowhere' })).toMatch(/: \S*node\S* \S+\/bin\/modemctl\.js reset -d 1-1$/);
  expect(pasteable('To try modemctl without one', { PATH: '/nowhere' })).toBe('To try modemctl without one');
  for (const { name } of COMMANDS) {
    expect(pasteable(`modemctl ${name}`, { PATH: '/nowhere' })).not.toMatch(/^modemctl/);
  }
});

it('"hiro" finds the one that works and the one that never will, and no Shiro', () => {
  expect(findModels('hiro').map(({ model }) => model)).toEqual([
    expect.stringContaining('H50228'),
    expect.stringContaining('H50113'),
  ]);
  expect(findModels().length).toBeGreaterThanOrEqual(83);
});
