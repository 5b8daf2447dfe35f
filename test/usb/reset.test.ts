import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { isAlive } from '../../src/core/process-alive.ts';
import { failureOf, RESET_EXIT } from '../../src/native/usb.ts';
import { bindDriver } from '../../src/usb/bind.ts';
import { canReset, perlWay, type ResetWay, resetUsbDevice } from '../../src/usb/reset.ts';
import { FakeSystem } from '../support/fake-system.ts';
import { unlistedConexant, usr } from './plugged.ts';

let system: FakeSystem;
beforeEach(() => {
  system = new FakeSystem();
});
afterEach(() => system.remove());

const USR = { id: '1-1', vendorId: '0baf', productId: '0303' };

const shell = (by: 'usb' | 'perl', script: string): ResetWay => ({ by, command: 'sh', args: ['-c', script, 'sh'] });

const reset = (ways: ResetWay[], deadlineMs = 5000) => resetUsbDevice(USR, { roots: system.roots, ways, deadlineMs });

describe('a USB reset', () => {
  beforeEach(() => {
    system.plug(usr('1-1', 'ttyACM0', { bus: 1, address: 4 }));
  });

  it('goes by the address the device has now', async () => {
    system.attribute('1-1', 'devnum', '17\n');
    const record = join(system.folder, 'args');
    const outcome = await reset([shell('usb', `echo "$@" >${record}`)]);
    expect(outcome).toMatchObject({ ok: true, by: 'usb' });
    expect(readFileSync(record, 'utf8')).toBe('1 17\n');
  });

  it('waits for one that is under way, and then goes by the new address', async () => {
    system.attribute('1-1', 'devnum', '0\n');
    const record = join(system.folder, 'args');
    const resetting = reset([shell('usb', `echo "$@" >${record}`)]);
    system.attribute('1-1', 'devnum', '5\n');
    expect(await resetting).toMatchObject({ ok: true });
    expect(readFileSync(record, 'utf8')).toBe('1 5\n');
    system.attribute('1-1', 'devnum', '0\n');
    expect(await reset([shell('usb', 'exit 0')], 250)).toMatchObject({ ok: false, reason: 'timeout' });
  });

  it.each([
    ['denied', RESET_EXIT.denied],
    ['gone', RESET_EXIT.gone],
    ['failed', RESET_EXIT.failed],
  ])('that is %s says why, and no other way is tried', async (reason, code) => {
    const outcome = await reset([shell('usb', `echo because >&2; exit ${code}`), shell('perl', 'exit 0')]);
    expect(outcome).toMatchObject({ ok: false, reason, detail: 'because' });
  });

  it.each([
    ['has no binary for this machine', shell('usb', `exit ${RESET_EXIT.unusable}`)],
    ['is not built', shell('usb', 'exit 1')],
    ['dies of an illegal instruction', shell('usb', 'kill -ILL $$')],
    ['cannot be started', { by: 'usb', command: '/no/such/node', args: [] } as ResetWay],
  ])('is done by perl where the usb package %s', async (_what, way) => {
    const record = join(system.folder, 'args');
    const outcome = await reset([way, shell('perl', `echo "$@" >${record}`)]);
    expect(outcome).toMatchObject({ ok: true, by: 'perl' });
    expect(readFileSync(record, 'utf8')).toBe(`${join(system.roots.dev, 'bus/usb/001/004')}\n`);
  });

  it('that hangs is left, and its child killed', async () => {
    const record = join(system.folder, 'pid');
    const begin = performance.now();
    const outcome = await reset([shell('usb', `echo $$ >${record}; exec sleep 60`)], 300);
    expect(outcome).toMatchObject({ ok: false, reason: 'timeout' });
    expect(performance.now() - begin).toBeLessThan(2000);
    const pid = Number(readFileSync(record, 'utf8'));
    for (let wait = 0; wait < 100 && isAlive(pid); wait++) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(isAlive(pid)).toBe(false);
  });

  it.each(['0baf:0304', '0572:0303'])('is not done to another device at the same port: %s', async (ids) => {
    system.unplug('1-1');
    system.plug(usr('1-1', 'ttyACM0', { ids }));
    expect(await reset([shell('usb', 'exit 0')])).toMatchObject({ ok: false, reason: 'gone' });
    expect(canReset(USR, system.roots)).toMatchObject({ ok: false, reason: 'gone' });
  });

  it('by perl tells what the kernel said', async () => {
    expect(await reset([perlWay])).toMatchObject({ ok: false, reason: 'gone', detail: 'No such file or directory' });
    system.node('bus/usb/001/004');
    expect(await reset([perlWay])).toMatchObject({
      ok: false,
      reason: 'failed',
      detail: 'Inappropriate ioctl for device',
    });
  });

  it('asks the real child first', async () => {
    // No machine has a bus of that number, so it finds nothing to reset.
    system.attribute('1-1', 'busnum', '999\n');
    expect(await resetUsbDevice(USR, { roots: system.roots })).toMatchObject({ ok: false, reason: 'gone' });
  });

  it('sorts the kernel’s refusals', () => {
    expect([1, 2, 13, 19, 25, 0].map(failureOf)).toEqual(['denied', 'gone', 'denied', 'gone', 'failed', 'failed']);
  });
});

describe('the child that resets', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(packageRoot(), 'dist/native/usb-reset-child.js'), ...args], { encoding: 'utf8' });

  it('says that a device is not there', () => {
    const ran = run('999', '999');
    expect(ran.status).toBe(RESET_EXIT.gone);
    expect(ran.stderr).not.toBe('');
  });

  it('refuses to guess', () => {
    expect(run().status).toBe(RESET_EXIT.failed);
    expect(run('1', 'x').status).toBe(RESET_EXIT.failed);
  });
});

describe('binding a lost driver', () => {
  const unbound = [{ class: '02/02/01' }, { class: '0a/00/00' }];
  const bind = () => bindDriver({ id: '1-1' }, { roots: system.roots });
  const bindFile = () => join(system.roots.sys, 'bus/usb/drivers/cdc_acm/bind');

  it('writes the interface that sysfs names', async () => {
    system.load('cdc_acm').plug(usr('1-1', '', { interfaces: unbound }));
    expect(await bind()).toEqual({ ok: true, interfaceName: '1-1:2.0' });
    expect(readFileSync(bindFile(), 'utf8')).toBe('1-1:2.0');
  });

  it.each([
    ['gone', () => {}],
    ['not-needed', () => system.plug(usr('1-1', 'ttyACM0'))],
    ['no-driver', () => system.plug(usr('1-1', '', { interfaces: unbound }))],
    ['no-driver', () => system.load('cdc_acm').plug(unlistedConexant('1-1'))],
    ['no-driver', () => system.load('cdc_acm').plug(usr('1-1', '', { interfaces: [{ class: 'ff/00/00' }] }))],
  ] as const)('or says why not: %s', async (reason, make) => {
    make();
    expect(await bind()).toMatchObject({ ok: false, reason });
  });
});
