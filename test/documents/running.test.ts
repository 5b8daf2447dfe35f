/**
 * What the documentation says to type, typed: each line of a block marked `sh`, by a shell with an empty HOME, against virtual modems on PTYs. A line ends with 0 unless its comment says `exit 3`; one whose comment says `until Ctrl-C`
 * goes on while the rest of its block runs. README.md has test/newcomer. Blocks marked `console` are not run here: not-run.ts says why, and where else.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blocksToRun, expectationOf } from '../newcomer/blocks.js';
import { assertCivil, hasVirtualModems, Lab, Running } from '../support/cli.ts';
import { NOT_RUN } from './not-run.ts';
import { PAGES } from './pages.ts';

const LINE_LIMIT_MS = 60_000;

/** The newcomer follows it. */
const pages = PAGES.filter(({ path }) => path !== 'README.md');

describe.skipIf(!hasVirtualModems)('what the documentation says to type', { timeout: 120_000 }, () => {
  const blocks = pages.flatMap(({ path, text }) => blocksToRun(text).map((block) => ({ path, ...block })));
  it.concurrent.each(blocks)('$path: $heading: $lines.0', async ({ lines }) => {
    const lab = new Lab();
    const reader = new Reader(lab);
    try {
      if (!lines.some((line) => line.startsWith('modemctl virtual'))) await lab.plugIn();
      for (const line of lines) await reader.type(line);
    } finally {
      await reader.leave();
      await lab.close();
    }
  });
});

it('every block that is not run is named, with what keeps it from being run', () => {
  const found = PAGES.flatMap(({ path, blocks }) =>
    blocks.filter(({ language }) => language === 'console').map(({ heading }) => `${path}: ${heading}`),
  );
  expect([...new Set(found)].sort()).toEqual(NOT_RUN.map(({ page, heading }) => `${page}: ${heading}`).sort());
  expect(NOT_RUN.flatMap(({ seenBy }) => seenBy).filter((path) => !existsSync(path))).toEqual([]);
});

it('no block says to type something without being marked sh or console', () => {
  const others = PAGES.flatMap(({ path, blocks }) =>
    blocks
      .filter(({ language, text }) => !['sh', 'console'].includes(language) && /^\w*\$ \w/m.test(text))
      .map(({ text }) => `${path}: ${text}`),
  );
  expect(others).toEqual([]);
});

/** Somebody at a shell. */
class Reader {
  readonly #lab: Lab;
  readonly #folder: string;
  readonly #goingOn: Running[] = [];

  constructor(lab: Lab) {
    this.#lab = lab;
    this.#folder = join(lab.folder, 'home');
    mkdirSync(this.#folder);
  }

  async type(line: string): Promise<void> {
    // Faster modems than the program's own, and as many.
    const models = /^modemctl virtual --model ([\w,]+) /.exec(line)?.[1]?.split(',');
    if (models) return this.#lab.plugIn({ models });
    const { exit, goesOn } = expectationOf(line);
    const running = this.#start(line);
    if (goesOn) {
      this.#goingOn.push(running);
      await running.says(/Ctrl-C|Waiting\./);
      return;
    }
    const limit = setTimeout(() => process.kill(-running.pid, 'SIGKILL'), LINE_LIMIT_MS);
    const ran = await running.ended;
    clearTimeout(limit);
    expect(ran.code, `$ ${line}\n${ran.stdout}${ran.stderr}`).toBe(exit);
    // stdout may be the far end's.
    assertCivil({ ...ran, stdout: '' });
  }

  #start(line: string): Running {
    // The reader's own configuration, and not this machine's.
    const configuration = join(this.#folder, '.config/modemctl/config.toml');
    const configured = existsSync(configuration) ? { MODEMCTL_CONFIG: configuration } : {};
    const env = { ...this.#lab.env, HOME: this.#folder, ...configured };
    // A group of its own, so that a signal reaches all of it, as Ctrl-C does.
    return new Running(
      spawn('bash', ['-c', line], { env, cwd: this.#folder, stdio: ['ignore', 'pipe', 'pipe'], detached: true }),
    );
  }

  /** Ctrl-C in all that goes on. */
  async leave(): Promise<void> {
    for (const running of this.#goingOn) {
      process.kill(-running.pid, 'SIGINT');
      await running.ended;
    }
  }
}
