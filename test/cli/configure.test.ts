/** How the configuration gets into a command, without running one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands/index.ts';
import { type Configuration, configure } from '../../src/cli/configure.ts';
import { parseCommandLine } from '../../src/cli/parse.ts';
import { isModemctlError } from '../../src/core/errors.ts';
import type { ModemInfo } from '../../src/usb/modem-info.ts';

const folder = mkdtempSync(join(tmpdir(), 'mctl-configure-'));
const file = join(folder, 'config.toml');
afterAll(() => rmSync(folder, { recursive: true }));

async function configured(toml: string, line: string, env: NodeJS.ProcessEnv = {}): Promise<Configuration> {
  writeFileSync(file, toml);
  const parsed = parseCommandLine(line.split(' '), COMMANDS, env);
  if (parsed.kind !== 'run') throw new Error('it runs nothing');
  const { command, invocation, common } = parsed;
  return configure(command, invocation, { ...common, config: file }, COMMANDS, env);
}

const options = async (toml: string, line: string) => (await configured(toml, line)).invocation.options;

const failure = (toml: string, line: string) =>
  configured(toml, line).then(
    () => 'none',
    (error: unknown) => (isModemctlError(error) ? `${error.code} ${error.message.replace(file, 'F')}` : error),
  );

const modem = (info: Partial<ModemInfo>) => info as ModemInfo;

describe('what is not typed', () => {
  it('comes from the section of the command, as if it had been typed', async () => {
    const toml =
      '[dial]\ntries = 3\nwait = "90s"\nerror_correction = false\nblind = false\nretry_on = ["busy", "no-carrier"]\n';
    expect(await options(toml, 'dial 5')).toMatchObject({
      tries: 3,
      wait: 90_000,
      errorCorrection: false,
      compression: true,
      blind: undefined,
      retryOn: ['busy', 'noCarrier'],
    });
    expect(await options(toml, 'answer')).not.toHaveProperty('tries');
  });

  it('gives way to what is typed, also where that is the usual', async () => {
    const toml = '[dial]\ntries = 3\n[answer]\nrings = 4\n[number.pi]\nnumber = "5"\ntries = 7\n';
    expect((await options(toml, 'dial --tries 1 5')).tries).toBe(1);
    expect((await options(toml, 'dial @pi')).tries).toBe(7);
    expect((await options(toml, 'dial --tries 1 @pi')).tries).toBe(1);
    expect((await options(toml, 'answer --now')).rings).toBeUndefined();
  });

  it('of PPP is left out where there is none', async () => {
    const toml = '[dial]\nuser = "pi"\nip = ":10.0.0.2"\n[answer]\ndns = ["9.9.9.9"]\nshare = true\n';
    expect(await options(toml, 'dial --ppp 5')).toMatchObject({ user: 'pi', ip: ':10.0.0.2' });
    expect(await options(toml, 'dial 5')).not.toHaveProperty('user');
    expect(await options(toml, 'answer --auto')).toMatchObject({ dns: ['9.9.9.9'], share: true });
    expect(await options(toml, 'answer')).not.toHaveProperty('share');
  });

  it('is what a number says before what all say', async () => {
    const toml = '[dial]\nblind = true\n[number.pi]\nnumber = "5"\nblind = false\nchat = ["a b", "c"]\n';
    expect(await options(toml, 'dial 5')).toMatchObject({ blind: true });
    expect(await options(toml, 'dial @pi')).toMatchObject({ blind: undefined, chat: ['a b', 'c'] });
  });

  it('is a script beside the file, where a number names one', async () => {
    expect((await options('[number.pi]\nnumber = "5"\nchat = "pi.chat"\n', 'dial @pi')).chat).toBe(
      join(folder, 'pi.chat'),
    );
  });
});

describe('which modem', () => {
  const toml = 'device = "fax"\n[number.pi]\nnumber = "5"\nmodem = "bbs"\n';

  it.each([
    ['at', {}, 'fax'],
    ['at', { MODEMCTL_DEVICE: '1-1' }, '1-1'],
    ['-d 1-2 at', { MODEMCTL_DEVICE: '1-1' }, '1-2'],
    ['dial @pi', {}, 'bbs'],
    ['dial @pi', { MODEMCTL_DEVICE: '1-1' }, '1-1'],
    ['dial 5', {}, 'fax'],
  ])('%s with %j is %s', async (line, env, device) => {
    expect((await configured(toml, line, env)).common.device).toBe(device);
  });

  it('is said with the place', async () => {
    expect((await configured(toml, 'at')).common.deviceFrom).toBe(`device in ${file}:1:10`);
  });

  it('is told by port, id or serial', async () => {
    const names = '[modem.a]\nport = "1-1.2"\n[modem.b]\nid = "0BAF:0303"\n[modem.c]\nserial = "00ab"\n';
    const { named } = (await configured(names, 'at')).configured;
    const info = modem({ id: '1-1.2', vendorId: '0baf', productId: '0303', serial: '00AB' });
    for (const name of ['a', 'b', 'c']) expect(named(name)?.matches(info)).toBe(true);
    const other = modem({ id: '1-1', vendorId: '0572', productId: '1329', serial: null });
    for (const name of ['a', 'b', 'c']) expect(named(name)?.matches(other)).toBe(false);
    expect(named('d')).toBeNull();
  });

  it.each([
    ['', [true, true]],
    ['deny = "a"\n', [false, true]],
    ['allow = ["a"]\n', [true, false]],
    ['allow = ["1-1", "1-2"]\ndeny = ["0572:1329"]\n', [true, false]],
  ])('%j: may be used unasked', async (lists, expected) => {
    const { mayBeChosen } = (await configured(`${lists}[modem.a]\nport = "1-1"\n`, 'watch')).configured;
    const all = { manufacturer: null, product: null, model: 'x', serial: null, row: null, tty: null, isModem: true };
    const here = modem({ ...all, id: '1-1', vendorId: '0baf', productId: '0303' });
    const there = modem({ ...all, id: '1-2', vendorId: '0572', productId: '1329' });
    expect([here, there].map(mayBeChosen)).toEqual(expected);
  });
});

describe('power', () => {
  const toml =
    '[recovery]\nup_to = "power"\npower_command = "all"\npower_also = ["1-1.3"]\non_failure = "hook"\ncheck_every = 60\n[modem.a]\nport = "1-1"\npower_command = "mine"\n';

  it('is permitted for reset, answer and watch', async () => {
    expect(await options(toml, 'reset')).toMatchObject({ upTo: 'power', powerCommand: 'all', powerAlso: ['1-1.3'] });
    const kept = { recoverPower: true, powerCommand: 'all', onFailure: 'hook', checkEvery: 60_000 };
    expect(await options(toml, 'answer')).toMatchObject(kept);
    expect(await options(toml, 'watch')).toMatchObject(kept);
  });

  it('is not, where what is typed says otherwise', async () => {
    for (const line of ['reset --method usb', 'reset --up-to dtr']) {
      const { upTo, powerCommand } = await options(toml, line);
      expect([upTo, powerCommand]).not.toContain('power');
      expect(powerCommand).toBeUndefined();
    }
    expect(await options(toml, 'answer --no-recover')).not.toHaveProperty('recoverPower');
    expect((await options(toml, 'reset --power-by uhubctl')).powerCommand).toBeUndefined();
  });

  it("is a modem's own before that of all", async () => {
    const { configured: on } = await configured(toml, 'reset');
    const policy = { command: 'all', by: undefined, also: ['1-1.3'] };
    expect(on.powerFor({ info: modem({ id: '1-1' }), place: '1-1' }, policy)).toEqual({ ...policy, command: 'mine' });
    expect(on.powerFor({ info: null, place: '1-1' }, policy)).toMatchObject({ command: 'mine' });
    expect(on.powerFor({ info: modem({ id: '1-2' }), place: '1-2' }, policy)).toEqual(policy);
  });

  it('is not permitted where something is wrong with what is said of it', async () => {
    expect(await options(toml.replace('power_also', 'power_alzo'), 'reset')).not.toHaveProperty('upTo');
    expect(await options(`${toml}x = [`, 'reset')).not.toHaveProperty('upTo');
    const wrong = (await configured(`${toml}countri = "DE"\n`, 'reset')).configured;
    expect(() => wrong.powerFor({ info: modem({ id: '1-1' }), place: '1-1' }, {})).toThrow('countri');
  });
});

describe('a mistake', () => {
  it.each([
    [
      '[dial]\ntries = 0\n',
      'dial 5',
      'CONFIG_INVALID F:2:9: tries must be a whole number from 1 to 100, without quotation marks',
    ],
    ['[dial]\ntries = 0\n', 'at', 'none'],
    [
      '[dial]\ntries = 0\n',
      'dial --tries 2 5',
      'CONFIG_INVALID F:2:9: tries must be a whole number from 1 to 100, without quotation marks',
    ],
    ['[answer]\nalow = "5"\n', 'answer', 'CONFIG_INVALID F:2:1: there is no key "alow" in [answer]'],
    ['devise = "fax"\n', 'at', 'CONFIG_INVALID F:1:1: there is no key "devise"'],
    ['devise = "fax"\n', 'at -d 1-1', 'none'],
    ['devise = "fax"\n', 'reset', 'none'],
    ['[number.x]\nnumber = ""\n[number.y]\nnumber = "5"\n', 'dial @y', 'none'],
    ['[number.x]\nnumber = ""\n', 'dial @x', 'CONFIG_INVALID F:2:10: number: this is no number to dial'],
    ['x = [', 'at -d 1-1', expect.stringMatching(/^CONFIG_INVALID F:1:5: this is no TOML: /)],
    ['x = [', 'detect', 'none'],
    ['x = [', 'models', 'none'],
  ])('%j stops %s: %s', async (toml, line, expected) => {
    expect(await failure(toml, line)).toEqual(expected);
  });

  it('in what is said of a modem stops what sets that one up', async () => {
    const toml = '[modem.a]\nport = "1-1"\ninit = "ATD"\n[modem.b]\nport = "1-2"\n';
    const { defaultsFor, named } = (await configured(toml, 'dial -d 1-1 5')).configured;
    expect(() => defaultsFor(modem({ id: '1-1' }))).toThrow('init: ATD: it makes a call');
    expect(() => named('a')).toThrow('init: ATD: it makes a call');
    expect(defaultsFor(modem({ id: '1-2' }))).toEqual({ country: undefined, init: undefined });
    const lenient = (await configured(toml, 'hangup a')).configured;
    expect(lenient.named('a')?.matches(modem({ id: '1-1' }))).toBe(true);
  });

  it('is warned of also where nothing is stopped', async () => {
    expect((await configured('[dial]\ntries = 0\nx = 1\n', 'at')).warning).toBe(
      `${file}:2:9: tries must be a whole number from 1 to 100, without quotation marks (and 1 more); see: modemctl config check`,
    );
  });
});

describe('the phone book', () => {
  const toml = '[number.pi17]\nnumber = "0049 30 5550137"\n[number.bbs]\nnumber = "5"\n';

  it.each([
    ['dial @pi18', 'USAGE there is no number "@pi18" in the phone book', 'Did you mean @pi17?'],
    ['dial @other', 'USAGE there is no number "@other" in the phone book', 'There are: @pi17 @bbs'],
  ])('%s', async (line, message, hint) => {
    expect(await failure(toml, line)).toBe(message);
    await expect(configured(toml, line)).rejects.toMatchObject({ hint });
  });

  it('is not asked for what is dialled as it is', async () => {
    expect((await configured(toml, 'dial @5550137')).invocation.entry).toBeUndefined();
    expect((await configured(toml, 'dial @pi17')).invocation.entry).toEqual({
      name: '@pi17',
      number: '0049 30 5550137',
    });
  });
});
