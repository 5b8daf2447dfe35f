import { chmodSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { cyclePower } from '../../../src/usb/power/cycle.ts';
import { type PowerPlan, type PowerPolicy, planPower } from '../../../src/usb/power/plan.ts';
import { powerSwitchOf } from '../../../src/usb/power/power-switch.ts';
import { FakeSystem } from '../../support/fake-system.ts';
import { usr } from '../plugged.ts';

let system: FakeSystem;
beforeEach(() => {
  system = new FakeSystem();
});
afterEach(() => system.remove());

const DISK = { ids: '0951:1666' };
const ETHERNET = { ids: '0424:ec00' };

/** No uhubctl but what a test puts there. */
const plan = (id: string, policy: PowerPolicy = {}, env: NodeJS.ProcessEnv = {}): Promise<PowerPlan> =>
  planPower(id, policy, {
    clock: systemClock,
    roots: system.roots,
    env: { PATH: join(system.folder, 'bin'), ...env },
    addresses: { eth0: ['192.0.2.7'], usb0: ['192.0.2.8'] },
  });

const cycle = async (id: string, policy: PowerPolicy = {}, seen: () => void = () => {}) => {
  const made = await plan(id, policy);
  if (!made.ok) throw new Error(made.why);
  return cyclePower(made.way, { clock: systemClock, offMs: 1, onOff: async () => seen() });
};

/** A shell script in the machine's only folder of programs. */
function program(name: string, script: string): void {
  const path = join(system.folder, 'bin', name);
  system.write(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

function pi(model: string): void {
  system.write(join(system.roots.sys, 'firmware/devicetree/base/model'), `Raspberry Pi ${model}\0`);
}

describe('the power of a port', () => {
  it('is switched off and on by its own attribute, and by its other half', async () => {
    system.hub('usb2', 4, { disable: true }).hub('usb1', 4, { disable: true, peer: 'usb2' });
    system.plug(usr('1-2', 'ttyACM0'));
    let off: string[] = [];
    const files = ['1-0:1.0/usb1-port2', '2-0:1.0/usb2-port2', '1-0:1.0/usb1-port1'];
    expect(await cycle('1-2', {}, () => (off = files.map((file) => system.switchOf(file))))).toBeNull();
    expect(off).toEqual(['1', '1', '0']);
    expect(files.map((file) => system.switchOf(file))).toEqual(['0', '0', '0']);
  });

  it('can be switched where nothing is plugged in any more', async () => {
    system.hub('1-1', 4, { disable: true });
    let off = '';
    expect(await cycle('1-1.3', {}, () => (off = system.switchOf('1-1:1.0/1-1-port3')))).toBeNull();
    expect([off, system.switchOf('1-1:1.0/1-1-port3')]).toEqual(['1', '0']);
  });

  it('cannot be switched by a kernel before 6.0 without uhubctl; how it can is said', async () => {
    system.hub('1-1', 4);
    expect(await plan('1-1.3')).toMatchObject({ ok: false, code: 'HELPER', hint: expect.stringMatching(/uhubctl/) });
    // No program would help there.
    const nowhere = {
      ok: false,
      why: 'there is no such USB port on this machine',
      hint: expect.stringMatching(/detect/),
    };
    expect(await plan('1-9')).toMatchObject(nowhere);
    expect(await plan('/dev/ttyS0')).toMatchObject({ ok: false, hint: expect.not.stringMatching(/uhubctl/) });
  });

  it('is switched by uhubctl where the kernel cannot', async () => {
    system.hub('1-1', 4);
    program('uhubctl', `echo "$@" >>${system.folder}/calls`);
    expect(await cycle('1-1.3')).toBeNull();
    expect(readFileSync(join(system.folder, 'calls'), 'utf8')).toBe('-l 1-1\n-l 1-1 -p 3 -a off\n-l 1-1 -p 3 -a on\n');
  });

  it('is on again after a way that failed, which is told', async () => {
    system.hub('1-1', 4);
    program('uhubctl', `echo "$@" >>${system.folder}/calls; case "$*" in *off) echo broken >&2; exit 1;; esac`);
    expect(await cycle('1-1.3')).toEqual({ denied: false, detail: 'uhubctl failed: broken' });
    expect(readFileSync(join(system.folder, 'calls'), 'utf8')).toMatch(/-a on\n$/);
  });

  it('goes by the way that is named, and no other', async () => {
    system.hub('1-1', 4, { disable: true });
    expect(await plan('1-1.3', { by: 'uhubctl' })).toMatchObject({ ok: false, code: 'HELPER' });
    expect(await plan('1-1.3', { by: 'command' })).toMatchObject({ ok: false, code: 'HELPER' });
    expect(await plan('1-1.3', { by: 'port', command: 'true' })).toMatchObject({
      way: { name: "the port's own switch" },
    });
    expect(await plan('1-1.3', { command: 'true' })).toMatchObject({ way: { name: 'your command' } });
  });

  it('is the business of the user where it is his command: nothing is refused', async () => {
    system.hub('1-1', 4).plug({ port: '1-1.1', ...DISK });
    system.onUsb('block/sda', ['1-1', '1-1.1', '1-1.1:1.0'], '8:0');
    mount('8:0 / / rw - ext4 /dev/sda rw');
    expect(await plan('1-1.3', { command: 'true' })).toMatchObject({ ok: true, others: [] });
  });
});

function mount(...mounts: string[]): void {
  system.write(join(system.roots.proc, 'self/mountinfo'), mounts.map((line) => `36 35 ${line}\n`).join(''));
}

describe('what else loses its power', () => {
  beforeEach(() => {
    system.hub('usb1', 2).hub('1-1', 4, { disable: true });
    system.plug(usr('1-1.3', 'ttyACM0'));
  });

  it('is told: whatever hangs on the same hub', async () => {
    system.plug({ port: '1-1.1', ...DISK }).plug({ port: '1-2', ids: '046d:c31c' });
    expect(await plan('1-1.3')).toMatchObject({ ok: true, others: ['0951:1666 at 1-1.1'] });
  });

  it('is nothing where uhubctl knows the hub to switch each port', async () => {
    program('uhubctl', 'echo "Current status for hub 1-1 [05e3:0608 USB2.0 Hub, USB 2.00, 4 ports, ppps]"');
    system.plug({ port: '1-1.1', ...DISK });
    expect(await plan('1-1.3')).toMatchObject({ ok: true, others: [] });
    program('uhubctl', 'echo "Current status for hub 1-1 [05e3:0608 USB2.0 Hub, USB 2.00, 4 ports, ganged]"');
    expect(await plan('1-1.3')).toMatchObject({ ok: true, others: ['0951:1666 at 1-1.1'] });
  });

  it('must not be the root disk, unless that is allowed', async () => {
    system.plug({ port: '1-1.1', ...DISK });
    system.onUsb('block/sda2', ['1-1', '1-1.1', '1-1.1:1.0', 'host0'], '8:2');
    mount('8:2 / / rw,noatime shared:1 - ext4 /dev/sda2 rw');
    const refused = await plan('1-1.3');
    expect(refused).toEqual({
      ok: false,
      code: 'USAGE',
      why: 'the root disk (0951:1666 at 1-1.1) would lose power too',
      hint: expect.stringMatching(/--power-also 1-1\.1$/),
    });
    expect(await plan('1-1.3', { also: ['1-1.2'] })).toMatchObject({ ok: false });
    expect(await plan('1-1.3', { also: ['1-1.1'] })).toMatchObject({ ok: true });
    expect(await plan('1-1.3', { also: ['1-1'] })).toMatchObject({ ok: true });
  });

  it.each([
    [
      'behind a hub of its own, mounted elsewhere',
      '8:17 / /mnt/my\\040data rw - ext4 /dev/sdb1 rw',
      'block/sdb1',
      '8:17',
    ],
    ['with btrfs, which has a number of its own', '0:28 /@ / rw - btrfs /dev/sdb1 rw', 'block/sdb1', undefined],
  ])('must not be a disk %s', async (_, line, name, number) => {
    system.hub('1-1.2', 4).plug({ port: '1-1.2.4', ...DISK });
    system.onUsb(name, ['1-1', '1-1.2', '1-1.2.4', '1-1.2.4:1.0'], number);
    mount(line);
    expect(await plan('1-1.3')).toMatchObject({ ok: false, why: expect.stringMatching(/1-1\.2\.4\) would lose/) });
  });

  it('must not be a disk below an encrypted root, nor swap', async () => {
    system.plug({ port: '1-1.1', ...DISK });
    system.onUsb('block/sda3', ['1-1', '1-1.1', '1-1.1:1.0'], '8:3');
    system.onUsb('block/dm-0', [], '253:0');
    mount('253:0 / / rw - ext4 /dev/mapper/root rw');
    const slaves = join(system.roots.sys, 'class/block/dm-0/slaves');
    mkdirSync(slaves);
    symlinkSync(join(system.roots.sys, 'class/block/sda3'), join(slaves, 'sda3'));
    expect(await plan('1-1.3')).toMatchObject({ ok: false, why: expect.stringMatching(/^the root disk/) });
    mount();
    expect(await plan('1-1.3')).toMatchObject({ ok: true });
    system.write(join(system.roots.proc, 'swaps'), 'Filename Type Size\n/dev/sda3 partition 1000\n');
    expect(await plan('1-1.3')).toMatchObject({ ok: false, why: expect.stringMatching(/^swap/) });
  });

  it('must not be the network with the default route, of IPv4 or IPv6', async () => {
    system.plug({ port: '1-1.1', ...ETHERNET }).onUsb('net/eth0', ['1-1', '1-1.1', '1-1.1:1.0']);
    const head = 'Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n';
    const route = join(system.roots.proc, 'net/route');
    system.write(route, `${head}eth0\t0000A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n`);
    expect(await plan('1-1.3')).toMatchObject({ ok: true, others: ['0424:ec00 at 1-1.1'] });
    system.write(route, `${head}eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n`);
    expect(await plan('1-1.3')).toMatchObject({ ok: false, why: expect.stringMatching(/^the network by eth0/) });
    system.write(route, head);
    const zero = '0'.repeat(32);
    system.write(join(system.roots.proc, 'net/ipv6_route'), `${zero} 00 ${zero} 00 fe80 1 1 1 3 eth0\n`);
    expect(await plan('1-1.3')).toMatchObject({ ok: false, why: expect.stringMatching(/^the network by eth0/) });
  });

  it('must not be the network that carries the ssh session', async () => {
    system.plug({ port: '1-1.1', ...ETHERNET }).onUsb('net/usb0', ['1-1', '1-1.1', '1-1.1:1.0']);
    const ssh = (address: string) => plan('1-1.3', {}, { SSH_CONNECTION: `198.51.100.9 50000 ${address} 22` });
    expect(await ssh('192.0.2.7')).toMatchObject({ ok: true });
    expect(await ssh('192.0.2.8')).toMatchObject({ ok: false, why: expect.stringMatching(/your ssh session/) });
  });

  it('is known of the ssh session although sudo has taken its variable away', async () => {
    system.plug({ port: '1-1.1', ...ETHERNET }).onUsb('net/usb0', ['1-1', '1-1.1', '1-1.1:1.0']);
    const sudo = join(system.roots.proc, String(process.ppid));
    system.write(join(sudo, 'environ'), 'PATH=/bin\0');
    system.write(join(sudo, 'stat'), `${process.ppid} (su) do) S 4711 1 1 0`);
    system.write(join(system.roots.proc, '4711/environ'), 'A=b\0SSH_CONNECTION=198.51.100.9 5 192.0.2.8 22\0');
    system.write(join(system.roots.proc, '4711/stat'), '4711 (bash) S 1 1 1 0');
    expect(await plan('1-1.3')).toMatchObject({ ok: false, why: expect.stringMatching(/your ssh session/) });
  });
});

describe("a Raspberry Pi's sockets", () => {
  const switched = (port: string, eachByItself = true) => {
    const { ports, others } = powerSwitchOf(port, system.roots, eachByItself);
    return { ports: ports.map(({ path }) => path), others };
  };

  it('of a 3B go together, by port 2 of the hub; Ethernet hangs on it too', () => {
    pi('3 Model B Rev 1.2');
    system
      .hub('usb1', 1)
      .hub('1-1', 5)
      .plug({ port: '1-1.1', ...ETHERNET })
      .plug(usr('1-1.4', 'ttyACM0'));
    expect(switched('1-1.4')).toEqual({ ports: ['1-1.2'], others: ['1-1.1'] });
  });

  it('of a 4B go together, USB 3 included, whatever the hub says of itself', () => {
    pi('4 Model B Rev 1.4');
    system
      .hub('usb1', 1)
      .hub('1-1', 4)
      .hub('usb2', 4)
      .plug({ port: '2-1', ...DISK })
      .plug(usr('1-1.4', 'ttyACM0'));
    expect(switched('1-1.4')).toEqual({
      ports: ['1-1.1', '1-1.2', '1-1.3', '1-1.4', '2-1', '2-2', '2-3', '2-4'],
      others: ['2-1'],
    });
  });

  it('cannot be switched on a Zero; a hub that was plugged in has its own ways', async () => {
    pi('Zero 2 W Rev 1.0');
    system.hub('usb1', 1).hub('1-1.3', 4, { disable: true });
    expect(await plan('1-1')).toMatchObject({
      ok: false,
      code: 'HELPER',
      why: expect.stringMatching(/cannot be switched/),
    });
    expect(switched('1-1.3.2')).toEqual({ ports: ['1-1.3.2'], others: [] });
  });
});
