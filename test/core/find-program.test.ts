import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findProgram } from '../../src/core/find-program.ts';

const folder = mkdtempSync(join(tmpdir(), 'mctl-find-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (path: string, mode: number) => {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), '');
  chmodSync(join(folder, path), mode);
  return join(folder, path);
};
const text = file('a/tool', 0o644);
const tool = file('b/tool', 0o755);
mkdirSync(join(folder, 'a/folder'));
const PATH = [join(folder, 'a'), join(folder, 'b')].join(':');

describe('a program', () => {
  it('is looked for along PATH; what cannot be run is passed over', () => {
    expect(findProgram('tool', { PATH })).toBe(tool);
  });

  it('is taken as it is where it has a slash', () => {
    expect(findProgram(tool, { PATH: '' })).toBe(tool);
  });

  it.each([
    ['nosuch', 'there is no program nosuch', 'Install it, or say where it is: /PATH/TO/PROGRAM'],
    ['minicom', 'there is no program minicom', 'Install it: sudo apt install minicom'],
    ['kermit', 'there is no program kermit', 'Install it: sudo apt install ckermit'],
    ['folder', 'there is no program folder', 'Install it, or say where it is: /PATH/TO/PROGRAM'],
    [text, `${text} is not executable`, `If it is a program: chmod +x ${text}`],
    [join(folder, 'a'), `there is no program ${join(folder, 'a')}`, `See what is there: ls -l ${join(folder, 'a')}`],
    ['__proto__', 'there is no program __proto__', 'Install it, or say where it is: /PATH/TO/PROGRAM'],
    ['', "there is no program ''", 'Install it, or say where it is: /PATH/TO/PROGRAM'],
  ])('%s is none: HELPER', (name, message, hint) => {
    expect(() => findProgram(name, { PATH })).toThrow(expect.objectContaining({ code: 'HELPER', message, hint }));
  });

  it('is nowhere without PATH', () => {
    expect(() => findProgram('tool', {})).toThrow(expect.objectContaining({ code: 'HELPER' }));
  });
});
