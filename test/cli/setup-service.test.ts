import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { documentOf, hasVirtualModems, Lab } from '../support/cli.ts';

const lab = new Lab();
afterAll(() => lab.close());
writeFileSync(join(lab.folder, 'session.sh'), '#!/bin/sh\n');
chmodSync(join(lab.folder, 'session.sh'), 0o755);

/** As somebody who called sudo. */
const env = { SUDO_USER: 'daemon' };
const dryRun = (...words: string[]) => lab.run(['setup', ...words, '--dry-run'], { env });

it('a dry run prints the unit, with whom it runs as and full paths', async () => {
  const { code, stdout } = await dryRun('answer', '-d', '1-1.2', '--exec', './session.sh 50% $x', '--rings', '3');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^write \/etc\/systemd\/system\/modemctl-answer@1-1\.2\.service$/m);
  expect(stdout).toMatch(
    new RegExp(
      `^ExecStart=\\S.* answer --device 1-1\\.2 --await --exec "${lab.folder}/session\\.sh 50%% \\$\\$x" --rings 3$`,
      'm',
    ),
  );
  expect(stdout).toMatch(/^User=daemon$/m);
  expect(stdout).toMatch(new RegExp(`^WorkingDirectory=-${lab.folder}$`, 'm'));
  expect(stdout).toMatch(/^systemctl enable modemctl-answer@1-1\.2\.service$/m);
  expect(stdout).not.toContain('PrivateTmp');
  expect(stdout).not.toContain('ATTRS{');
});

it.each([
  ['watch', [], ['ProtectSystem=strict', 'User=daemon']],
  ['answer', ['--login', '1-1'], ['After=systemd-user-sessions.service']],
  ['watch', ['--exec', './session.sh', '--run-as', 'root'], ['ProtectSystem=full']],
])('setup %s %j has its own sandbox', async (command, words, lines) => {
  const { code, stdout } = await dryRun(command, ...words);
  expect(code).toBe(0);
  for (const line of lines) expect(stdout.split('\n')).toContain(line);
});

it.each([
  [['answer', '--exec', 'cat', '--rings', '0'], '--rings is 1 to 100'],
  [['answer', '--exec', 'cat', '--bogus'], 'unknown option "--bogus"'],
  [['answer', '--exec', 'cat', '--suspect-after', '0'], '--suspect-after is at least 1'],
  [['answer', '--exec', 'cat', '--login'], 'a call can be given to one taker only'],
  [['answer', '--exec', 'cat', '--once'], '--once ends after one call'],
  [['answer'], 'nobody is at the stdin and stdout of a service'],
  [['answer', '-d', '-', '--exec', 'cat'], 'no modem on its stdin and stdout'],
  [['answer', '--login', '--run-as', 'daemon'], 'need root'],
  [['answer', '--exec', 'cat', '--run-as', 'nobody-knows-him'], 'there is no user'],
  [['watch', '--exec', './nowhere.sh'], 'is not there'],
  [['watch', '--check-every', '1ms'], '--check-every is at least 1s'],
])('setup %j is refused now, not at boot', async (words, why) => {
  const ran = await dryRun(...words);
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain(why);
  expect(ran.stdout).toBe('');
});

it('who it runs as has to be said where nobody called sudo', async () => {
  const { code, stderr } = await lab.run(['setup', 'watch', '--dry-run'], { env: { SUDO_USER: '', USER: 'root' } });
  expect(code).toBe(2);
  expect(stderr).toMatch(/--run-as USER/);
});

it('what is not there cannot be removed', async () => {
  const ran = await lab.run(['setup', 'watch', '--remove', '--json', '-n']);
  expect(documentOf(ran).error).toMatchObject({ code: 'USAGE', message: 'there is no service of modemctl watch' });
});

describe.skipIf(!hasVirtualModems)('a virtual modem', () => {
  it('is not there at boot, so there is no service for it', async () => {
    await lab.plugIn();
    const { code, stderr } = await dryRun('answer', '-d', 'usr5637', '--exec', 'cat');
    expect(code).toBe(2);
    expect(stderr).toContain('virtual modem');
  });
});

it('its help is of both words', async () => {
  const { stdout } = await lab.run(['setup', 'answer', '--help']);
  expect(stdout).toMatch(/^modemctl setup answer: /);
  expect(stdout).toContain('--run-as <user>');
});
