import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { MOST_AN_HOUR } from '../../src/usb/power/power-log.ts';
import type { VirtualModem } from '../../src/virtual/virtual-modem.ts';
import { type Document, documentOf, hasVirtualModems, Lab } from '../support/cli.ts';

const lab = new Lab();
afterAll(() => lab.close());

const outcomes = ({ steps }: Document) =>
  (steps as { step: string; outcome: string }[]).map(({ step, outcome }) => `${step}: ${outcome}`);
const reset = (modem: VirtualModem, ...args: string[]) => lab.run(['reset', '-d', modem.name, ...args, '--json']);
const eventsOf = (modem: VirtualModem) => modem.dce!.state.log.map(({ event }) => event);

/** A line of shell that writes down what it is told, and has the virtual modem's power switched. */
function relay(modem: VirtualModem, more = ''): { command: string; told: () => string } {
  const record = join(lab.folder, `${modem.name}.relay`);
  writeFileSync(record, '');
  const plug = `node -e 'const s=require("node:net").connect(process.argv[1],()=>s.write(process.argv[2]+"\\n"));s.once("data",()=>s.end())'`;
  const request = `'{"do":"'$(if [ $MODEMCTL_POWER = on ]; then echo plug; else echo unplug; fi)'"}'`;
  return {
    command: `echo "$MODEMCTL_MODEM $MODEMCTL_POWER" >>${record}; ${more} ${plug} ${modem.control} ${request}`,
    told: () => readFileSync(record, 'utf8'),
  };
}

describe.skipIf(!hasVirtualModems)('power', { timeout: 60_000 }, () => {
  it.concurrent('is not switched unless it is named', async () => {
    const modem = await lab.plugInOne();
    modem.misbehave('dead-after-reset');
    const ran = await reset(modem);
    expect(ran.code).toBe(9);
    expect(outcomes(documentOf(ran))).toEqual(['at: silent', 'escape: silent', 'dtr: silent', 'usb: silent']);
  });

  it.concurrent('is the last rung: of a modem that no USB reset brings back', async () => {
    const modem = await lab.plugInOne();
    modem.misbehave('dead-after-reset');
    const document = documentOf(await reset(modem, '--up-to', 'power'));
    expect(document).toMatchObject({ recovered: true, recoveredBy: 'power', tty: modem.tty });
    expect(outcomes(document).at(-1)).toBe('power: answered');
    expect(document.steps).toHaveLength(5);
  });

  it.concurrent('brings back a modem that has left, by the name of its place', async () => {
    const modem = await lab.plugInOne();
    await modem.perform({ do: 'unplug' });
    expect(documentOf(await reset(modem)).error?.code).toBe('NO_MODEM');
    expect(documentOf(await reset(modem, '--method', 'usb')).error?.code).toBe('NO_MODEM');
    const document = documentOf(await reset(modem, '--method', 'power'));
    expect(document).toMatchObject({ modem: modem.name, recovered: true, recoveredBy: 'power', tty: modem.tty });
    await modem.perform({ do: 'unplug' });
    const ladder = documentOf(await reset(modem, '--up-to', 'power'));
    expect(outcomes(ladder)).toEqual([
      'at: skipped',
      'escape: skipped',
      'dtr: skipped',
      'usb: skipped',
      'power: answered',
    ]);
  });

  it.concurrent('of an empty place that is none is no modem', async () => {
    const ran = await lab.run(['reset', '-d', 'nobody', '--method', 'power', '--json']);
    expect(documentOf(ran).error?.code).toBe('NO_MODEM');
  });

  it.concurrent('goes off and on by a command, which is told what to do by its environment', async () => {
    const modem = await lab.plugInOne();
    modem.misbehave('dead-after-reset');
    const { command, told } = relay(modem);
    const document = documentOf(await reset(modem, '--method', 'power', '--power-command', command));
    expect(document).toMatchObject({ recovered: true, steps: [{ step: 'power', detail: 'by your command' }] });
    expect(document.steps[0].elapsedMs).toBeGreaterThan(5000);
    expect(told()).toBe(`${modem.name} off\n${modem.name} on\n`);
  });

  it.concurrent('whose command fails is told with what it said, and turned on all the same', async () => {
    const modem = await lab.plugInOne();
    const { command, told } = relay(modem, 'if [ $MODEMCTL_POWER = off ]; then echo no relay here >&2; exit 3; fi;');
    const ran = await reset(modem, '--method', 'power', '--power-command', command);
    expect(ran.code).toBe(9);
    expect(documentOf(ran).steps).toMatchObject([
      { outcome: 'failed', detail: expect.stringMatching(/no relay here$/) },
    ]);
    expect(told()).toBe(`${modem.name} off\n${modem.name} on\n`);
  });

  it.concurrent.each(['SIGTERM', 'SIGKILL'] as const)('is on again after a %s midway', async (signal) => {
    const modem = await lab.plugInOne();
    const { command, told } = relay(modem);
    const running = lab.start(['reset', '-d', modem.name, '--method', 'power', '--power-command', command]);
    await vi.waitFor(() => expect(modem.plugged).toBe(false), 10_000);
    running.kill(signal);
    await running.ended;
    await vi.waitFor(() => expect(modem.plugged).toBe(true), 10_000);
    expect(told()).toBe(`${modem.name} off\n${modem.name} on\n`);
  });

  // By itself: a descriptor of somebody killed in another test may be to a PTY whose number this modem gets, which looks as if he had it.
  it('is switched three times an hour, whoever does it, and then refused', async () => {
    const modem = await lab.plugInOne();
    for (let count = 0; count < MOST_AN_HOUR; count++) {
      const { code, stderr } = await reset(modem, '--method', 'power');
      expect(code, stderr).toBe(0);
    }
    const ran = await reset(modem, '--method', 'power');
    expect(ran.code).toBe(9);
    const { error, steps } = documentOf(ran);
    expect(steps).toMatchObject([
      { outcome: 'refused', detail: 'its power was switched 3 times within the last hour' },
    ]);
    expect(error).toMatchObject({ code: 'NOT_RECOVERED', message: expect.stringMatching(/power was refused/) });
    expect(eventsOf(modem).filter((event) => event === 'power')).toHaveLength(MOST_AN_HOUR);
  });

  it.concurrent.each([
    [['--method', 'at', '--up-to', 'power'], /only one of them/],
    [['--power-command', 'true'], /not that it may be/],
    [['--up-to', 'power', '--power-command', ' '], /is empty/],
    [['--up-to', 'power', '--power-also', 'sda1'], /is no USB port/],
    [['--method', 'power', '--power-by', 'hand'], /port, uhubctl/],
  ])('refuses %j', async (args, message) => {
    const modem = await lab.plugInOne();
    expect(documentOf(await reset(modem, ...args)).error).toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(message),
    });
  });

  it.concurrent('is a last resort of watch too; what it cannot bring back it tells once, and its hook', async () => {
    const modem = await lab.plugInOne();
    const { command, told } = relay(modem);
    const failures = join(lab.folder, `${modem.name}.failures`);
    const hook = `{ echo "$MODEMCTL_EVENT $MODEMCTL_MODEM: $MODEMCTL_WHY"; cat; } >>${failures}`;
    const keeping = ['--recover-power', '--power-command', command, '--on-failure', hook, '--check-every', '1s'];
    const watching = lab.start(['watch', '-d', modem.name, '--json', ...keeping]);
    await watching.says('"waiting"');
    modem.misbehave('dead-after-reset');
    await watching.says('"recoveredBy":"power"', 40_000);
    expect(told()).toBe(`${modem.name} off\n${modem.name} on\n`);
    await watching.says('"after":"recovered"');
    // Nor would power help: the relay is broken.
    const log = join(lab.folder, 'modemctl', `${modem.name}.power`);
    writeFileSync(log, readFileSync(log, 'latin1').repeat(3));
    modem.misbehave('dead-after-reset');
    await watching.says('"gaveUp"', 40_000);
    await vi.waitFor(() => expect(readFileSync(failures, 'utf8')).toMatch(/\}\n$/), 5000);
    watching.kill('SIGINT');
    const ran = await lab.end(watching);
    const why = 'power was refused: its power was switched 3 times within the last hour';
    const [line, event] = readFileSync(failures, 'utf8').split('\n');
    expect(line).toMatch(new RegExp(`^gaveUp ${modem.name}: .+; ${why}$`));
    expect(JSON.parse(event!)).toMatchObject({
      event: 'gaveUp',
      modem: { id: modem.name },
      why: expect.stringContaining(why),
    });
    expect(ran.stdout.match(/"event":"gaveUp"/g)).toHaveLength(1);
  });

  it.concurrent('answer ends when it has given up, and its hook has ended by then', async () => {
    const modem = await lab.plugInOne();
    const failures = join(lab.folder, `${modem.name}.failures`);
    const hook = `sleep 1; echo "$MODEMCTL_EVENT $MODEMCTL_WHY" >>${failures}`;
    const answering = lab.start([
      'answer',
      '-d',
      modem.name,
      '--json',
      '--on-failure',
      hook,
      '--check-every',
      '1s',
      '--exec',
      'cat',
    ]);
    await answering.says('"waiting"');
    modem.misbehave('dead-after-reset');
    expect(await lab.end(answering)).toMatchObject({ code: 9 });
    expect(readFileSync(failures, 'utf8')).toMatch(/^gaveUp .+ does not answer, whatever was tried\n$/);
  });

  it.concurrent.each([
    [['--power-command', 'true'], /not that it may be/],
    [['--recover-power', '--no-recover'], /only one of them/],
    [['--on-failure', './nothing'], /is not there/],
  ])('watch refuses %j', async (args, message) => {
    const modem = await lab.plugInOne();
    expect(documentOf(await lab.run(['watch', '-d', modem.name, '--json', ...args])).error).toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(message),
    });
  });
});
