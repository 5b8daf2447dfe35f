/** A machine of files: /sys, /dev, /proc, /etc and /run/lock in a temporary folder, as the kernel lays them out. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SystemRoots } from '../../src/core/system-roots.ts';

export interface FakeInterface {
  /** Class, subclass, protocol: `02/02/01`. */
  readonly class: string;
  readonly driver?: string;
  /** `ttyACM0`; a ttyUSB goes below its port. Its node is made too. */
  readonly tty?: string;
}

export interface FakeDevice {
  readonly port: string;
  /** `0baf:0303` */
  readonly ids: string;
  readonly bus?: number;
  readonly address?: number;
  readonly speed?: string;
  readonly authorized?: boolean;
  readonly strings?: { manufacturer?: string; product?: string; serial?: string };
  readonly descriptors?: Uint8Array;
  /** Value of the active configuration, 1 by default. */
  readonly configuration?: number;
  /** None: Linux gave it no configuration. */
  readonly interfaces?: readonly FakeInterface[];
}

export class FakeSystem {
  readonly folder = mkdtempSync(join(tmpdir(), 'modemctl-fake-'));
  readonly roots: SystemRoots = {
    sys: join(this.folder, 'sys'),
    dev: join(this.folder, 'dev'),
    proc: join(this.folder, 'proc'),
    etc: join(this.folder, 'etc'),
    lock: join(this.folder, 'lock'),
  };
  readonly virtualFolder = join(this.folder, 'virtual');

  constructor() {
    for (const folder of [...Object.values(this.roots), this.#devices]) mkdirSync(folder, { recursive: true });
  }

  get #devices(): string {
    return join(this.roots.sys, 'bus/usb/devices');
  }

  /** A driver that is loaded. */
  load(driver: string): this {
    const folder = join(this.roots.sys, 'bus/usb/drivers', driver);
    mkdirSync(folder, { recursive: true });
    this.write(join(folder, 'bind'), '');
    return this;
  }

  write(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }

  attribute(port: string, name: string, content: string | Uint8Array): void {
    this.write(join(this.#devices, port, name), content);
  }

  plug(device: FakeDevice): this {
    const [vendorId, productId] = device.ids.split(':');
    const { bus = Number.parseInt(device.port, 10), address = 4 } = device;
    const attributes: Record<string, string> = {
      busnum: `${bus}\n`,
      devnum: `${address}\n`,
      idVendor: `${vendorId}\n`,
      idProduct: `${productId}\n`,
      speed: `${device.speed ?? '12'}\n`,
      authorized: device.authorized === false ? '0\n' : '1\n',
      bDeviceClass: '02\n',
    };
    for (const [name, text] of Object.entries(device.strings ?? {})) attributes[name] = `${text}\n`;
    for (const [name, text] of Object.entries(attributes)) this.attribute(device.port, name, text);
    if (device.descriptors) this.attribute(device.port, 'descriptors', device.descriptors);
    for (const [number, face] of (device.interfaces ?? []).entries()) this.#addInterface(device, face, number);
    return this;
  }

  #addInterface(device: FakeDevice, face: FakeInterface, number: number): void {
    const name = `${device.port}:${device.configuration ?? 1}.${number}`;
    const [faceClass, subclass, protocol] = face.class.split('/');
    this.attribute(name, 'bInterfaceNumber', `${String(number).padStart(2, '0')}\n`);
    this.attribute(name, 'bInterfaceClass', `${faceClass}\n`);
    this.attribute(name, 'bInterfaceSubClass', `${subclass}\n`);
    this.attribute(name, 'bInterfaceProtocol', `${protocol}\n`);
    if (face.driver) {
      this.load(face.driver);
      symlinkSync(join(this.roots.sys, 'bus/usb/drivers', face.driver), join(this.#devices, name, 'driver'));
    }
    if (face.tty) {
      const below = face.tty.startsWith('ttyUSB') ? join(face.tty, 'tty', face.tty) : join('tty', face.tty);
      mkdirSync(join(this.#devices, name, below), { recursive: true });
      this.node(face.tty);
    }
  }

  /** A stand-in for a tty's node. */
  node(name: string): string {
    const path = join(this.roots.dev, name);
    this.write(path, '');
    return path;
  }

  /** A hub's ports, there whether something is plugged in or not; `usb1` is a root hub. With `disable`, as Linux 6.0 has it, they have a switch. */
  hub(hub: string, count: number, options: { disable?: boolean; peer?: string } = {}): this {
    const face = hub.startsWith('usb') ? `${hub.slice(3)}-0:1.0` : `${hub}:1.0`;
    if (!hub.startsWith('usb')) {
      this.plug({ port: hub, ids: '05e3:0608' });
      this.attribute(hub, 'bDeviceClass', '09\n');
    }
    for (let number = 1; number <= count; number++) {
      const port = join(this.#devices, face, `${hub}-port${number}`);
      mkdirSync(port, { recursive: true });
      if (options.disable) this.write(join(port, 'disable'), '0\n');
      const { peer } = options;
      if (peer === undefined) continue;
      const other = peer.startsWith('usb') ? `${peer.slice(3)}-0:1.0` : `${peer}:1.0`;
      symlinkSync(join(this.#devices, other, `${peer}-port${number}`), join(port, 'peer'));
    }
    return this;
  }

  /** The content of a port's switch: 1 is off. */
  switchOf(port: string): string {
    return readFileSync(join(this.#devices, port, 'disable'), 'latin1').trim();
  }

  /** Something of a class (`block/sda2`, `net/eth1`) that hangs on the USB device at the last of `ports`; with a number also `/sys/dev/block/NUMBER`. */
  onUsb(name: string, ports: readonly string[], number?: string): this {
    const real = join(this.roots.sys, 'devices/pci0/usb1', ...ports, name);
    mkdirSync(real, { recursive: true });
    const link = (from: string) => {
      mkdirSync(dirname(from), { recursive: true });
      symlinkSync(real, from);
    };
    link(join(this.roots.sys, 'class', name));
    if (number !== undefined) link(join(this.roots.sys, 'dev/block', number));
    return this;
  }

  unplug(port: string): void {
    for (const suffix of ['', ':1.0', ':1.1', ':2.0', ':2.1']) {
      rmSync(join(this.#devices, port + suffix), { recursive: true, force: true });
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
