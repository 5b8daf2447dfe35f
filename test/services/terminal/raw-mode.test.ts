import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { RawMode } from '../../../src/services/terminal/raw-mode.ts';

let folder: string;
const { PATH } = process.env;

/** A program `stty` in front of the real one; what it was asked for is in the file `asked`. */
function standIn(lines: string): void {
  const path = join(folder, 'stty');
  writeFileSync(
    path,
    `#!/bin/sh\n[ "$1" = -g ] && { echo as-it-was; exit; }\necho "$1" >> ${folder}/asked\n${lines}\n`,
  );
  chmodSync(path, 0o755);
  process.env.PATH = `${folder}:${PATH}`;
}

const asked = () => readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mctl-stty-'));
});
afterEach(() => {
  process.env.PATH = PATH;
  rmSync(folder, { recursive: true });
});

it('a terminal that could not be had in the background is had in the foreground', async () => {
  standIn(`[ -e ${folder}/again ] || { : > ${folder}/again; exec sleep 60; }`);
  const mode = await RawMode.enter(systemClock, 0);
  await mode.leave();
  expect(asked()).toEqual(['raw', 'raw', 'as-it-was']);
});

it('where it does not become raw it is put back', async () => {
  standIn('[ "$1" = as-it-was ]');
  await expect(RawMode.enter(systemClock, 0)).rejects.toMatchObject({ code: 'HELPER' });
  expect(asked()).toEqual(['raw', 'raw', 'as-it-was']);
});
