import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
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
    expect(outcomes(ladder)).toEqual(['at: skipped', 'escape: skipped', 'dtr: skipped', 'usb: skipped', 'power: answered']);
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
    expect(documentOf(ran).steps).toMatchObject([{ outcome: 'failed', detail: expect.stringMatching(/no relay here$/) }]);
    expect(told()).toBe(`${modem.name} off\n${modem.name} on\n`);
  });

  it.concurrent.each(['SIGTERM', 'SIGKILL'] as const)('is on again after a %s midway', async (signal) => {
    const modem = await lab.plugInOne();
    const { command, told } = relay(modem);
    const running = lab.start(['reset', '-d', modem.name, '--method', 'power', '--power-command', command]);
    await expect.poll(() => modem.plugged, { timeout: 10_000 }).toBe(false);
    running.kill(signal);
    await running.ended;
    await expect.poll(() => modem.plugged, { timeout: 10_000 }).toBe(true);
    expect(told()).toBe(`${modem.name} off\n${modem.name} on\n`);
  });

  it.concurrent('is switched three times an hour, whoever does it, and then refused', async () => {
    const modem = await lab.plugInOne();
    for (let count = 0; count < MOST_AN_HOUR; count++) expect(await reset(modem, '--method', 'power')).toMatchObject({ code: 0 });
    const ran = await reset(modem, '--method', 'power');
    expect(ran.code).toBe(9);
    const { error, steps } = documentOf(ran);
    expect(steps).toMatchObject([{ outcome: 'refused', detail: 'its power was switched 3 times within the last hour' }]);
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
});
