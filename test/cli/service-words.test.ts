import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands/index.ts';
import { parseCommandLine } from '../../src/cli/parse.ts';
import { serviceWords, writtenFiles } from '../../src/cli/service-words.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'modemctl-words-')));
afterAll(() => rmSync(folder, { recursive: true }));
const bin = join(folder, 'bin');
mkdirSync(bin);
for (const name of ['session.sh', 'a b.sh', 'bin/own-program']) {
  writeFileSync(join(folder, name), '#!/bin/sh\n');
  chmodSync(join(folder, name), 0o755);
}
const surroundings = { folder, env: { PATH: `${bin}:/usr/bin:/bin` } };

/** The options of a command line, as it is read by `setup answer` itself. */
function given(words: readonly string[]) {
  const parsed = parseCommandLine(['setup', 'answer', ...words], COMMANDS, {});
  if (parsed.kind !== 'run') throw new Error('it is no command');
  expect(parsed.command.name).toBe('setup answer');
  return parsed;
}

it.each([
  [
    ['--login', '--rings', '3', '--no-recover'],
    ['--login', '--rings', '3', '--no-recover'],
  ],
  [
    ['--trace', 'log/bytes', '--textfile=x.prom', '--login'],
    ['--trace', `${folder}/log/bytes`, '--textfile', `${folder}/x.prom`, '--login'],
  ],
  [
    ['--allow', '5550137,private', '--allow', '00*', '--login'],
    ['--allow', '5550137,private', '--allow', '00*', '--login'],
  ],
  [
    ['--exec', './session.sh a | tee log'],
    ['--exec', `${folder}/session.sh a | tee log`],
  ],
  [
    ['--exec', 'own-program -x'],
    ['--exec', `${bin}/own-program -x`],
  ],
  // For /bin/sh to find, wherever it is started.
  [
    ['--exec', 'cat'],
    ['--exec', 'cat'],
  ],
  [
    ['--exec', 'while read -r x; do echo "$x"; done'],
    ['--exec', 'while read -r x; do echo "$x"; done'],
  ],
  [
    ['--exec', 'A=1 ./session.sh'],
    ['--exec', 'A=1 ./session.sh'],
  ],
  [
    ['--on-failure', './a b.sh', '--login'],
    ['--on-failure', './a b.sh', '--login'],
  ],
  [
    ['--exec', './nowhere.sh'],
    ['--exec', './nowhere.sh'],
  ],
  [['--exec=-x'], ['--exec=-x']],
])('%j are written %j', (words, written) => {
  expect(serviceWords(given(words).invocation.typed ?? [], surroundings)).toEqual(written);
});

it('what is typed for the service is what the service reads', () => {
  const words = ['--ppp', '--ip', '10.0.0.1:10.0.0.2', '--max-time', '2m', '--speaker', 'off', '--deny', 'unknown'];
  const ours = given([...words, '-d', '1-1', '--', 'nodefaultroute', 'mtu', '296']).invocation;
  const passed = serviceWords(
    (ours.typed ?? []).filter(({ spec }) => !spec.flags.startsWith('-d')),
    surroundings,
  );
  const theirs = parseCommandLine(['answer', ...passed, '--', ...(ours.passedOn ?? [])], COMMANDS, {});
  if (theirs.kind !== 'run') throw new Error('it is no command');
  expect(theirs.invocation.options).toEqual(ours.options);
  expect(theirs.invocation.passedOn).toEqual(['nodefaultroute', 'mtu', '296']);
});

it('knows which files it writes', () => {
  const { invocation } = given(['--exec', './session.sh', '--trace', 'bytes', '--config', 'modems.toml']);
  expect(writtenFiles(invocation.typed ?? [], surroundings)).toEqual([`${folder}/bytes`]);
});

it.each([
  [['setup', '--dry-run', 'answer', '--login'], { dryRun: true, login: true }],
  [['-d', '1-1', 'setup', 'answer', '--remove'], { remove: true }],
  [['setup', 'answer', '-n', '1-1', '--login'], { dryRun: true, login: true }],
])('%j is read as one command', (words, options) => {
  const parsed = parseCommandLine(words, COMMANDS, {});
  expect(parsed).toMatchObject({ kind: 'run', command: { name: 'setup answer' }, invocation: { options } });
});

it('setup alone is still setup', () => {
  expect(parseCommandLine(['setup', '--remove'], COMMANDS, {})).toMatchObject({ command: { name: 'setup' } });
});
