import { constants } from 'node:os';
import { afterAll, describe, expect, it } from 'vitest';
import { documentOf, hasVirtualModems, Lab, type Running } from '../support/cli.ts';

/** What was going on: the command, how its modem misbehaves, and how one sees that it is so far. */
interface Stage {
  readonly args: readonly string[];
  readonly misbehaviour?: string;
  readonly reached: (running: Running) => Promise<void>;
}

const listening = (running: Running) => running.listens();
const said = (text: string) => (running: Running) => running.says(text);

const STAGES: Readonly<Record<string, Stage>> = {
  'starting, the port not open yet': { args: ['at', 'ATI3'], misbehaviour: 'silent', reached: listening },
  'agreeing with a modem that is silent': {
    args: ['-v', 'at', 'ATI3', '--timeout', '30s'],
    misbehaviour: 'silent',
    reached: said('> ATE1V1Q0'),
  },
  'a command in flight': {
    args: ['-v', 'at', 'ATI3', 'ATI3', '--timeout', '30s'],
    misbehaviour: 'silent=2',
    reached: said('> ATI3'),
  },
  'a call being dialled': { args: ['-v', 'at', 'ATDT5550196'], reached: said('> ATDT') },
  'info in the middle': { args: ['-v', 'info'], reached: said('> AT+GMI') },
  'init in the middle': { args: ['-v', 'init'], reached: said('> ATS0=0') },
  'hanging up': { args: ['-v', 'hangup'], misbehaviour: 'silent', reached: said('> ') },
  'a reset at its first step': { args: ['-v', 'reset'], misbehaviour: 'silent', reached: said('> AT') },
  'a reset at its second step': { args: ['-v', 'reset'], misbehaviour: 'silent', reached: said('at      silent') },
  'a reset that pulls the plug': { args: ['reset', '--method', 'usb'], misbehaviour: 'silent', reached: listening },
  'waiting for a modem': { args: ['detect', '9-9', '--wait', '60s'], reached: listening },
  'virtual modems at work': { args: ['virtual', '--model', 'hiro'], reached: said('hiro') },
  'virtual modems about to start': { args: ['virtual', '--model', 'hiro'], reached: listening },
  'the demo before its first scene': { args: ['demo'], reached: listening },
};

const COMMON = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

describe.skipIf(!hasVirtualModems)('a signal', () => {
  const lab = new Lab();
  afterAll(() => lab.close());

  const cases = Object.keys(STAGES).flatMap((stage) =>
    (stage === 'a call being dialled' ? ([...COMMON, 'SIGQUIT', 'SIGUSR1'] as const) : COMMON).map((signal) => ({
      stage,
      signal,
    })),
  );

  it.concurrent.each(cases)('$signal while $stage: ended by it, in order, and told', async ({ stage, signal }) => {
    const { args, misbehaviour, reached } = STAGES[stage]!;
    const modem = await lab.plugInOne();
    if (misbehaviour) modem.misbehave(misbehaviour);
    const own = args[0] === 'virtual' || args[1] === '9-9' ? [] : ['-d', modem.name];
    const running = lab.start([...own, ...args, '--json']);
    await reached(running);
    const asked = performance.now();
    running.kill(signal);
    const ran = await lab.end(running);
    expect(performance.now() - asked).toBeLessThan(6000);
    // What was done before the signal came may have been all there was to do.
    if (ran.signal === null && ran.code !== 128 + constants.signals[signal]) expect(ran.code).toBe(0);
    else expect(ran.signal).toBe(signal);
    // Virtual modems have printed their document when they began.
    if (ran.signal && args[0] !== 'virtual') expect(documentOf(ran).error).toMatchObject({ code: signal });
    expect(ran.stderr).not.toMatch(/^error/m);
    modem.misbehave(null);
    await modem.perform({ do: 'power-cycle' });
    expect(await lab.run(['-d', modem.name, 'at', 'ATI3'])).toMatchObject({ code: 0 });
  });
});
