/**
 * The modem in the box: several virtual modems in this process, joined by one telephone exchange, each listening on a control socket. They are on PTYs, registered where `detect` finds them, or on the USB bus,
 * where the kernel knows them.
 */
import { join } from 'node:path';
import { type Clock, systemClock } from '../core/clock.ts';
import { ModemctlError } from '../core/errors.ts';
import { makeOwnFolder } from '../core/runtime-folder.ts';
import { listVirtualModems, virtualRegistryFolder } from '../core/virtual-registry.ts';
import { type Libc, requireLibc } from '../native/libc.ts';
import { LineServer } from '../native/line-server.ts';
import { Exchange } from './exchange/exchange.ts';
import { plugInSubscribers } from './exchange/subscribers.ts';
import { PtyFace } from './faces/pty.ts';
import { UsbipFace } from './faces/usbip/usbip-face.ts';
import { startUsbipModems, type UsbipModems } from './faces/usbip/usbip-modems.ts';
import { modelNamed } from './models/index.ts';
import type { ModemModel } from './models/model.ts';
import { describeModel } from './usb/layouts.ts';
import { VirtualModem } from './virtual-modem.ts';

export interface VirtualModemsOptions {
  /** Model ids, one for each modem. */
  readonly models: readonly string[];
  /** Telephone numbers, in the order of the models; those missing are 5550101, 5550102 ... Models without a controller take none. */
  readonly numbers?: readonly string[];
  /** `[MODEM:]NAME[=VALUE]`; MODEM is a name or a model id, and without it all are meant. */
  readonly misbehave?: readonly string[];
  /** Names, in the order of the models; those missing are made of the model's id. */
  readonly names?: readonly string[];
  /** Serve them as USB devices over USB/IP instead of on PTYs. */
  readonly usb?: UsbOptions | undefined;
  readonly env?: NodeJS.ProcessEnv;
  readonly clock?: Clock;
  /** How long two modems take from answer to CONNECT; real ones need up to 30 s. */
  readonly trainMs?: number;
}

export interface UsbOptions {
  /** TCP port on 127.0.0.1; a free one by default. */
  readonly port?: number | undefined;
  /** Plug them into this machine's own kernel (root). */
  readonly attach: boolean;
  /** Plugging in again, after a modem came back by itself, failed. */
  readonly onProblem?: (error: unknown) => void;
}

export interface VirtualModems {
  /** The TCP port of USB/IP; null on PTYs. */
  readonly usbipPort: number | null;
  readonly modems: readonly VirtualModem[];
  readonly exchange: Exchange;
  /** Resolves when somebody asks over a control socket that all be ended; the caller then stops. */
  readonly quit: Promise<void>;
  /** Unplugs all and takes files and sockets away. Safe to call twice. */
  stop(): Promise<void>;
}

const FIRST_NUMBER = 5550101;
const MAX_NAMES = 1000;

/**
 * Starts virtual modems.
 * @throws ModemctlError USAGE, DENIED, IN_USE; HELPER where koffi is missing, or for USB the kernel's vhci-hcd
 */
export async function startVirtualModems(options: VirtualModemsOptions): Promise<VirtualModems> {
  const models = options.models.map((id) => modelNamed(id));
  if (models.length === 0) throw new ModemctlError('USAGE', 'no model was named');
  const clock = options.clock ?? systemClock;
  const libc = options.usb ? null : await requireLibc('virtual modems need');
  const folder = virtualRegistryFolder(options.env);
  makeOwnFolder(folder);
  const exchange = new Exchange(options.trainMs === undefined ? { clock } : { clock, trainMs: options.trainMs });
  plugInSubscribers(exchange);
  let askToQuit = () => {};
  const quit = new Promise<void>((resolve) => {
    askToQuit = resolve;
  });
  const started: { modem: VirtualModem; socket: LineServer }[] = [];
  let bus: UsbipModems | null = null;
  const stop = async () => {
    await bus?.stop();
    bus = null;
    for (const { modem, socket } of started.splice(0)) {
      await modem.close();
      await socket.close();
    }
  };
  const numbers = assignNumbers(models, options.numbers ?? [], exchange);
  const shared = { exchange, clock, folder, registers: !options.usb, quit: askToQuit };
  try {
    for (const [index, model] of models.entries()) {
      started.push(await startOne(model, options.names?.[index], numbers[index] ?? null, shared));
    }
    const modems = started.map(({ modem }) => modem);
    for (const spec of options.misbehave ?? []) misbehave(modems, spec);
    if (libc) plugIntoPtys(modems, libc, clock);
    else bus = await plugIntoUsb(modems, options.usb ?? { attach: false });
    for (const modem of modems) modem.register();
    return { modems, exchange, quit, stop, usbipPort: bus?.port ?? null };
  } catch (error) {
    await stop();
    throw error;
  }
}

function plugIntoPtys(modems: readonly VirtualModem[], libc: Libc, clock: Clock): void {
  for (const modem of modems) {
    if (modem.dce) modem.plugInto(new PtyFace(libc, clock, modem.dce, () => modem.register()));
  }
}

async function plugIntoUsb(modems: readonly VirtualModem[], usb: UsbOptions): Promise<UsbipModems> {
  const specs = modems.map(({ dce, model }) => ({ dce, description: describeModel(model) }));
  const { port, attach, onProblem } = usb;
  const bus = await startUsbipModems(specs, {
    attach,
    ...(port === undefined ? {} : { port }),
    ...(onProblem ? { onProblem } : {}),
  });
  for (const [index, modem] of modems.entries()) modem.plugInto(new UsbipFace(bus.modems[index]!));
  return bus;
}

interface Shared {
  readonly exchange: Exchange;
  readonly clock: Clock;
  /** Where the control sockets are. */
  readonly folder: string;
  /** Whether `detect` is to find them there. */
  readonly registers: boolean;
  readonly quit: () => void;
}

/** Claims a name by listening on its control socket, which only one process can. */
async function startOne(model: ModemModel, wanted: string | undefined, number: string | null, shared: Shared) {
  if (wanted !== undefined && !/^[a-z0-9][a-z0-9-]{0,40}$/.test(wanted)) {
    throw new ModemctlError('USAGE', `${JSON.stringify(wanted)} is not a name: lower-case letters, digits and dashes`);
  }
  const base = wanted ?? model.id;
  const taken = new Set(listVirtualModems(shared.folder).map((registration) => registration.name));
  for (let count = 1; count <= MAX_NAMES; count++) {
    const name = count === 1 ? base : `${base}-${count}`;
    if (taken.has(name)) continue;
    let modem: VirtualModem | null = null;
    const control = join(shared.folder, `${name}.sock`);
    const socket = await LineServer.listen(control, (request) => {
      if (!modem) throw new ModemctlError('IN_USE', `${name} is being started`);
      return modem.perform(request);
    });
    if (!socket) continue;
    try {
      modem = new VirtualModem({
        ...shared,
        name,
        model,
        number,
        control,
        folder: shared.registers ? shared.folder : null,
      });
    } catch (error) {
      await socket.close();
      throw error;
    }
    // Now, so that the next modem of this process does not take the name.
    modem.register();
    return { modem, socket };
  }
  throw new ModemctlError('IN_USE', `there are ${MAX_NAMES} virtual modems called ${base}`);
}

function assignNumbers(models: readonly ModemModel[], given: readonly string[], exchange: Exchange): (string | null)[] {
  const controlled = models.filter((model) => model.dialect);
  if (given.length > controlled.length) {
    throw new ModemctlError('USAGE', `${given.length} numbers for ${controlled.length} modems that can use one`);
  }
  const taken = new Set([...exchange.numbers, ...given]);
  let next = FIRST_NUMBER;
  const rest = [...given];
  return models.map((model) => {
    if (!model.dialect) return null;
    const mine = rest.shift();
    if (mine !== undefined) return mine;
    while (taken.has(String(next))) next++;
    taken.add(String(next));
    return String(next);
  });
}

function misbehave(modems: readonly VirtualModem[], spec: string): void {
  const match = /^([a-z0-9-]+):(.*)$/.exec(spec);
  const [target, name] = match ? [match[1] as string, match[2] as string] : [null, spec];
  const meant = modems.filter((modem) => target === null || modem.name === target || modem.model.id === target);
  const able = meant.filter((modem) => modem.dce);
  if (able.length === 0)
    throw new ModemctlError('USAGE', `${target ?? 'none of the modems'} is no modem that could misbehave`);
  for (const modem of able) modem.misbehave(name);
}
