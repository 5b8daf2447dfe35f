import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { examineSplits } from '../../../src/services/doctor/board.ts';
import { examineBrltty, examineModemManager } from '../../../src/services/doctor/daemons.ts';
import { examineDriver } from '../../../src/services/doctor/driver.ts';
import { examineModem } from '../../../src/services/doctor/examine.ts';
import { examineGetty } from '../../../src/services/doctor/getty.ts';
import { examineHolders } from '../../../src/services/doctor/holders.ts';
import { examinePower } from '../../../src/services/doctor/power.ts';
import { examineRights } from '../../../src/services/doctor/rights.ts';
import type { FakeDevice } from '../../support/fake-system.ts';
import { hiro, tfm, unlistedConexant, usr } from '../../usb/plugged.ts';
import { DoctorBench, inShort, RELEASE } from './bench.ts';

let bench: DoctorBench;
beforeEach(() => {
  bench = new DoctorBench();
});
afterEach(() => bench.remove());

/** A hub; whether it has a power supply is bit 6 of bmAttributes (USB 2.0 table 9-10). */
const hub = (port: string, selfPowered: boolean, speed = '480'): FakeDevice => ({
  port,
  ids: '2109:3431',
  speed,
  descriptors: Buffer.from(
    `12010002090000400921313401000000 0001 0902190001010 0${selfPowered ? 'e0' : 'a0'}32`.replace(/\s/g, ''),
    'hex',
  ),
  interfaces: [{ class: '09/00/00', driver: 'hub' }],
});

/** The root hub of a bus below a host controller with this driver. */
function controller(driver: string, bus = 1): void {
  const folder = join(bench.folder, 'controller');
  mkdirSync(join(folder, `usb${bus}`), { recursive: true });
  symlinkSync(`/sys/bus/platform/drivers/${driver}`, join(folder, 'driver'));
  symlinkSync(join(folder, `usb${bus}`), join(bench.roots.sys, 'bus/usb/devices', `usb${bus}`));
}

describe('the driver', () => {
  it('has made a tty', async () => {
    bench.plug(usr('1-1', 'ttyACM0'));
    const [finding] = examineDriver(await bench.patient('1-1'), bench.system());
    expect(finding).toMatchObject({ check: 'driver', verdict: 'ok', text: expect.stringMatching(/cdc_acm.*ttyACM0/) });
  });

  it('is not bound: the remedy binds it', async () => {
    bench
      .load('cdc_acm')
      .plug({ ...usr('1-1', 'ttyACM0'), interfaces: [{ class: '02/02/01' }, { class: '0a/00/00' }] });
    const [finding] = examineDriver(await bench.patient('1-1'), bench.system());
    expect(finding).toMatchObject({ verdict: 'fail', remedy: expect.stringContaining('echo 1-1:2.0 | sudo tee') });
  });

  const unloaded = async (modules: string | null) => {
    bench.plug({ ...usr('1-1', 'ttyACM0'), interfaces: [{ class: '02/02/01' }, { class: '0a/00/00' }] });
    if (modules !== null) bench.file(`modules/${RELEASE}/modules.dep`, modules);
    return examineDriver(await bench.patient('1-1'), bench.system());
  };

  it.each([
    ['kernel/drivers/usb/class/cdc-acm.ko.xz:\n', /not loaded/, 'sudo modprobe cdc_acm'],
    ['kernel/drivers/usb/class/cdc-wdm.ko.xz:\n', /built without the driver cdc_acm/, 'Boot a kernel'],
    [null, /not loaded/, 'sudo modprobe cdc_acm'],
  ])('is not loaded, and the kernel has %j', async (modules, text, remedy) => {
    const [finding] = await unloaded(modules);
    expect(finding).toMatchObject({ verdict: 'fail', text: expect.stringMatching(text) });
    expect(finding!.remedy).toContain(remedy);
  });

  it('cannot be loaded by a kernel that was upgraded under way', async () => {
    bench.file('modules/6.1.0-38-rpi/modules.dep', '');
    expect(await unloaded(null)).toMatchObject([{ verdict: 'fail', remedy: 'sudo reboot' }]);
  });

  it('needs new_id, or had it', async () => {
    bench.load('cdc_acm').plug(unlistedConexant('1-2'));
    expect(examineDriver(await bench.patient('1-2'), bench.system())).toMatchObject([
      { check: 'quirk', verdict: 'fail', remedy: expect.stringContaining('new_id') },
    ]);
    bench.unplug('1-2');
    bench.plug(unlistedConexant('1-2', { interfaces: tfm('1-2', 'ttyACM1').interfaces! }));
    expect(examineDriver(await bench.patient('1-2'), bench.system())).toMatchObject([
      { check: 'driver', verdict: 'ok' },
      { check: 'quirk', verdict: 'warn' },
    ]);
  });

  it('is what a winmodem will never have, and nothing else is said of it', async () => {
    bench.load('cdc_acm').plug(hiro('1-3'));
    const found = await examineModem(await bench.patient('1-3'), bench.system({ rules: 'absent' }));
    expect(found.filter(({ verdict }) => verdict === 'fail')).toMatchObject([
      { check: 'driver', text: expect.stringContaining('WINMODEM'), remedy: expect.stringContaining('USR5637') },
    ]);
    expect(found.map(({ check }) => check)).not.toContain('udevRules');
  });
});

describe('power', () => {
  const power = async (port: string) => inShort(examinePower(await bench.patient(port), bench.system()));

  it('is enough at the computer and behind a powered hub, and not behind one without', async () => {
    bench.plug(usr('1-1', 'ttyACM0')).plug(hub('1-2', true)).plug(hub('1-3', false));
    bench.plug(usr('1-2.1', 'ttyACM1')).plug(usr('1-3.1', 'ttyACM2')).plug(tfm('1-3.2', 'ttyACM3'));
    for (const port of ['1-1', '1-2.1', '1-3.1', '1-3.2']) bench.attribute(port, 'power/control', 'on\n');
    expect((await power('1-1'))[0]).toBe('power ok: it takes 360 mA of the 500 that its port gives');
    expect((await power('1-2.1'))[0]).toBe('power ok: it takes 360 mA of the 500 that the powered hub gives');
    expect((await power('1-3.1'))[0]).toBe('power warn: it takes 360 mA, and the unpowered hub it hangs on gives 100');
    expect((await power('1-3.2'))[0]).toBe('power ok: it takes 100 mA of the 100 that the unpowered hub gives');
  });

  it('was refused by the kernel', async () => {
    bench.plug(hub('1-3', false)).plug(usr('1-3.1', 'ttyACM0', { interfaces: [] }));
    expect((await power('1-3.1'))[0]).toMatch(/^power fail: it asks for 360 mA/);
  });

  it('may be taken away by autosuspend, and was by too much current', async () => {
    bench.plug(usr('1-1', 'ttyACM0'));
    expect((await power('1-1'))[1]).toMatch(/^autosuspend unknown: could not look/);
    bench.attribute('1-1', 'power/control', 'auto\n');
    bench.attribute('1-1', 'port/over_current_count', '3\n');
    const [, suspend, current] = examinePower(await bench.patient('1-1'), bench.system());
    expect(suspend).toMatchObject({
      verdict: 'warn',
      remedy: expect.stringMatching(/^echo on \| sudo tee .*1-1\/power/),
    });
    expect(current).toMatchObject({ check: 'overCurrent', verdict: 'warn', text: expect.stringContaining('3 times') });
  });
});

describe('rights', () => {
  it('are judged for who called sudo, and the rules for all', async () => {
    bench.plug(usr('1-1', 'ttyACM0'));
    const patient = await bench.patient('1-1');
    const found = examineRights(patient, bench.system({ isRoot: true, user: 'root', rules: 'absent' }));
    expect(found).toMatchObject([
      { check: 'rights', verdict: 'ok' },
      { check: 'resetRights', verdict: 'warn', remedy: 'sudo udevadm trigger --subsystem-match=usb' },
      { check: 'udevRules', verdict: 'warn', remedy: 'sudo modemctl setup', fix: { kind: 'rules' } },
    ]);
    writeFileSync(join(bench.roots.dev, 'node'), '');
    mkdirSync(join(patient.info!.usbfsNode!, '..'), { recursive: true });
    writeFileSync(patient.info!.usbfsNode!, '');
    const later = examineRights(patient, bench.system({ rules: 'current' }));
    expect(later.map(({ verdict }) => verdict)).toEqual(['ok', 'ok', 'ok']);
    expect(examineRights(patient, bench.system({ rules: 'outdated' }))[2]).toMatchObject({ verdict: 'warn' });
  });

  it.skipIf(process.getuid?.() === 0)('are missing', async () => {
    bench.plug(usr('1-1', 'ttyACM0'));
    chmodSync(join(bench.roots.dev, 'ttyACM0'), 0);
    const [finding] = examineRights(await bench.patient('1-1'), bench.system());
    expect(finding).toMatchObject({ check: 'rights', verdict: 'fail' });
  });
});

describe('holders', () => {
  beforeEach(() => {
    bench.plug(usr('1-1', 'ttyACM0'));
  });
  const held = async (holders: object[]) => {
    const patient = await bench.patient('1-1');
    return examineHolders({ ...patient, info: { ...patient.info!, heldBy: holders as never } }, bench.system());
  };

  it.each([
    ['agetty', false, 'fail', 'sudo systemctl disable --now serial-getty@ttyACM0.service'],
    ['minicom', false, 'warn', 'sudo kill 77'],
    ['modemctl', false, 'ok', null],
    ['mgetty', true, 'ok', null],
  ])('%s', async (command, waiting, verdict, remedy) => {
    const [finding] = await held([{ pid: 77, command, waiting }]);
    expect(finding).toMatchObject({ verdict, remedy });
  });

  it('that are services are stopped as such', async () => {
    bench.process(77, 'python3', ['python3'], '0::/system.slice/callattendant.service\n');
    expect(await held([{ pid: 77, command: 'python3', waiting: false }])).toMatchObject([
      { verdict: 'warn', remedy: 'sudo systemctl stop callattendant.service' },
    ]);
    bench.process(77, 'python3', ['python3'], '0::/system.slice/my\\x2dmodem.service\n');
    expect((await held([{ pid: 77, command: 'python3', waiting: false }]))[0]!.remedy).toBe(
      "sudo systemctl stop 'my\\x2dmodem.service'",
    );
  });

  it('of none it is said how far that was seen', async () => {
    expect(inShort(await held([]))).toEqual(['holders ok: nobody has it open, as far as can be seen without root']);
  });
});

describe('a getty', () => {
  const getty = async () => examineGetty(await bench.patient('1-1'), bench.system());
  beforeEach(() => {
    bench.plug(usr('1-1', 'ttyACM0'));
  });

  it('is not set up, or for another tty', async () => {
    bench.file('etc/systemd/system/getty.target.wants/serial-getty@ttyS0.service', '');
    bench.file('proc/cmdline', 'console=serial0,115200 console=tty1 root=/dev/mmcblk0p2\n');
    bench.file('etc/inittab', 'T0:23:respawn:/sbin/mgetty ttyACM0\n#T1:23:respawn:/sbin/getty ttyACM0\n');
    expect(await getty()).toMatchObject([{ verdict: 'ok' }]);
  });

  it('is wanted by systemd, by inittab, or the kernel has its console there', async () => {
    symlinkSyncAt('etc/systemd/system/getty.target.wants', 'serial-getty@ttyACM0.service');
    bench.file('proc/cmdline', 'console=ttyACM0,115200\n');
    bench.file('etc/inittab', 'T0:23:respawn:/sbin/getty -L ttyACM0 9600 vt100\n');
    expect((await getty()).map(({ verdict }) => verdict)).toEqual(['fail', 'warn', 'warn']);
  });

  /** A unit that is wanted is a link, here to nowhere. */
  function symlinkSyncAt(folder: string, name: string): void {
    mkdirSync(join(bench.folder, folder), { recursive: true });
    symlinkSync(`/lib/systemd/system/${name}`, join(bench.folder, folder, name));
  }
});

describe('ModemManager', () => {
  const judged = async () => {
    const [finding] = await examineModemManager(await bench.patient('1-1'), bench.system());
    return finding!;
  };
  beforeEach(() => {
    bench.plug(usr('1-1', 'ttyACM0'));
    bench.attribute('1-1', 'dev', '189:3\n');
  });
  const runs = (...words: string[]) => bench.process(500, 'ModemManager', ['/usr/sbin/ModemManager', ...words]);

  it('does not run', async () => {
    expect(await judged()).toMatchObject({ verdict: 'ok', text: 'ModemManager does not run' });
  });

  it.each([
    ['ModemManager 1.20.4\nCopyright (C) 2008-2022\n', 'ok'],
    ['ModemManager 1.14.12\n', 'ok'],
    ['ModemManager 1.10.0\n', 'warn'],
    ['mmcli 1.6.4\n', 'warn'],
    ['who knows\n', 'unknown'],
  ])('says %j', async (said, verdict) => {
    runs();
    bench.programs.set('ModemManager', said);
    expect((await judged()).verdict).toBe(verdict);
  });

  it.each([
    [['--filter-policy=strict'], 'ok'],
    [['--filter-policy=paranoid'], 'warn'],
    [['--filter-policy', 'default'], 'warn'],
  ])('runs with %s', async (words, verdict) => {
    runs(...words);
    bench.programs.set('ModemManager', 'ModemManager 1.18.6');
    expect((await judged()).verdict).toBe(verdict);
  });

  it('is told by udev to leave it alone, or to use it', async () => {
    runs();
    bench.programs.set('ModemManager', 'ModemManager 1.6.0');
    bench.file('run/udev/data/c189:3', 'I:12\nE:ID_MM_DEVICE_IGNORE=1\nG:systemd\n');
    expect((await judged()).verdict).toBe('ok');
    bench.file('run/udev/data/c189:3', 'E:ID_MM_DEVICE_PROCESS=1\n');
    expect(await judged()).toMatchObject({ verdict: 'warn', fix: { kind: 'rules' } });
  });

  it('does not end: nobody waits for it', async () => {
    runs();
    bench.programs.set('ModemManager', { kind: 'failed' });
    expect((await judged()).verdict).toBe('unknown');
  });
});

describe('brltty', () => {
  const judged = async () => examineBrltty(await bench.patient('1-1'), bench.system());

  it('does not want it', async () => {
    bench.plug(usr('1-1', 'ttyACM0')).process(600, 'brltty');
    bench.file('rules.d/85-brltty.rules', 'ENV{PRODUCT}=="403/6001/*", ATTRS{manufacturer}=="FTDI"\n#"baf/303/*"\n');
    expect(await judged()).toMatchObject([{ verdict: 'ok', text: 'brltty runs, and does not want it' }]);
  });

  it('wants it by a rule, or has taken it', async () => {
    bench.plug(usr('1-1', 'ttyACM0')).file('rules.d/85-brltty.rules', 'ENV{PRODUCT}=="baf/303/*", GOTO="brltty_x"\n');
    expect(await judged()).toMatchObject([{ verdict: 'warn' }]);
    bench.unplug('1-1');
    bench.plug(usr('1-1', 'x', { interfaces: [{ class: '02/02/01', driver: 'usbfs' }] })).process(600, 'brltty');
    expect(await judged()).toMatchObject([{ verdict: 'fail' }]);
  });
});

describe('split transactions', () => {
  const judged = async (port: string) => inShort(examineSplits(await bench.patient(port), bench.system()));

  it('are told of a full-speed stick behind the high-speed hub of an older Pi, and of nobody else', async () => {
    bench.plug(hub('1-1', true)).plug(tfm('1-1.2', 'ttyACM0')).plug(usr('1-1.3', 'ttyACM1'));
    expect(await judged('1-1.2')).toEqual([]);
    controller('dwc_otg');
    expect((await judged('1-1.2'))[0]).toMatch(/^splits warn: full speed behind a high-speed hub on dwc_otg/);
    expect(await judged('1-1.3')).toEqual(['splits ok: it is high speed: no split transactions']);
  });

  it('are none where the stick is at the controller itself, or that is another', async () => {
    controller('dwc2', 1);
    bench.plug(tfm('1-1', 'ttyACM0'));
    expect(await judged('1-1')).toEqual(['splits ok: full speed all the way: no split transactions']);
    rmSync(join(bench.roots.sys, 'bus/usb/devices/usb1'));
    rmSync(join(bench.folder, 'controller'), { recursive: true });
    controller('xhci_hcd');
    expect(await judged('1-1')).toEqual([]);
  });
});
