/** A Port that tells others what it carries, in the order it happened. */
import type { Circuits, Port } from './port.ts';

export interface PortObserver {
  sent(bytes: Uint8Array): void;
  received(bytes: Uint8Array): void;
  /** DTR was set, or could not be. */
  dtr(up: boolean, done: boolean): void;
  /** The circuits were looked at. */
  circuits?(circuits: Circuits): void;
  /** From here on another program has the tty. */
  handedOver(): void;
  closed(): void;
}

export class ObservedPort implements Port {
  readonly #port: Port;
  readonly #observers: readonly PortObserver[];

  constructor(port: Port, observers: readonly PortObserver[]) {
    this.#port = port;
    this.#observers = observers;
  }

  get path(): string {
    return this.#port.path;
  }

  get fd(): number | null {
    return this.#port.fd;
  }

  async read(max: number, signal?: AbortSignal): Promise<Uint8Array> {
    const bytes = await this.#port.read(max, signal);
    if (bytes.length > 0) for (const observer of this.#observers) observer.received(bytes);
    return bytes;
  }

  write(data: Uint8Array, { secret = false } = {}): Promise<void> {
    const shown = secret ? Buffer.alloc(data.length, '*') : data;
    for (const observer of this.#observers) observer.sent(shown);
    return this.#port.write(data);
  }

  async circuits(): Promise<Circuits | null> {
    const circuits = await this.#port.circuits();
    if (circuits) for (const observer of this.#observers) observer.circuits?.(circuits);
    return circuits;
  }

  async setDtr(up: boolean): Promise<boolean> {
    const done = await this.#port.setDtr(up);
    for (const observer of this.#observers) observer.dtr(up, done);
    return done;
  }

  keepLine(keeps: boolean): Promise<boolean> {
    return this.#port.keepLine(keeps);
  }

  sendBreak(): Promise<boolean> {
    return this.#port.sendBreak();
  }

  share(): Promise<void> {
    for (const observer of this.#observers) observer.handedOver();
    return this.#port.share();
  }

  close(): Promise<void> {
    for (const observer of this.#observers) observer.closed();
    return this.#port.close();
  }
}
