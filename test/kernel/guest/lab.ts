// Virtual modems on the guest's USB bus: what a case plugs in, and how it knows them afterwards.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { systemClock } from '../../../src/core/clock.ts';
import { Dce } from '../../../src/virtual/dce/dce.ts';
import { Exchange } from '../../../src/virtual/exchange/exchange.ts';
import { plugInSubscribers } from '../../../src/virtual/exchange/subscribers.ts';
import { startUsbipModems, type UsbipModem, type UsbipModems } from '../../../src/virtual/faces/usbip/usbip-modems.ts';
import { makeMisbehaviour } from '../../../src/virtual/misbehaviour/catalogue.ts';
import { modelNamed } from '../../../src/virtual/models/index.ts';
import { changed, type DescriptionChanges, type UsbDescription } from '../../../src/virtual/usb/description.ts';
import { describeModel } from '../../../src/virtual/usb/layouts.ts';
import type { Guest } from './guest.ts';
import { pause, ttyAt } from './guest.ts';

/** A modem to be plugged in. */
export interface UnitSpec {
  model: 'usr5637' | 'tfm561u' | 'hiro';
  /** Its telephone number; default 5550101, 5550102 ... */
  number?: string;
  changes?: DescriptionChanges;
  /** A description of its own, in place of the model's. */
  description?: UsbDescription;
  /** Names of misbehaviours it has from the start. */
  misbehave?: string[];
  /** False: it lies beside the socket. */
  plugged?: boolean;
  /** False: the kernel makes no tty of it, and that is as it should be. */
  tty?: boolean;
}

/** One plugged-in modem. */
export class Unit {
  readonly number: string;
  readonly usb: UsbipModem;
  readonly #dce: Dce | null;
  readonly #wantsTty: boolean;

  constructor(number: string, usb: UsbipModem, dce: Dce | null, wantsTty: boolean) {
    this.number = number;
    this.usb = usb;
    this.#dce = dce;
    this.#wantsTty = wantsTty;
  }

  /** The modem proper, whose state is the truth of what was done to it. */
  get dce(): Dce {
    assert.ok(this.#dce, 'a winmodem has no controller');
    return this.#dce;
  }

  /** Its USB port path. */
  get port(): string {
    const path = this.usb.portPath;
    assert.ok(path, 'it is not on the bus');
    return path;
  }

  /** Its tty. */
  get tty(): string {
    const tty = ttyAt(this.port);
    assert.ok(tty, `${this.port} has no tty`);
    return tty;
  }

  /** It starts to misbehave. */
  misbehave(name: string): void {
    this.dce.afflict(makeMisbehaviour(name));
  }

  /**
   * The socket as a real one is: what hangs on it loses its power with the port's. vhci's hub tells of no new connection when power returns (see README.md), so the cable is pulled and put in again by hand. To be ended at
   * the end of the case.
   */
  followPower(guest: Guest): void {
    // By a root hub's own port: usb1-port1.
    const [bus, number] = this.port.split('-');
    const attribute = `/sys/bus/usb/devices/${bus}-0:1.0/usb${bus}-port${number}/disable`;
    let isOff = false;
    let ended = false;
    const follow = async () => {
      while (!ended) {
        // Asynchronously: the hub's lock may be held until this process has answered for the modem.
        const now = (await readFile(attribute, 'latin1')).trim() === '1';
        if (now !== isOff) {
          guest.note(`power of ${bus}-${number} is ${now ? 'off' : 'on'}`);
          if (now) await this.usb.unplug();
          else await this.usb.plugIn();
        }
        isOff = now;
        await pause(50);
      }
    };
    const following = follow().catch((error) => guest.note(`following ${attribute}: ${error}`));
    guest.onEnd(async () => {
      ended = true;
      await following;
    });
  }

  /** Waits until the kernel has it, with its tty if it is to have one, and udev is done. */
  async ready(guest: Guest): Promise<void> {
    await guest.until('the kernel has enumerated the modem', () => this.usb.portPath !== null);
    if (this.#wantsTty) await guest.until(`${this.port} has a tty`, () => ttyAt(this.port) !== null);
    await guest.settle();
  }
}

/** Does the same with every modem, side by side: they do not know of each other, and the guest has two processors. Not for what looks at a tty's number after a reset: of two that are reset at once each may get the other's. */
export async function withEach<T = Unit>(
  units: readonly T[],
  act: (unit: T, index: number) => Promise<void>,
): Promise<void> {
  const outcomes = await Promise.allSettled(units.map(act));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

/** The modems of a case and their telephone network. */
export interface Lab {
  exchange: Exchange;
  units: Unit[];
  usbip: UsbipModems;
}

/** Plugs modems in, in their order from port 1-1 on, and waits until the kernel is done with them. They are pulled out at the end of the case. */
export async function plugIn(guest: Guest, ...specs: UnitSpec[]): Promise<Lab> {
  const exchange = new Exchange({ clock: systemClock });
  plugInSubscribers(exchange);
  const parts = specs.map((spec, index) => {
    const model = modelNamed(spec.model);
    const number = spec.number ?? `${5550101 + index}`;
    const { dialect } = model;
    const dce = dialect
      ? new Dce({ dialect, clock: systemClock, plugIn: (telephone) => exchange.plugIn(number, telephone) })
      : null;
    for (const name of spec.misbehave ?? []) dce?.afflict(makeMisbehaviour(name));
    // Odd profiles show after power-up only; hangs are cured by it.
    if (spec.misbehave) dce?.powerOn();
    const left = dce?.state.misbehaviours ?? [];
    for (const name of spec.misbehave ?? []) if (!left.includes(name)) dce?.afflict(makeMisbehaviour(name));
    const description = changed(spec.description ?? describeModel(model), spec.changes ?? {});
    const plugged = spec.plugged ?? true;
    return { description, dce, number, plugged, wantsTty: spec.tty ?? dce !== null };
  });
  const usbip = await startUsbipModems(parts, {
    attach: true,
    onProblem: (error) => guest.note(`plugging in: ${error}`),
  });
  guest.onEnd(() => usbip.stop());
  const units = parts.map(({ number, dce, wantsTty }, index) => new Unit(number, usbip.modems[index]!, dce, wantsTty));
  for (const [index, unit] of units.entries()) if (parts[index]!.plugged) await unit.ready(guest);
  guest.log.mark();
  return { exchange, units, usbip };
}
