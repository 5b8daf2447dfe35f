/** A machine of files: /sys, /dev, /proc, /etc and /run/lock in a temporary folder, as the kernel lays them out. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

  unplug(port: string): void {
    for (const suffix of ['', ':1.0', ':1.1', ':2.0', ':2.1']) {
      rmSync(join(this.#devices, port + suffix), { recursive: true, force: true });
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
