import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { assertCivil, documentOf, hasVirtualModems, Lab, type Ran } from '../support/cli.ts';

const ERROR_AND_EXIT = /^error: stdout cannot be written: ENOSPC.+ \[HELPER\]\nMake room .+\n$/m;

const hasBash = spawnSync('bash', ['-c', 'true']).status === 0;

describe.skipIf(!hasVirtualModems || !hasBash)('streams', () => {
  const lab = new Lab();
  afterAll(() => lab.close());

  /** Runs it in bash, for pipes and redirections; the exit codes of a pipe's parts come last, in brackets. */
  const shell = async (line: string): Promise<Ran & { codes: string }> => {
    const env = { MODEMCTL_DEVICE: (await lab.plugInOne()).name };
    const ran = await lab.paste(`exec bash -c '${line}; echo "[\${PIPESTATUS[*]}]"'`, env);
    assertCivil(ran);
    return { ...ran, codes: /\[([\d ]+)\]\n$/.exec(ran.stdout)?.[1] ?? '' };
  };

  describe('a reader that has enough ends us silently', () => {
    it.concurrent.each([
      ['of a long answer', 'yes ATI3 | head -200 | modemctl -q at -  | head -1'],
      ['that never read', 'modemctl detect | true'],
      ['of a document', 'modemctl detect --json | true'],
      ['of help', 'modemctl help | true'],
      ['of --help', 'modemctl --help | true'],
      ['of both streams', 'modemctl -v at ATI3 2>&1 | true'],
    ])('%s', async (_what, line) => {
      const { stderr, codes } = await shell(line);
      expect(stderr).toBe('');
      // 141: by SIGPIPE, as anybody else; 0: all was in the pipe before it was closed.
      expect(codes).toMatch(/(^| )(141|0) 0$/);
    });

    it.concurrent('but not a failure, whose exit code stands', async () => {
      expect((await shell('modemctl nonsense | true')).codes).toBe('2 0');
    });
  });

  it.concurrent('a document longer than a pipe holds comes whole, however slow its reader is', async () => {
    const long = `AT${'I4'.repeat(20)}`;
    const { name } = await lab.plugInOne();
    const ran = await lab.paste(`modemctl -q --json -d ${name} at ${`${long} `.repeat(6)} | (sleep 4; cat)`);
    expect(ran.stdout.length).toBeGreaterThan(80_000);
    expect(documentOf(ran).commands).toHaveLength(6);
  });

  it.concurrent.each([
    ['information text', 'modemctl at ATI3'],
    ['a list', 'modemctl detect'],
    ['a document', 'modemctl detect --json'],
    ['help', 'modemctl help'],
    ['--help', 'modemctl --help'],
    ['--version', 'modemctl --version'],
  ])('%s that the disk has no room for is an error', async (_what, line) => {
    const { stderr, codes } = await shell(`${line} > /dev/full`);
    expect(codes).toBe('8');
    expect(stderr).toMatch(ERROR_AND_EXIT);
  });

  it.concurrent.each([
    ['stdin', 'modemctl at ATI3 <&-', 0],
    ['stdin, though commands should come from there', 'modemctl at - <&-', 2],
    ['stdout', 'modemctl at ATI3 >&-', 0],
    ['stderr', 'modemctl at ATI3 2>&-', 0],
    ['all three', 'modemctl at ATI3 <&- >&- 2>&-', 0],
  ])('closed %s is no reason to fall', async (_which, line, code) => {
    expect((await shell(line)).codes).toBe(String(code));
  });

  it.concurrent('stdin may be a folder: it has no commands', async () => {
    expect((await shell('modemctl at - < /')).codes).toBe('2');
  });

  it.concurrent('a script that never ends is waited for, and left on a signal', async () => {
    const running = lab.start(['at', '-', '--json'], { stdio: ['pipe', 'pipe', 'pipe'] });
    running.child.stdin?.write('ATI3\n');
    await running.listens();
    running.kill('SIGINT');
    const ran = await lab.end(running);
    expect(ran.signal).toBe('SIGINT');
    expect(documentOf(ran).error?.code).toBe('SIGINT');
    running.child.stdin?.destroy();
  });

  it.concurrent.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s ends a command by the signal itself',
    async (signal) => {
      const modem = await lab.plugInOne();
      modem.misbehave('silent');
      const running = lab.start(['-d', modem.name, '-v', '--json', 'at', 'ATI3', '--timeout', '30s']);
      await running.says('> ATE1V1Q0');
      running.kill(signal);
      const ran = await lab.end(running);
      expect(ran).toMatchObject({ code: null, signal });
      expect(documentOf(ran)).toMatchObject({
        commands: [{ command: 'ATI3', result: null }],
        error: { code: signal, message: `ended by ${signal}` },
      });
    },
  );

  it.concurrent('a file takes all as well', async () => {
    const out = openSync(`${lab.folder}/out`, 'w');
    const child = spawn(process.execPath, ['bin/modemctl.js', 'detect', '--json'], {
      env: lab.env,
      stdio: ['ignore', out, 'ignore'],
    });
    await new Promise((resolve) => child.on('close', resolve));
    closeSync(out);
    expect((await lab.paste('cat out')).stdout).toMatch(/^\{"schemaVersion":1,.+\}\n$/);
  });
});
