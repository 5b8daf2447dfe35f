import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModemctlError } from '../../src/core/errors.ts';
import { writeVirtualModem } from '../../src/core/virtual-registry.ts';
import type { ModemInfo } from '../../src/usb/modem-info.ts';
import { requireTty, type SelectOptions, selectModem, type Target } from '../../src/usb/selector.ts';
import { FakeSystem } from '../support/fake-system.ts';
import { openPty } from '../support/pty.ts';
import { arduino, hiro, tfm, unlistedConexant, usr } from './plugged.ts';

let system: FakeSystem;
beforeEach(() => {
  system = new FakeSystem();
});
afterEach(() => system.remove());

const select = (selector: string | null, more: SelectOptions = {}): Promise<Target> =>
  selectModem(selector, { roots: system.roots, virtualFolder: system.virtualFolder, ...more });

/** The id of what was selected, or the error's code. */
async function outcome(selector: string | null, more: SelectOptions = {}): Promise<string> {
  try {
    const target = await select(selector, more);
    return target.kind === 'modem' ? target.info.id : target.kind;
  } catch (error) {
    return (error as ModemctlError).code;
  }
}

async function failure(selector: string | null): Promise<ModemctlError> {
  return (await select(selector).then(
    () => Promise.reject(new Error('was selected')),
    (error) => error,
  )) as ModemctlError;
}

describe('a selector', () => {
  beforeEach(() => {
    system.plug(usr('1-1', 'ttyACM0')).plug(tfm('1-1.2', 'ttyACM1')).plug(hiro('1-3')).plug(arduino('1-4', 'ttyACM2'));
    writeVirtualModem(
      {
        name: 'box',
        pid: process.ppid,
        tty: system.node('pts-stand-in'),
        control: '/nowhere.sock',
        plugged: true,
        pluggings: 1,
        vendorId: '0baf',
        productId: '0304',
        manufacturer: 'Nobody',
        product: 'Modem in the box',
        serial: 'V1',
      },
      system.virtualFolder,
    );
    mkdirSync(join(system.roots.dev, 'serial/by-id'), { recursive: true });
    symlinkSync('../../ttyACM1', join(system.roots.dev, 'serial/by-id/usb-Conexant_USB_Modem_24680246-if00'));
  });

  it.each([
    ['1-1', '1-1'],
    ['1-1.2', '1-1.2'],
    ['1-9', 'NO_MODEM'],
    ['0baf:0303', '1-1'],
    ['0BAF:0303', '1-1'],
    ['0572:1340', 'NO_MODEM'],
    ['0000002', '1-1'],
    ['24680246', '1-1.2'],
    ['usr5637', '1-1'],
    ['USR', '1-1'],
    ['tfm-561u', '1-1.2'],
    ['startech', '1-1.2'],
    ['huc56s', '1-1.2'],
    ['conexant', '1-1.2'],
    ['hiro', '1-3'],
    ['box', 'box'],
    ['v1', 'box'],
    ['arduino', '1-4'],
    ['1-4', '1-4'],
    ['usb modem', 'AMBIGUOUS'],
    ['zoom', 'NO_MODEM'],
    ['-', 'stdio'],
    [null, 'AMBIGUOUS'],
    ['', 'AMBIGUOUS'],
  ])('%j selects %s', async (selector, expected) => {
    expect(await outcome(selector)).toBe(expected);
  });

  it('may be a name from the configuration, which goes before a serial number and a part of a name', async () => {
    const modem = { describe: 'USB port 1-1.2 by config.toml:2:1', port: '1-1.2' };
    const named = (name: string) =>
      name === 'bbs' ? { ...modem, matches: ({ id }: ModemInfo) => id === '1-1.2' } : null;
    expect(await outcome('bbs', { named })).toBe('1-1.2');
    expect(await outcome('zoom', { named })).toBe('NO_MODEM');
    const all = () => ({ ...modem, matches: ({ id }: ModemInfo) => id === '1-1.2' });
    expect(await outcome('1-1', { named: all })).toBe('1-1');
    expect(await outcome('usr5637', { named: all })).toBe('1-1.2');
    const away = select('bbs', { named: () => ({ ...modem, matches: () => false }) });
    await expect(away).rejects.toThrow('bbs (USB port 1-1.2 by config.toml:2:1) is not plugged in');
  });

  it('may be left out where only one modem may be chosen', async () => {
    expect(await outcome(null, { mayBeChosen: ({ id }) => id === '1-1.2' })).toBe('1-1.2');
    await expect(select(null, { mayBeChosen: () => false })).rejects.toThrow('the configuration leaves 1-1 (');
    expect(await outcome('1-1', { mayBeChosen: () => false })).toBe('1-1');
  });

  it('means a modem before any other device', async () => {
    system.plug({ ...arduino('1-5', 'ttyACM5'), strings: { product: 'USR5637 tester' } });
    expect(await outcome('usr5637')).toBe('1-1');
    expect(await outcome('tester')).toBe('1-5');
  });

  it('may be a tty or a link to one', async () => {
    expect(await outcome(join(system.roots.dev, 'ttyACM0'))).toBe('1-1');
    expect(await outcome(join(system.roots.dev, 'serial/by-id/usb-Conexant_USB_Modem_24680246-if00'))).toBe('1-1.2');
  });

  it('tells what is there when nothing matches', async () => {
    const error = await failure('zoom');
    expect(error.message).toBe('no modem matches "zoom"');
    expect(error.hint).toContain(`1-1 (U.S. Robotics USR5637, ${join(system.roots.dev, 'ttyACM0')})`);
    expect(error.hint).not.toContain('Arduino');
    expect(error.exitCode).toBe(3);
  });
});

describe('a path that is no modem', () => {
  it.each([
    ['/dev', 'USAGE', 'is a folder'],
    ['/etc/passwd', 'USAGE', 'is a regular file'],
    ['/dev/null', 'USAGE', 'not a serial device'],
    ['/dev/ttyACM250', 'NO_MODEM', 'does not exist'],
    ['./no/such/thing', 'NO_MODEM', 'does not exist'],
  ])('%s is %s', async (path, code, words) => {
    const roots = { ...system.roots, sys: '/sys' };
    const error = await selectModem(path, { roots, virtualFolder: system.virtualFolder }).then(
      () => null,
      (caught: ModemctlError) => caught,
    );
    expect(error?.code).toBe(code);
    expect(error?.message).toContain(words);
  });

  it('is taken as it is when it is a PTY', async () => {
    const pty = await openPty();
    try {
      expect(await select(pty.path)).toEqual({ kind: 'tty', tty: pty.path, info: null });
    } finally {
      pty.close();
    }
  });
});

describe('without a selector', () => {
  it('nothing there: NO_MODEM, with a hint that works', async () => {
    const error = await failure(null);
    expect(error.code).toBe('NO_MODEM');
    expect(error.hint).toContain('modemctl detect --wait 30s');
  });

  it('never an Arduino', async () => {
    system.plug(arduino('1-4', 'ttyACM2'));
    expect(await outcome(null)).toBe('NO_MODEM');
  });

  it('the only usable one, whatever else is there', async () => {
    system.plug(hiro('1-3')).plug(tfm('1-2', 'ttyACM0')).plug(arduino('1-4', 'ttyACM2'));
    expect(await outcome(null)).toBe('1-2');
  });

  it('only a winmodem: UNUSABLE with its reason', async () => {
    system.plug(hiro('1-3'));
    const error = await failure(null);
    expect(error.code).toBe('UNUSABLE');
    expect(error.message).toContain('Hiro H50113 (Agere softmodem) at 1-3: WINMODEM, cannot work');
    expect(error.hint).toContain('USR5637');
  });

  it('of a winmodem and one that can be cured, the latter is told', async () => {
    system.load('cdc_acm').plug(hiro('1-1')).plug(unlistedConexant('1-2'));
    expect((await failure(null)).hint).toContain('new_id');
  });

  it('for a repair, the only one that can be cured', async () => {
    system.load('cdc_acm').plug(hiro('1-1'));
    expect(await outcome(null, { forRepair: true })).toBe('UNUSABLE');
    system.plug(unlistedConexant('1-2'));
    expect(await outcome(null, { forRepair: true })).toBe('1-2');
    system.plug(unlistedConexant('1-3'));
    expect(await outcome(null, { forRepair: true })).toBe('AMBIGUOUS');
    system.plug(usr('1-4', 'ttyACM0'));
    expect(await outcome(null, { forRepair: true })).toBe('1-4');
  });

  it('two equal modems with equal serial numbers: AMBIGUOUS, with the way out', async () => {
    system.plug(tfm('1-1', 'ttyACM0')).plug(tfm('1-2', 'ttyACM1'));
    const error = await failure(null);
    expect(error.code).toBe('AMBIGUOUS');
    expect(error.hint).toContain('-d 1-1');
    expect(error.details.modems).toMatchObject([{ id: '1-1' }, { id: '1-2' }]);
    expect(await outcome('24680246')).toBe('AMBIGUOUS');
    expect(await outcome('1-2')).toBe('1-2');
  });
});

describe('a tty that cannot be done without', () => {
  it('is refused with reason and remedy', async () => {
    system.load('cdc_acm').plug(unlistedConexant('1-2'));
    const target = await select('1-2');
    if (target.kind !== 'modem') throw new Error('no modem');
    expect(() => requireTty(target.info)).toThrow(expect.objectContaining({ code: 'UNUSABLE', exitCode: 3 }));
  });

  it('is given when there is one', async () => {
    system.plug(usr('1-1', 'ttyACM0'));
    const target = await select('1-1');
    expect(target.kind === 'modem' && requireTty(target.info)).toBe(join(system.roots.dev, 'ttyACM0'));
  });

  it('is not the old one when that is gone', async () => {
    system.plug(usr('1-1', 'ttyACM0'));
    rmSync(join(system.roots.dev, 'ttyACM0'));
    expect(await outcome(join(system.roots.dev, 'ttyACM0'))).toBe('NO_MODEM');
  });
});

describe('who has a modem', () => {
  beforeEach(() => {
    system.plug(usr('1-1', 'ttyACM0')).plug(tfm('1-2', 'ttyACM1'));
    system.write(join(system.roots.lock, 'LCK..ttyACM0'), `${String(process.ppid).padStart(10)}\n`);
  });

  it('is not looked for when the caller does so himself', async () => {
    expect((await select('1-1')).info).toMatchObject({ state: 'busy', heldBy: [{ pid: process.ppid }] });
    expect((await select('1-1', { holders: false })).info).toMatchObject({ state: 'ready', heldBy: [] });
  });

  it('is told all the same when nothing can be selected', async () => {
    const modems = [
      { id: '1-1', state: 'busy' },
      { id: '1-2', state: 'ready' },
    ];
    await expect(select(null, { holders: false })).rejects.toMatchObject({ code: 'AMBIGUOUS', details: { modems } });
  });
});
