import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundleText } from '../../../src/services/doctor/bundle.ts';
import { examineMachine, examineModem } from '../../../src/services/doctor/examine.ts';
import { fixesFor } from '../../../src/services/doctor/fix.ts';
import { examineLocks } from '../../../src/services/doctor/locks.ts';
import { removeStaleLock } from '../../../src/tty/lock.ts';
import { usr } from '../../usb/plugged.ts';
import { DoctorBench, inShort, RELEASE } from './bench.ts';

let bench: DoctorBench;
beforeEach(() => {
  bench = new DoctorBench();
});
afterEach(() => bench.remove());

/** More than any kernel gives (PID_MAX_LIMIT is 4194304, and counted from 0). */
const DEAD = 4_194_304;

describe('a Raspberry Pi', () => {
  const pi = (model: string) => bench.file('sys/firmware/devicetree/base/model', `${model}\0`);
  const found = async (check: string) =>
    inShort((await examineMachine(bench.system())).filter((finding) => finding.check === check));

  it.each([
    ['Raspberry Pi 5 Model B Rev 1.0', 'its four USB sockets are switched together'],
    ['Raspberry Pi 4 Model B Rev 1.4', 'its four USB sockets are switched together'],
    ['Raspberry Pi 3 Model B Plus Rev 1.3', 'its four USB sockets are switched together, without Ethernet'],
    ['Raspberry Pi 3 Model B Rev 1.2', 'its four USB sockets and Ethernet are switched together'],
    ['Raspberry Pi Zero 2 W Rev 1.0', 'power of its USB socket cannot be switched'],
  ])('%s', async (model, told) => {
    pi(model);
    expect(await found('board')).toEqual([`board ok: ${model}: ${told}`]);
  });

  it('is none: nothing is said of it', async () => {
    pi('Radxa ROCK Pi 4B');
    expect([...(await found('board')), ...(await found('voltage'))]).toEqual([]);
  });

  it.each([
    ['throttled=0x0\n', 'ok'],
    ['throttled=0x50000\n', 'warn'],
    ['throttled=0x50005\n', 'fail'],
    ['VCHI initialization failed\n', 'unknown'],
  ])('vcgencmd says %j', async (said, verdict) => {
    pi('Raspberry Pi 4 Model B Rev 1.4');
    bench.programs.set('vcgencmd', said);
    expect((await found('voltage'))[0]).toMatch(new RegExp(`^voltage ${verdict}:`));
  });

  it('has a sensor as well', async () => {
    pi('Raspberry Pi 4 Model B Rev 1.4');
    bench.file('sys/class/hwmon/hwmon0/name', 'cpu_thermal\n').file('sys/class/hwmon/hwmon1/name', 'rpi_volt\n');
    bench.file('sys/class/hwmon/hwmon1/in0_lcrit_alarm', '0\n');
    expect((await found('voltage'))[0]).toMatch(/^voltage ok/);
    bench.file('sys/class/hwmon/hwmon1/in0_lcrit_alarm', '1\n');
    expect((await found('voltage'))[0]).toMatch(/^voltage fail/);
  });
});

describe('lock files', () => {
  it('of the dead are told, and removed by the fix; of the living they stay', () => {
    bench.file('lock/LCK..ttyACM0', `${String(DEAD).padStart(10)}\n`);
    bench.file('lock/LCK..ttyACM1', `${String(process.pid).padStart(10)}\n`);
    bench.file('lock/LCK..ttyACM2', '');
    bench.file('lock/subsys', '');
    const path = join(bench.roots.lock, 'LCK..ttyACM0');
    const found = examineLocks(bench.system());
    expect(found).toMatchObject([{ verdict: 'warn', fix: { kind: 'lock', path } }]);
    expect(fixesFor([...found, ...found])).toEqual([{ kind: 'lock', path }]);
    expect(removeStaleLock(path)).toBeNull();
    expect(existsSync(path)).toBe(false);
    const living = join(bench.roots.lock, 'LCK..ttyACM1');
    expect(removeStaleLock(living)).toMatch(/stale no more/);
    expect(readFileSync(living, 'utf8')).toContain(String(process.pid));
    expect(inShort(examineLocks(bench.system()))).toEqual(['locks ok: no stale lock file']);
  });
});

describe('programs', () => {
  it('are missing, with what installs them', async () => {
    const found = await examineMachine(bench.system({ hasKoffi: false }));
    expect(found.map(({ check, verdict, remedy }) => `${check} ${verdict} ${remedy}`)).toEqual([
      'locks ok null',
      'pppd warn sudo apt install ppp',
      'lrzsz warn sudo apt install lrzsz',
      'koffi warn npm install -g koffi',
    ]);
  });

  it('may be there for others only', async () => {
    const found = await examineMachine(bench.system({ lookUp: () => 'denied' }));
    expect(found[1]).toMatchObject({ check: 'pppd', verdict: 'warn', remedy: expect.stringContaining('-aG dip') });
  });

  it('are there; of PPP the kernel is asked', async () => {
    for (const name of ['pppd', 'sz', 'rz', 'modprobe']) bench.programs.set(name, '');
    expect((await examineMachine(bench.system())).map(({ verdict }) => verdict)).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(bench.ran).toEqual(['modprobe -nq ppp_async']);
    bench.programs.set('modprobe', { kind: 'ended', code: 1, stdout: '', stderr: '' });
    expect(inShort(await examineMachine(bench.system()))[2]).toMatch(/^kernelPpp warn/);
    bench.file('proc/tty/ldiscs', 'n_tty       0\nn_ppp       3\n');
    expect(inShort(await examineMachine(bench.system()))[2]).toBe('kernelPpp ok: the kernel has PPP');
  });
});

describe('whatever is in the files', () => {
  it('nothing is thrown, and every finding has a sentence', async () => {
    bench.plug(usr('1-1', 'ttyACM0')).process(500, 'ModemManager');
    bench.attribute('1-1', 'dev', '189:3\n');
    const patient = await bench.patient('1-1');
    const files = [
      'proc/cmdline',
      'proc/500/cmdline',
      'proc/tty/ldiscs',
      'etc/inittab',
      'lock/LCK..ttyACM0',
      'run/udev/data/c189:3',
      'rules.d/85-brltty.rules',
      `modules/${RELEASE}/modules.dep`,
      'sys/firmware/devicetree/base/model',
      'sys/class/hwmon/hwmon0/name',
      'sys/bus/usb/devices/1-1/power/control',
      'sys/bus/usb/devices/1-1/port/over_current_count',
    ];
    for (const name of ['pppd', 'modprobe']) bench.programs.set(name, '');
    const content = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('Raspberry Pi \x1b[2J', '-1', '99999999999'),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), content, content, async (path, text, said) => {
        bench.file(path, text);
        for (const name of ['vcgencmd', 'ModemManager']) bench.programs.set(name, said);
        const system = bench.system();
        const found = [...(await examineModem(patient, system)), ...(await examineMachine(system))];
        expect(found.filter((finding) => finding.text.trim() === '')).toEqual([]);
        expect(
          found.filter(({ text }) =>
            /could not look: (?!there is neither|ModemManager|its|modprobe|.*power\/control)/.test(text),
          ),
        ).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the bundle', () => {
  it('has all of it, telephone numbers masked, no control character', async () => {
    bench.plug(usr('1-1.2', 'ttyACM0')).plug({ port: '1-1', ids: '2109:3431', interfaces: [] });
    bench.programs.set(
      'dmesg',
      [
        '[1.0] usb 1-1.2: new high-speed USB device number 4 using xhci_hcd',
        '[1.1] cdc_acm 1-1.2:2.0: ttyACM0: USB ACM device',
        '[1.2] usb 1-1.3: somebody else',
        '[1.3] usb 1-1: a hub',
        '[1.4] eth0: link up',
      ].join('\n'),
    );
    const patient = await bench.patient('1-1.2');
    const screen = ['LAST DIALED #: T5550137', '&Z0=0W5550142', 'S07=060 S08=002', 'Flash Date 06/04/2012', '5550199'];
    const text = await bundleText({
      version: '1.2.3',
      date: new Date(0),
      system: bench.system(),
      machine: [],
      cases: [
        {
          patient,
          findings: [{ check: 'x', verdict: 'ok', text: 'heard NMBR=5550111 \x1b[2J', remedy: null, fix: null }],
          inspection: {
            family: { id: 'usr' } as never,
            firmware: { text: 'V1.2.23', version: '1.2.23' },
            faults: [],
            capabilities: [],
            registers: { 0: 0 },
            screens: [{ command: 'ATI4', about: 'settings', lines: screen, result: 'OK' }],
          },
        },
      ],
    });
    expect(text).not.toMatch(/55501/);
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
    expect(text).toContain('modemctl: 1.2.3');
    expect(text).toContain('ATI4: S07=060 S08=002');
    expect(text).toContain('Flash Date 06/04/2012');
    expect(text).toMatch(/^1-1\.2\/idVendor: 0baf$/m);
    expect(text).toMatch(/^1-1\.2:2\.0\/driver: cdc_acm$/m);
    expect(text).toMatch(/^== sysfs of its hub 1-1$/m);
    const log = text.slice(text.indexOf('== kernel log'));
    expect(log).toContain('ttyACM0: USB ACM device');
    expect(log).not.toMatch(/1-1\.3|eth0|usb 1-1:/);
  });
});
