import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SUBSCRIBERS } from '../../src/virtual/exchange/subscribers.ts';
import type { VirtualModem } from '../../src/virtual/virtual-modem.ts';
import { documentOf, hasVirtualModems, Lab, lockFilesOf, type Ran, type Running } from '../support/cli.ts';
import { until } from '../virtual/support/wait.ts';

/** Plays pppd where there is no PPP: what it says and how it ends is the test's, everything else as the real one does it. The kernel test has the real one. */
const FAKE_PPPD = `#!/bin/sh
case " $* " in *" dryrun "*) eval "$DRY_RUN"; exit 0 ;; esac
echo "$$ $*" >>"$RUNS"
exec 4<>"$1"
echo "Using interface ppp0"
echo "Connect: ppp0 <--> $1"
eval "$RUN"
`;
const UP = 'echo "local  IP address 10.64.0.2"; echo "remote IP address 10.64.0.1";';
const DOWN =
  'echo "Connect time 0.1 minutes."; echo "Sent 84 bytes, received 168 bytes."; echo "Connection terminated.";';

interface Scene {
  readonly modem: VirtualModem;
  /** @param run what pppd does, in shell */
  dial(run: string, args?: readonly string[], dryRun?: string): Promise<Ran>;
  start(run: string, args?: readonly string[]): Running;
  /** Pid and arguments of each pppd that had the call. */
  runs(): string[];
}

describe.skipIf(!hasVirtualModems)('dial --ppp', () => {
  const lab = new Lab();
  const bin = join(lab.folder, 'fake');
  mkdirSync(bin);
  writeFileSync(join(bin, 'pppd'), FAKE_PPPD);
  writeFileSync(join(bin, 'modprobe'), '#!/bin/sh\nexit 0\n');
  for (const name of ['pppd', 'modprobe']) chmodSync(join(bin, name), 0o755);
  afterAll(() => lab.close());

  const play = async (test: (scene: Scene) => Promise<void>) => {
    const modem = await lab.plugInOne();
    const file = join(lab.folder, `${modem.name}.runs`);
    writeFileSync(file, '');
    const env = (run: string, dryRun = '') => ({
      PATH: `${bin}:${lab.env.PATH}`,
      RUNS: file,
      RUN: run,
      DRY_RUN: dryRun,
    });
    const line = (args: readonly string[]) => ['-d', modem.name, 'dial', '--ppp', SUBSCRIBERS.sink, ...args];
    await test({
      modem,
      dial: (run, args = [], dryRun = '') => lab.run(line(args), { env: env(run, dryRun) }),
      start: (run, args = []) => lab.start(line(args), { env: env(run) }),
      runs: () => readFileSync(file, 'utf8').split('\n').filter(Boolean),
    });
    await until('the line is free', () => {
      const { mode, offHook, dtr } = modem.dce!.state;
      return mode === 'command' && !offHook && !dtr;
    });
  };

  it.concurrent('tells when the link is up and why it went, and reports it', () =>
    play(async ({ dial, runs }) => {
      const ran = await dial(`${UP} echo "LCP terminated by peer"; ${DOWN}`, [
        '--json',
        '--user',
        'pi',
        '--',
        'mru',
        '576',
      ]);
      expect(ran.code).toBe(0);
      expect(ran.stderr).toContain('PPP up: 10.64.0.2 <-> 10.64.0.1 on ppp0\n');
      expect(ran.stderr).toContain('PPP down: the far end ended PPP: 168 bytes received, 84 sent\n');
      expect(ran.stderr).toMatch(/line is on-hook, the modem is ready\n$/);
      expect(documentOf(ran)).toMatchObject({
        connected: true,
        endedBy: 'farEnd',
        onHook: true,
        ppp: {
          interface: 'ppp0',
          localAddress: '10.64.0.2',
          remoteAddress: '10.64.0.1',
          reason: 'the far end ended PPP',
          bytesSent: 84,
          bytesReceived: 168,
          pppdExit: 0,
        },
      });
      expect(runs()).toHaveLength(1);
      expect(runs()[0]).toMatch(/^\d+ \/dev\/pts\/\d+ nodetach lock .* user pi mru 576$/);
    }));

  it.concurrent.each([
    [12, 0, null],
    [16, 21, 'CUT_OFF'],
    [19, 22, 'SCRIPT_FAILED'],
    [10, 22, 'SCRIPT_FAILED'],
  ])('pppd ends with %d: we with %d', (pppdExit, code, error) =>
    play(async ({ dial }) => {
      const ran = await dial(`echo "what it said"; exit ${pppdExit}`, ['--json']);
      expect(ran.code).toBe(code);
      expect(documentOf(ran)).toMatchObject({ onHook: true, ppp: { up: false, pppdExit } });
      expect(documentOf(ran).error?.code ?? null).toBe(error);
      if (code === 22) expect(documentOf(ran).error?.hint).toContain('pppd said: what it said');
    }),
  );

  it.concurrent('a far end that refuses our name and then hangs up: 22, and says why', () =>
    play(async ({ dial }) => {
      const ran = await dial('echo "CHAP authentication failed"; echo "Modem hangup"; exit 16', ['--json']);
      expect(ran.code).toBe(22);
      expect(documentOf(ran).error).toMatchObject({ message: 'the far end refused our name or secret' });
      expect(documentOf(ran).error?.hint).toContain('pppd said: CHAP authentication failed');
    }));

  it.concurrent('a far end that ends PPP and then hangs up was done: 0', () =>
    play(async ({ dial }) => {
      const ran = await dial(`${UP} echo "LCP terminated by peer"; echo "Modem hangup"; exit 16`, ['--json']);
      expect([ran.code, documentOf(ran).endedBy]).toEqual([0, 'farEnd']);
    }));

  it.concurrent('a pppd that has the lock file in its name, and is killed: 22', () =>
    play(async ({ start, runs }) => {
      const running = start(`${UP} exec sleep 60`);
      await running.says('PPP up');
      const pid = Number(runs()[0]?.split(' ')[0]);
      expect(lockFilesOf(pid)).toHaveLength(1);
      process.kill(pid, 'SIGKILL');
      const ran = await lab.end(running);
      expect(ran.code).toBe(22);
      expect(ran.stderr).toContain('pppd was ended by SIGKILL');
    }));

  it.concurrent(
    'a pppd that says that it ends, and does not, is ended within 20 s',
    () =>
      play(async ({ dial }) => {
        const ran = await dial(`trap "" TERM INT; ${UP} echo "Connection terminated."; while :; do sleep 1; done`);
        expect(ran.code).toBe(22);
        expect(ran.stderr).toContain('did not come to its end');
        expect(ran.stderr).toContain('line is on-hook, the modem is ready');
        expect(ran.elapsedMs).toBeLessThan(25_000);
      }),
    40_000,
  );

  it.concurrent('Ctrl-C ends pppd and the call', () =>
    play(async ({ start }) => {
      const running = start(`${UP} trap 'echo "Terminating on signal 15"; exit 5' TERM; while :; do sleep 0.1; done`);
      await running.says('PPP up');
      running.kill('SIGINT');
      const ran = await lab.end(running);
      expect(ran.signal).toBe('SIGINT');
      expect(ran.stderr).toContain('PPP down: pppd was asked to end');
      expect(ran.stderr).toMatch(/line is on-hook, the modem is ready\n$/);
    }));

  it.concurrent('when we are killed, pppd ends too', () =>
    play(async ({ start, runs }) => {
      const running = start(`${UP} exec sleep 60`);
      await running.says('PPP up');
      const pid = Number(runs()[0]?.split(' ')[0]);
      running.kill('SIGKILL');
      await running.ended;
      await until('pppd is gone', () => {
        try {
          process.kill(pid, 0);
          return false;
        } catch {
          return true;
        }
      });
    }));

  it.concurrent('answer --ppp: addresses for the caller, who has to authenticate himself; the next call is waited for', async () => {
    await lab.plugIn({ models: ['usr5637', 'tfm561u'], names: ['provider', 'customer'] });
    const file = join(lab.folder, 'provider.runs');
    writeFileSync(file, '');
    const env = { PATH: `${bin}:${lab.env.PATH}`, RUNS: file, RUN: `${UP} ${DOWN}`, DRY_RUN: '' };
    const options = ['--dns', '9.9.9.9', '--idle', '90s', '--', 'debug'];
    const answering = lab.start(['answer', '-d', 'provider', '--ppp', ...options], { env });
    const { number } = lab.modem('provider');
    for (const calls of [1, 2]) {
      await until('it waits', () => answering.stderr.split('Waiting.').length > calls, 60_000);
      await lab.run(['dial', '-d', 'customer', '--wait', '255s', number!]);
    }
    await until('it waits', () => answering.stderr.split('Waiting.').length > 3, 60_000);
    answering.kill('SIGINT');
    const ran = await lab.end(answering);
    expect(ran.stderr.match(/PPP up/g)).toHaveLength(2);
    const runs = readFileSync(file, 'utf8').trim().split('\n');
    expect(runs).toHaveLength(2);
    for (const run of runs)
      expect(run).toMatch(/ 10\.64\.0\.1:10\.64\.0\.2 nodefaultroute auth ms-dns 9\.9\.9\.9 idle 90 debug$/);
  }, 120_000);

  describe('is refused before anything is dialled', () => {
    it.concurrent.each([
      ['no PPP in the kernel', 'exit 4', 8, 'sudo modprobe ppp_async'],
      ['pppd is not root', 'echo "must be root"; exit 3', 4, 'sudo'],
      [
        'an option that pppd does not know',
        `echo "pppd: unrecognized option 'x'" >&2; exit 2`,
        2,
        "unrecognized option 'x'",
      ],
      ['a pppd that is broken', 'exit 42', 8, '42'],
    ])('%s', (_what, dryRun, code, said) =>
      play(async ({ dial, runs, modem }) => {
        const ran = await dial('', [], dryRun);
        expect(ran).toMatchObject({ code, stdout: '' });
        expect(ran.stderr).toContain(said);
        expect(ran.stderr).not.toContain('on-hook');
        expect(runs()).toEqual([]);
        expect(modem.dce!.state.offHook).toBe(false);
      }),
    );

    it.concurrent.each([
      [['--ip', '10.0.0.1'], 'LOCAL:REMOTE'],
      [['--dns', 'x'], 'IPv4'],
    ])('%s', (args, said) =>
      play(async ({ dial }) => {
        const ran = await dial('', args);
        expect(ran.code).toBe(2);
        expect(ran.stderr).toContain(said);
      }),
    );

    it.concurrent('options of a link where there is none', async () => {
      for (const option of [['--share'], ['--user', 'pi'], ['--ip', ':'], ['--default-route']]) {
        expect(await lab.run(['dial', ...option, SUBSCRIBERS.sink])).toMatchObject({ code: 2, stdout: '' });
      }
    });
  });
});
