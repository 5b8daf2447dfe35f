/** One virtual modem: its device, its face, its registration, and what may be asked of it over its control socket. */
import type { Clock } from '../core/clock.ts';
import { ModemctlError } from '../core/errors.ts';
import { removeVirtualModem, type VirtualRegistration, writeVirtualModem } from '../core/virtual-registry.ts';
import type { SocketRequest } from '../native/line-server.ts';
import { Dce } from './dce/dce.ts';
import type { Caller, Exchange, OutsideCall } from './exchange/exchange.ts';
import type { ModemFace } from './faces/face.ts';
import { makeMisbehaviour } from './misbehaviour/catalogue.ts';
import type { ModemModel } from './models/model.ts';

export interface VirtualModemParts {
  readonly name: string;
  readonly model: ModemModel;
  /** Null for a model without a controller. */
  readonly number: string | null;
  readonly exchange: Exchange;
  readonly clock: Clock;
  /** Where it is registered; null: nowhere, the kernel knows it as a USB device. */
  readonly folder: string | null;
  /** The path of its control socket. */
  readonly control: string;
  /** Somebody asked over the socket that all be ended. */
  readonly quit: () => void;
}

const hex4 = (id: number) => id.toString(16).padStart(4, '0');
/** Fields of a `ring` are cut to what a caller-ID message could carry, and some more for hostile callers. */
const MAX_CALLER_FIELD = 4096;

export class VirtualModem {
  readonly name: string;
  readonly model: ModemModel;
  readonly number: string | null;
  /** The control socket's path. */
  readonly control: string;
  /** The modem itself; null for a winmodem. */
  readonly dce: Dce | null;
  readonly #parts: VirtualModemParts;
  #face: ModemFace | null = null;
  /** Of one that has no face: a winmodem beside PTYs. */
  #isPlugged = true;
  #pluggings = 0;
  #isRegisteredAsPlugged = false;
  #outsideCall: OutsideCall | null = null;

  /** @throws ModemctlError USAGE, HELPER */
  constructor(parts: VirtualModemParts) {
    const { model, exchange, clock, number } = parts;
    this.#parts = parts;
    this.name = parts.name;
    this.model = model;
    this.number = number;
    this.control = parts.control;
    if (model.dialect && number !== null) {
      const callerName = this.name.toUpperCase();
      this.dce = new Dce({
        dialect: model.dialect,
        clock,
        date: exchange.date,
        plugIn: (telephone) => exchange.plugIn(number, telephone, callerName),
      });
    } else {
      this.dce = null;
    }
  }

  /** Plugs it into something, once. */
  plugInto(face: ModemFace): void {
    this.#face = face;
  }

  /** What a program opens now, or null. */
  get tty(): string | null {
    return this.#face?.tty ?? null;
  }

  /** Where it is on the USB bus, or null. */
  get portPath(): string | null {
    return this.#face?.portPath ?? null;
  }

  get plugged(): boolean {
    return this.#face ? this.#face.plugged : this.#isPlugged;
  }

  /** Writes its registration as things are now. */
  register(): void {
    const { folder } = this.#parts;
    if (folder === null) return;
    const { usb } = this.model;
    if (this.plugged && !this.#isRegisteredAsPlugged) this.#pluggings++;
    this.#isRegisteredAsPlugged = this.plugged;
    const registration: VirtualRegistration = {
      name: this.name,
      pid: process.pid,
      tty: this.tty,
      control: this.control,
      plugged: this.plugged,
      pluggings: this.#pluggings,
      vendorId: hex4(usb.vendorId),
      productId: hex4(usb.productId),
      manufacturer: usb.manufacturer?.text ?? null,
      product: usb.product?.text ?? null,
      serial: usb.serial?.text ?? null,
    };
    writeVirtualModem(registration, folder);
  }

  /** For good: the PTY goes, and the registration. */
  async close(): Promise<void> {
    await this.#face?.close();
    this.dce?.powerOff();
    if (this.#parts.folder !== null) removeVirtualModem(this.name, this.#parts.folder);
  }

  /**
   * Makes it misbehave as `NAME[=VALUE]` says, or with null behave.
   * @throws ModemctlError USAGE
   */
  misbehave(spec: string | null): void {
    const dce = this.#controlled();
    if (spec === null) dce.behave();
    else dce.afflict(makeMisbehaviour(spec));
  }

  /**
   * Does what a request on the control socket asks. Returns what is added to the reply.
   * @throws ModemctlError USAGE, GONE, IN_CALL
   */
  perform(request: SocketRequest): object | Promise<object> {
    switch (request.do) {
      case 'unplug':
        return this.#moved(() => this.#face?.unplug(), false);
      case 'plug':
      case 'power-cycle':
        return this.#moved(() => this.#face?.plug(), true);
      case 'replug':
        return this.#moved(() => this.#face?.replug(), true);
      case 'misbehave':
        this.misbehave(textField(request, 'name'));
        return {};
      case 'ring':
        return this.#ring(request);
      case 'stop-ringing':
        this.#outsideCall?.hangUp();
        this.#outsideCall = null;
        return {};
      case 'cut':
      case 'mend':
        this.#controlled();
        if (this.number !== null) this.#parts.exchange.setCut(this.number, request.do === 'cut');
        return {};
      case 'state':
        return {
          name: this.name,
          model: this.model.id,
          tty: this.tty,
          portPath: this.portPath,
          plugged: this.plugged,
          ...(this.dce ? this.dce.state : {}),
        };
      case 'quit':
        this.#parts.quit();
        return {};
      default:
        throw new ModemctlError('USAGE', 'unknown request', {
          hint: 'do: unplug, plug, replug, power-cycle, misbehave, ring, stop-ringing, cut, mend, state, quit',
        });
    }
  }

  async #moved(move: () => void | Promise<void>, plugged: boolean): Promise<object> {
    this.#isPlugged = plugged;
    try {
      await move();
    } finally {
      // Out and in again at one go is a plugging in too.
      this.#isRegisteredAsPlugged = false;
      this.register();
    }
    return { tty: this.tty, portPath: this.portPath };
  }

  #ring(request: SocketRequest): object {
    this.#controlled();
    const rings = request.rings ?? 4;
    if (typeof rings !== 'number' || !Number.isInteger(rings) || rings < 1 || rings > 1000) {
      throw new ModemctlError('USAGE', 'rings is a whole number from 1 to 1000');
    }
    const caller: Caller = { number: textField(request, 'from'), name: textField(request, 'name') };
    this.#outsideCall = this.#parts.exchange.ringFromOutside(this.number ?? '', caller, rings);
    if (!this.#outsideCall) throw new ModemctlError('IN_CALL', `${this.name} is engaged or its line is cut`);
    return {};
  }

  #controlled(): Dce {
    if (this.dce) return this.dce;
    throw new ModemctlError('UNUSABLE', `${this.name} has no controller`);
  }
}

/** A text field, or null where it is missing or null. */
function textField(request: SocketRequest, name: string): string | null {
  const value = request[name];
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' && value.length <= MAX_CALLER_FIELD) return value;
  throw new ModemctlError('USAGE', `${name} is a text of at most ${MAX_CALLER_FIELD} characters`);
}
